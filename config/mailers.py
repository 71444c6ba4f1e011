"""Outgoing mail settings in the shape the running Django reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import django

SMTP = "django.core.mail.backends.smtp.EmailBackend"

# Option of a mailer (Django 6.1) -> setting of the same meaning (Django 5.2).
_SETTING_OF_OPTION = {
    "host": "EMAIL_HOST",
    "port": "EMAIL_PORT",
    "username": "EMAIL_HOST_USER",
    "password": "EMAIL_HOST_PASSWORD",
    "use_tls": "EMAIL_USE_TLS",
    "use_ssl": "EMAIL_USE_SSL",
    "timeout": "EMAIL_TIMEOUT",
}


def mail_settings(backend: str = SMTP, **options: Any) -> dict[str, Any]:
    """Return ``MAILERS`` on Django 6.1 and later, where ``EMAIL_*`` is deprecated, and ``EMAIL_*`` before it."""
    if django.VERSION >= (6, 1):
        return {"MAILERS": {"default": {"BACKEND": backend, "OPTIONS": options}}}
    return {"EMAIL_BACKEND": backend} | {_SETTING_OF_OPTION[name]: value for name, value in options.items()}


# Scheme of an address -> port, when it names none, and how the connection is secured.
_SCHEMES: dict[str, tuple[int, dict[str, Any]]] = {
    "submission": (587, {"use_tls": True}),
    "smtps": (465, {"use_ssl": True}),
    "smtp": (25, {}),
}
PROVIDER = "anymail"
SCHEMES = frozenset({*_SCHEMES, PROVIDER})


def settings_from_url(url: str) -> dict[str, Any]:
    """The settings behind ``submission://user:password@host``, or ``anymail://postmark`` for a provider's own API."""
    if name := provider_of(url):
        return mail_settings(f"anymail.backends.{name}.EmailBackend")
    return mail_settings(**options_from_url(url))


def provider_of(url: str) -> str:
    """The provider's name in django-anymail, empty when the address is an SMTP server's."""
    parts = urlsplit(url)
    return parts.netloc if parts.scheme == PROVIDER else ""


def anymail_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """django-anymail's settings: every variable ``ANYMAIL_<NAME>`` as ``ANYMAIL["<NAME>"]``."""
    prefix = f"{PROVIDER.upper()}_"
    return {name.removeprefix(prefix): value for name, value in environment.items() if name.startswith(prefix)}


def options_from_url(url: str) -> dict[str, Any]:
    """Turn ``submission://user:password@host`` into a mailer's options. Raises `KeyError` for other schemes."""
    parts = urlsplit(url)
    port, security = _SCHEMES[parts.scheme]
    login = {"username": unquote(parts.username or ""), "password": unquote(parts.password or "")}
    given = {option: value for option, value in login.items() if value}
    return {"host": parts.hostname, "port": parts.port or port, "timeout": 30, **given, **security}
