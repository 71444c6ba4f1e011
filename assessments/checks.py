"""System checks: a mistake in ``settings.ASSESSMENTS`` is told at start-up."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from assessments.conf import SETTING, conf, known_keys


@register("assessments")
def check_settings(**_: Any) -> list[CheckMessage]:
    """Unknown keys warn (``assessments.W001``); a catalog folder that isn't there is an error (``E001``)."""
    return [*_unknown_keys(), *_missing_folders()]


def _unknown_keys() -> list[CheckMessage]:
    known = known_keys()
    return [
        Warning(
            f"{SETTING}[{key!r}] is not a setting of this app and has no effect.",
            hint=f"Known keys: {', '.join(sorted(known))}.",
            id="assessments.W001",
        )
        for key in sorted(set(getattr(settings, SETTING, {})) - known)
    ]


def _missing_folders() -> list[CheckMessage]:
    return [
        Error(
            f"{SETTING}['CATALOG_DIRS'] names {folder}, which is not a folder.",
            hint="Create it or remove the entry.",
            id="assessments.E001",
        )
        for folder in conf().catalog_dirs
        if not folder.is_dir()
    ]
