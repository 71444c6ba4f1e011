"""AES-256-GCM for single values, bound to their place: a value moved to another row or field does not open.

Stored form: ``v1:<key id>:<base64 of nonce + ciphertext + tag>``. The associated data is the place's name, so swapping
two rows' ciphertexts, or two fields', is detected rather than read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from counseling.conf import keys
from counseling.exceptions import CiphertextInvalid, KeyMissing

PREFIX = "v1:"
NONCE_BYTES = 12


def encrypt(plaintext: str, *, place: str) -> str:
    """Encrypt under the newest key. ``place`` is ``app.model.pk.field`` and must be the same to decrypt."""
    key_id, key = next(iter(keys().fields.items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plaintext.encode(), place.encode())
    return f"{PREFIX}{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, *, place: str) -> str:
    """Open a stored value. Raises `KeyMissing` for an unknown key id, `CiphertextInvalid` when altered or moved."""
    if not stored.startswith(PREFIX):
        raise CiphertextInvalid(f"{place} does not hold an encrypted value")
    key_id, _, body = stored.removeprefix(PREFIX).partition(":")
    key = keys().fields.get(key_id)
    if key is None:
        raise KeyMissing(f"{place} was encrypted with key {key_id!r}, which is not configured")
    try:
        raw = base64.b64decode(body, validate=True)
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CiphertextInvalid(f"{place} cannot be decrypted: altered, or moved from elsewhere") from error


def key_id_of(stored: str) -> str:
    """The id of the key a stored value was written with."""
    return stored.removeprefix(PREFIX).partition(":")[0]


def blind_index(value: str) -> str:
    """Keyed hash for exact look-up of an encrypted value; case and surrounding space do not matter."""
    return hmac.new(keys().index, value.strip().casefold().encode(), hashlib.sha256).hexdigest()
