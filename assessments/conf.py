"""The one settings dict of this app, ``ASSESSMENTS``, read lazily and typed.

Mistakes in it are found by ``assessments.checks``, so that a host project learns of them at start-up.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

SETTING = "ASSESSMENTS"
SHIPPED_CATALOG = Path(__file__).parent / "catalog"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conf:
    """Values of ``settings.ASSESSMENTS``; every key is a field here, in upper case there.

    ``catalog_dirs``: folders with a clinic's own definitions, loaded after the shipped catalog.
    ``may_author``: dotted path of a function that takes a user and says whether they may write questionnaires.
    ``form_style``: the static style sheet of the pages that clients answer on, for a preview to look the same.
    """

    catalog_dirs: tuple[Path, ...] = ()
    may_author: str = "assessments.permissions.holds_model_permissions"
    form_style: str = ""


@lru_cache(maxsize=1)
def conf() -> Conf:
    """The settings as they stand; unknown keys are ignored here and warned about by the system check."""
    given: dict[str, Any] = getattr(settings, SETTING, {})
    values = {key.lower(): value for key, value in given.items() if key in known_keys()}
    values["catalog_dirs"] = tuple(map(Path, values.get("catalog_dirs", ())))
    return Conf(**values)


def known_keys() -> frozenset[str]:
    return frozenset(field.name.upper() for field in fields(Conf))


def _forget(*, setting: str, **_: object) -> None:
    if setting == SETTING:
        conf.cache_clear()


setting_changed.connect(_forget)
