"""System checks: a mistake in ``settings.COUNSELING`` is told at start-up, not at three in the morning."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from counseling.conf import SETTING, Conf, keys


@register("counseling")
def check_settings(**_: Any) -> list[CheckMessage]:
    """Unknown keys warn (``counseling.W001``); missing or malformed secrets are errors (``counseling.E001``)."""
    return [*_unknown_keys(), *_broken_keys()]


@register("counseling")
def check_webhook_secret(**_: Any) -> list[CheckMessage]:
    """Where anymail is installed, a secret is required (``counseling.E002``): else anybody could post anything."""
    given = getattr(settings, "ANYMAIL", {}).get("WEBHOOK_SECRET") or getattr(settings, "ANYMAIL_WEBHOOK_SECRET", "")
    if given or not apps.is_installed("anymail"):
        return []
    return [
        Error(
            "ANYMAIL['WEBHOOK_SECRET'] is not set: anybody could tell this project what became of its emails.",
            hint="Set it to 'user:password', long and random, and put it into the webhook's address at the provider.",
            id="counseling.E002",
        )
    ]


def _unknown_keys() -> list[CheckMessage]:
    known = sorted(f.name.upper() for f in fields(Conf))
    given = getattr(settings, SETTING, {})
    return [
        Warning(
            f"{SETTING}[{key!r}] is not a setting of this app and has no effect.",
            hint=f"Known keys: {', '.join(known)}.",
            id="counseling.W001",
        )
        for key in sorted(set(given) - set(known))
    ]


def _broken_keys() -> list[CheckMessage]:
    try:
        keys()
    except ImproperlyConfigured as error:
        return [
            Error(
                str(error),
                hint="A key: python -c \"import base64,os;print('1:'+base64.b64encode(os.urandom(32)).decode())\"",
                id="counseling.E001",
            )
        ]
    return []
