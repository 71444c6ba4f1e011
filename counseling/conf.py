"""The one settings dict of this app, ``COUNSELING``, read lazily and typed.

Unknown keys and missing secrets are found by `counseling.checks`, so that a host project learns of a mistake at
start-up.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

SETTING = "COUNSELING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conf:
    """Values of ``settings.COUNSELING``; every key is a field here, in upper case there.

    Keys are written ``"id:base64"`` (32 random bytes), newest first: the first one encrypts or signs, the others only
    read what they once wrote. ``export_guard`` names a view decorator (``package.module.name``) that makes people prove
    again who they are before a file leaves the clinic.
    """

    field_keys: tuple[str, ...] = ()
    token_keys: tuple[str, ...] = ()
    index_key: str = ""
    public_url: str = "http://localhost:8000"
    from_email: str = "follow-up@localhost"
    lease_seconds: int = 60
    claim_batch: int = 100
    handoff_minutes: int = 30
    send_timeout_seconds: int = 600
    smtp_connections: int = 16
    spacing_hours: int = 4
    domain_per_minute: int = 0
    alarm_silence_minutes: int = 5
    alarm_late_minutes: int = 15
    export_guard: str = ""


def key_ring(entries: tuple[str, ...]) -> dict[str, bytes]:
    """Parse ``"id:base64"`` entries, order kept. Raises `ImproperlyConfigured` naming the entry, never its secret."""
    ring: dict[str, bytes] = {}
    for position, entry in enumerate(entries):
        key_id, _, encoded = entry.partition(":")
        try:
            secret = base64.b64decode(encoded, validate=True)
        except ValueError:
            secret = b""
        if not key_id or len(secret) != 32 or key_id in ring:
            raise ImproperlyConfigured(
                f"{SETTING}: key number {position + 1} must read 'id:base64 of 32 bytes' with an id of its own"
            )
        ring[key_id] = secret
    return ring


@dataclass(frozen=True, slots=True)
class Keys:
    """The parsed key material: encryption of fields, link tokens, and the blind index."""

    fields: dict[str, bytes] = field(repr=False)
    tokens: dict[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)


@lru_cache(maxsize=1)
def conf() -> Conf:
    """The settings as they stand; unknown keys are ignored here and warned about by the system check."""
    given: dict[str, Any] = getattr(settings, SETTING, {})
    known = {f.name for f in fields(Conf)}
    values = {key.lower(): value for key, value in given.items() if key.lower() in known}
    for name in ("field_keys", "token_keys"):
        values[name] = tuple(values.get(name, ()))
    return Conf(**values)


@lru_cache(maxsize=1)
def keys() -> Keys:
    """The key material; raises `ImproperlyConfigured` when any is missing, so that nothing is stored in clear."""
    current = conf()
    if not (current.field_keys and current.token_keys and current.index_key):
        raise ImproperlyConfigured(f"{SETTING} needs FIELD_KEYS, TOKEN_KEYS and INDEX_KEY")
    index = key_ring((f"index:{current.index_key}",))["index"]
    return Keys(fields=key_ring(current.field_keys), tokens=key_ring(current.token_keys), index=index)


def _forget(*, setting: str, **_: object) -> None:
    if setting == SETTING:
        conf.cache_clear()
        keys.cache_clear()


setting_changed.connect(_forget)
