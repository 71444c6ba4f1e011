"""The texts, languages and origin of the questionnaire as a whole."""

from collections.abc import Iterator

from assessments.differences.base import Area, Difference, Effect, Versions
from assessments.differences.fields import differing

_ELSEWHERE = frozenset({"option_sets", "groups", "blocks", "scales", "mirrors", "alerts", "privacy"})
"""What has a module of its own."""
_ASKED = frozenset({"period", "declined"})


def in_whole(versions: Versions) -> Iterator[Difference]:
    asking: Effect = "asking" if versions.scored else "none"

    def effect(field: str) -> Effect:
        return asking if field in _ASKED else "none"

    old, new = versions.old, versions.new
    yield from differing("Questionnaire", Area.WHOLE, old, new, effect=effect, leaving=_ELSEWHERE)
