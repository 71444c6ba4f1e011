"""Reads production's environment variables so that one start tells everything that is missing or wrong."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError, ValidationError

from config.mailers import SCHEMES, provider_of
from counseling.conf import key_ring

WEBHOOK_SECRET_LENGTH = 20
SECRET_KEY_LENGTH = 50  # what Django's own deployment check asks for


def refuse_incomplete(env: Env) -> None:
    """Raise one `ImproperlyConfigured` naming every variable that is missing or invalid, and none of their values."""
    try:
        env.seal()
    except EnvValidationError as error:
        faults: dict[str, list[str]] = {**error.error_messages}  # type: ignore[dict-item]
        lines = [f"  {name}: {' '.join(messages)}" for name, messages in sorted(faults.items())]
        raise ImproperlyConfigured("\n".join(["Production cannot start. Set these variables:", *lines])) from None


def given(value: Any) -> None:
    if not value:
        raise ValidationError("Must not be empty.")


def long_secret(value: str) -> None:
    if len(value) < SECRET_KEY_LENGTH:
        raise ValidationError(f"Must have at least {SECRET_KEY_LENGTH} characters.")


def https_url(value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.path not in {"", "/"}:
        raise ValidationError("Must be an https:// address without a path.")


def postgresql_url(value: str) -> None:
    if urlsplit(value).scheme not in {"postgres", "postgresql"}:
        raise ValidationError("Must be a postgresql:// address.")


def redis_url(value: str) -> None:
    if urlsplit(value).scheme not in {"redis", "rediss"}:
        raise ValidationError("Must be a redis:// or rediss:// address.")


def mail_url(value: str) -> None:
    """``submission://`` is SMTP with STARTTLS, ``smtps://`` with TLS from the start, ``smtp://`` unencrypted.

    ``anymail://postmark`` is a provider's API, by the name that django-anymail has for it.
    """
    parts = urlsplit(value)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValidationError("Must be a submission://, smtps://, smtp:// or anymail:// address.")
    if name := provider_of(value):
        provider(name)


def provider(value: str) -> None:
    """A provider that django-anymail knows; empty for none."""
    if not value:
        return
    if find_spec("anymail") is None:
        raise ValidationError("Needs django-anymail: install the [anymail] extra.")
    if not value.isidentifier() or find_spec(f"anymail.backends.{value}") is None:
        raise ValidationError("Must be a provider's name as django-anymail writes it, like postmark or amazon_ses.")


def webhook_secret(value: str) -> None:
    user, _, password = value.partition(":")
    if not user or len(password) < WEBHOOK_SECRET_LENGTH:
        raise ValidationError(f"Must be user:password, the password of at least {WEBHOOK_SECRET_LENGTH} characters.")


def key_entries(value: list[str]) -> None:
    given(value)
    try:
        key_ring(tuple(value))
    except ImproperlyConfigured:
        raise ValidationError("Must be 'id:base64 of 32 bytes' entries, each id once, newest first.") from None


def single_key(value: str) -> None:
    try:
        key_ring((f"key:{value}",))
    except ImproperlyConfigured:
        raise ValidationError("Must be base64 of 32 bytes.") from None


def pooled_database(url: str, *, size: int) -> dict[str, Any]:
    """PostgreSQL through psycopg's pool: ``size`` connections per process at most, each checked before use."""
    config: dict[str, Any] = {**dj_database_url.parse(url, conn_health_checks=True)}
    config["OPTIONS"] = {**config.get("OPTIONS", {}), "pool": {"min_size": 1, "max_size": size, "timeout": 10}}
    return config
