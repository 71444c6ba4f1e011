"""System checks: a mistake in ``settings.ASSESSMENTS`` is told at start-up."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

from assessments.conf import SETTING, conf, known_keys


@register("assessments")
def check_settings(**_: Any) -> list[CheckMessage]:
    """Unknown keys warn (``assessments.W001``).

    A catalog folder that isn't there is an error (``E001``); so is a ``MAY_AUTHOR`` that is no function (``E002``).
    """
    return [*_unknown_keys(), *_missing_folders(), *_uncallable_permission()]


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


def _uncallable_permission() -> list[CheckMessage]:
    path = conf().may_author
    try:
        asked = import_string(path)
    except ImportError:
        asked = None
    if callable(asked):
        return []
    return [
        Error(
            f"{SETTING}['MAY_AUTHOR'] names {path}, which is no function.",
            hint="Name one that takes a user and says whether they may write questionnaires: 'package.module.name'.",
            id="assessments.E002",
        )
    ]
