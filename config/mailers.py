"""Outgoing mail settings in the shape the running Django reads."""

from __future__ import annotations

from typing import Any

import dj_email_url
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


def options_from_url(url: str) -> dict[str, Any]:
    """Turn an ``EMAIL_URL`` into mailer options, leaving out what it does not give; 30 seconds to answer."""
    parsed = dj_email_url.parse(url)
    given = {option: parsed[name] for option, name in _SETTING_OF_OPTION.items() if parsed.get(name)}
    return {"timeout": 30, **given}
