"""System checks: a mistake in ``settings.COUNSELING`` is told at start-up, not at three in the morning."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from counseling.conf import SETTING, Conf, keys


@register("counseling")
def check_settings(**_: Any) -> list[CheckMessage]:
    """Unknown keys warn (``counseling.W001``); missing or malformed secrets are errors (``counseling.E001``)."""
    return [*_unknown_keys(), *_broken_keys()]


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
