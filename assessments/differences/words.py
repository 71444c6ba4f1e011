"""The words for every field of a definition and for what stands in it."""

from collections.abc import Callable, Mapping
from types import NoneType
from typing import Any

from assessments.condition_words import COMPARISONS
from assessments.definition import Band, Coding, Cutoff
from assessments.definition.base import Strict

LABELS: Mapping[str, str] = {
    "advice": "advice",
    "at_least": "from",
    "at_most": "most answers that can be chosen",
    "at_or_above": "raised from",
    "bands": "bands",
    "codes": "codes",
    "coding": "code",
    "comparison": "side",
    "complete_pairs": "pairs that count only together",
    "copyright": "copyright",
    "cutoffs": "cut-offs",
    "declinable": "may be declined",
    "declined": "words for declining",
    "direction": "direction",
    "earliest": "earliest day",
    "exclusive": "excludes all other answers",
    "expected": "answer expected of whoever pays attention",
    "factor": "factor",
    "group": "group",
    "groups": "groups",
    "help": "help",
    "high": "words of the high end",
    "intro": "introduction",
    "kind": "kind",
    "label": "name",
    "languages": "languages",
    "latest": "latest day",
    "link_id": "name in the form it came from",
    "low": "words of the low end",
    "max_length": "longest answer",
    "maximum": "highest answer",
    "mean": "mean",
    "minimum": "lowest answer",
    "norms": "norms",
    "notice": "notice",
    "options": "set of answers",
    "origin": "where it came from",
    "pairs": "pairs",
    "period": "period asked about",
    "places": "decimal places",
    "points": "points",
    "population": "population",
    "prefix": "number shown before it",
    "private": "is private",
    "prorate": "computed with answers missing",
    "reliability": "reliability",
    "reliable_change": "published reliable change",
    "required": "must be answered",
    "score": "counts",
    "scoring_key": "scoring key",
    "sd": "SD",
    "sem": "standard error (SEM)",
    "sensitive": "is sensitive",
    "short": "one line only",
    "shuffle": "shuffled for each person",
    "size": "people",
    "slug": "name in addresses",
    "soft_when_declined": "declining is a soft signal",
    "source": "source",
    "step": "step",
    "text": "wording",
    "title": "title",
    "uncertainty": "what is known of its error",
    "unit": "unit",
    "value": "value",
    "visible_when": "shown when",
    "within": "inside the group",
}


def label(field: str) -> str:
    return LABELS.get(field, field.replace("_", " "))


def shown(value: Any) -> str:
    """Any value of a definition as words; nothing for None."""
    return next((form(value) for kind, form in _FORMS if isinstance(value, kind)), str(value))


def _texts(texts: Mapping[str, Any]) -> str:
    """A text in its only language needs no name before it."""
    only = next(iter(texts.values()), None) if len(texts) == 1 else None
    if isinstance(only, str):
        return only
    return "; ".join(f"{key}: {shown(part)}" for key, part in texts.items())


def _fields(model: Strict) -> str:
    given = ((name, part) for name, part in model if part is not None and part not in ((), {}))
    return "; ".join(f"{label(name)} {shown(part)}" for name, part in given)


def _coding(coding: Coding) -> str:
    return " ".join(filter(None, (coding.system, coding.code, coding.display)))


def _band(band: Band) -> str:
    return f"from {band.at_least:g} {shown(band.label)}"


def _cutoff(cutoff: Cutoff) -> str:
    return f"{COMPARISONS[cutoff.comparison]} {cutoff.value:g}, {shown(cutoff.label)} ({shown(cutoff.source)})"


_FORMS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (NoneType, lambda _: ""),
    (bool, lambda value: "yes" if value else "no"),
    (float, "{:g}".format),
    (Coding, _coding),
    (Band, _band),
    (Cutoff, _cutoff),
    (Strict, _fields),
    (Mapping, _texts),
    (list | tuple, lambda values: " · ".join(map(shown, values))),
)
