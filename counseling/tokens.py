"""The secrets in emailed links: derived, so that a retry writes the same link, and stored only as a digest.

Pure: keys come in as a mapping from key id to 32 secret bytes, newest first. The nonce is the row's own random text.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from uuid import UUID

from counseling.exceptions import KeyMissing, LinkUnusable

LINK = b"counseling: link to one form"
STOP = b"counseling: stop writing to me"
REF = b"counseling: name of a form in a clean address"
MAC_BYTES = 32
ID_BYTES = 16


def link_token(keys: Mapping[str, bytes], key_id: str, *, follow_up: UUID, nonce: str) -> str:
    """The 256 bit capability for one form, base64url without padding (43 characters).

    Raises `KeyMissing` when this installation does not have the key that the row names.
    """
    if key_id not in keys:
        raise KeyMissing(f"link key {key_id!r} is not among the configured ones")
    return _text(_mac(keys[key_id], LINK, follow_up.bytes, nonce.encode()))


def token_digest(token: str) -> str:
    """What is stored and looked up: SHA-256 as 64 hex digits. Only who holds the token can present it."""
    return hashlib.sha256(token.encode()).hexdigest()


def short_ref(digest: str) -> str:
    """16 characters (96 bits) that name the form in its clean address and open nothing."""
    return _text(hashlib.sha256(REF + digest.encode()).digest())[:16]


def matches(token: str, digest: str) -> bool:
    """Whether the token is the one behind the stored digest; the time taken tells nothing about either."""
    return hmac.compare_digest(token_digest(token), digest)


def stop_token(keys: Mapping[str, bytes], *, about: UUID) -> str:
    """A signed statement "stop writing about this row", valid for as long as its key is kept (64 characters).

    It is derived apart from the form's link: whoever may stop the emails cannot thereby open the form.
    Raises `KeyMissing` when there is no key at all.
    """
    if not keys:
        raise KeyMissing("there is no key to sign a stop link with")
    newest = next(iter(keys.values()))
    return _text(about.bytes + _mac(newest, STOP, about.bytes))


def read_stop_token(keys: Mapping[str, bytes], token: str) -> UUID:
    """The row a stop link is about. Raises `LinkUnusable` unless one of the keys signed exactly this."""
    signed = _bytes(token)
    about, mac = signed[:ID_BYTES], signed[ID_BYTES:]
    genuine = [hmac.compare_digest(_mac(key, STOP, about), mac) for key in keys.values()]
    if not any(genuine) or _text(signed) != token:
        raise LinkUnusable("not a stop link of this installation")
    return UUID(bytes=about)


def _mac(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA256 over the parts, each with its length before it, so that no two lists of parts read the same."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.digest(key, message, "sha256")


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """The bytes behind base64url text, nothing when it is none."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
