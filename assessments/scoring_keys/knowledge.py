"""What is known of a key's numbers and where from, and what is unknown of a questionnaire's scores. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from assessments.definition import Cutoff, Definition, Scale, text_for
from assessments.exceptions import UnknownScoringKey
from assessments.scoring_keys.applying import apply_key
from assessments.scoring_keys.keys import KeyScale, ScoringKey, scoring_key
from assessments.scoring_keys.matching import check_key

SIGNS = {"above": ">", "at_least": "≥", "below": "<", "at_most": "≤"}


class Fact(NamedTuple):
    """One number of a key's scale and its source; None where it is unknown.

    Where no rule for missing answers is known, every answer is needed: a choice of ours that has no source.
    """

    scale: str
    what: str
    value: str | None
    source: str | None


class Unknown(NamedTuple):
    """Something nobody has said; ``scale`` is its id, None for the whole questionnaire."""

    scale: str | None
    what: str


def key_of(definition: Definition) -> ScoringKey | None:
    """The key that a definition says it is scored by; None where it names none that is shipped."""
    try:
        return scoring_key(definition.scoring_key) if definition.scoring_key else None
    except UnknownScoringKey:
        return None


def unknowns(definition: Definition) -> tuple[Unknown, ...]:
    """What nobody has said about a questionnaire's scores and licence: to be shown beside them."""
    found = [Unknown(scale.id, what) for scale in definition.scales for what in _unknown_of(scale)]
    key = key_of(definition)
    if key is None:
        found.append(Unknown(None, "no scoring key: range, reversals and cut-offs are the questionnaire's own"))
        return tuple(found)
    if not _follows(definition, key):
        found.append(Unknown(None, f"whether it is still scored as {key.title} is: something was changed since"))
    if key.licence.status == "unknown":
        found.append(Unknown(None, "the licence: ask the holder of the rights before using it"))
    return tuple(found)


def facts_of(key: ScoringKey) -> tuple[Fact, ...]:
    """Every number of a key with its source, scale by scale, and what is unknown."""
    return tuple(fact for scale in key.scales for fact in _facts(key, scale))


def _follows(definition: Definition, key: ScoringKey) -> bool:
    match = check_key(definition, key)
    return match.usable and apply_key(definition, match) == definition


def _unknown_of(scale: Scale) -> list[str]:
    known = {
        "the error of measurement and a reliable change: no change category is computed": bool(
            scale.uncertainty or scale.reliable_change
        ),
        "a cut-off": bool(scale.cutoffs),
        "bands": bool(scale.bands),
        "norms": bool(scale.norms),
    }
    return [what for what, is_known in known.items() if not is_known]


def _facts(key: ScoringKey, scale: KeyScale) -> Iterator[Fact]:
    least, most = key.range_of(scale)
    yield Fact(scale.id, "range", f"{least:g}–{most:g}", scale.scoring)
    reversed_items = [item.number for item in key.items if item.reversed and item.number in key.items_of(scale)]
    yield Fact(scale.id, "reversed", ", ".join(map(str, reversed_items)) or "none", scale.scoring)
    needed = f"{scale.needed} of {len(key.items_of(scale))} answered" if scale.needed else "all answered"
    yield Fact(scale.id, "needed", needed, scale.missing)
    bands = ", ".join(f"{text_for(band.label, 'en')} from {band.at_least:g}" for band in scale.bands)
    yield Fact(scale.id, "bands", bands or None, scale.bands_source)
    yield from _cutoffs(scale)
    yield from _error(scale)
    if not scale.norms:
        yield Fact(scale.id, "norms", None, None)
    for norm in scale.norms:
        figures = f"{norm.group}: mean {norm.mean:g}, SD {norm.sd:g}"
        yield Fact(scale.id, "norms", figures, text_for(norm.source, "en"))


def _cutoffs(scale: KeyScale) -> Iterator[Fact]:
    if not scale.cutoffs:
        yield Fact(scale.id, "cut-off", None, None)
    for cutoff in scale.cutoffs:
        yield Fact(scale.id, "cut-off", _written(cutoff), text_for(cutoff.source, "en"))


def _written(cutoff: Cutoff) -> str:
    return f"{SIGNS[cutoff.comparison]} {cutoff.value:g}"


def _error(scale: KeyScale) -> Iterator[Fact]:
    error, change = scale.uncertainty, scale.reliable_change
    yield Fact(scale.id, "SEM", f"{error.sem:g}" if error else None, text_for(error.source, "en") if error else None)
    if change:
        yield Fact(scale.id, "reliable change", f"{change.points:g}", text_for(change.source, "en"))
    elif not error:
        yield Fact(scale.id, "reliable change", None, None)
