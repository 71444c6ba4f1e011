"""The parts that every evidence snapshot is made of: JSON values, members as ``a`` and ``b``, no names, no text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from counseling.patterns.base import MEMBERS, Event, Level, Member, PatternState, Wave
from counseling.patterns.thresholds import Rule, Thresholds
from counseling.patterns.tracks import BAND_Z, Track, standard_error

Json = dict[str, Any]

NAMED_IN_A_SENTENCE = 3
"""So many answers are put into words; the table of items has all of them."""


def rounded(value: float) -> float:
    """A score or an estimate as shown: two decimals, and no negative zero."""
    return round(value, 2) + 0.0


def probable(probability: float) -> float:
    """A probability as stored: four decimals."""
    return round(probability, 4)


def banded(value: float, deviation: float) -> Json:
    """A value with its band, X ± 1.96 standard errors."""
    return {
        "value": rounded(value),
        "low": rounded(value - BAND_Z * deviation),
        "high": rounded(value + BAND_Z * deviation),
    }


def score_rows(wave: Wave, scales: Iterable[str], thresholds: Thresholds) -> list[Json]:
    """Each valid report's scores of that wave with their bands."""
    return [
        {"member": member, "scale": scale}
        | banded(score.value, sem := standard_error(report, scale, thresholds))
        | {"sem": sem, "prorated": score.prorated, "reference": report.reference}
        for scale in scales
        for member in MEMBERS
        if (report := wave.valid_report(member)) is not None
        and (score := report.scores.get(scale)) is not None
        and score.value is not None
    ]


def answer_row(wave: Wave, items: Mapping[Member, str], *, about: Member | None = None) -> Json:
    """One question as each of the two was asked it, and what they answered.

    ``about``: whose doing it is, where the two items are mirror images. A member without an answer is left out;
    None is "prefer not to say".
    """
    answers = {
        member: report.answers[item]
        for member, item in items.items()
        if (report := wave.valid_report(member)) is not None and item in report.answers
    }
    return {"about": about, "items": dict(items), "answers": answers}


def estimated(name: str, track: Track, position: int, size: float) -> Json:
    """One tracked quantity after that wave: estimate with band, the size that matters, and how sure."""
    return {
        "quantity": name,
        **banded(track.means[position], track.deviations[position]),
        "size": size,
        "probability": probable(track.probability_above(size, position)),
    }


def path(state: PatternState, waves: Sequence[Wave], track: Track) -> list[Json]:
    """The quantity over the waves that had something to say."""
    return [
        {
            "wave": step.wave,
            "number": position + 1,
            "at": waves[position].at.isoformat(),
            **banded(track.means[position], track.deviations[position]),
            "probability": None if step.probability is None else probable(step.probability),
            "level": step.level.code,
            "reporters": list(track.reporters[position]),
        }
        for position, step in zip(track.waves_seen, state.steps, strict=True)
    ]


def clearing(track: Track, position: int, rule: Rule) -> Json:
    """What would clear it: the estimate to stay below, and for how many waves."""
    return {
        "quantity": rule.quantity,
        "estimate_below": rounded(track.clears_below(rule, position)),
        "probability_below": rule.clear_below,
        "waves": rule.clear_waves,
    }


def judged_with(thresholds: Thresholds, section: str) -> Json:
    """The numbers that were used."""
    return {
        "digest": thresholds.digest(),
        section: getattr(thresholds, section).model_dump(mode="json"),
        "tracking": thresholds.tracking.model_dump(mode="json"),
    }


def summary(state: PatternState) -> Json:
    """What every snapshot begins with."""
    return {
        "pattern": state.pattern,
        "subject": state.subject,
        "label": state.label,
        "level": state.level.code,
        "basis": state.basis,
        "probability": None if state.probability is None else probable(state.probability),
        "not_computed": [
            {"wave": row.wave, "member": row.member, "what": row.what, "why": row.why} for row in state.not_computed
        ],
    }


def how_sure(state: PatternState, waves: Sequence[Wave], rule: Rule) -> list[Json]:
    """The reasons that say how sure, and since which wave; for what does not stand, only how far from it."""
    if state.level is Level.NONE:
        return [{"code": "not_raised", "probability": state.probability, "raise_at": rule.raise_at}]
    return [{"code": "how_sure", "probability": state.probability}, *_since(state.events, waves)]


def trend(path: Sequence[Json]) -> list[Json]:
    """The reason that says where the estimate came from, once there are two waves to compare."""
    if len(path) < 2:
        return []
    return [{"code": "trend", "first": path[0]["value"], "last": path[-1]["value"], "waves": len(path)}]


def _since(events: Iterable[Event], waves: Sequence[Wave]) -> list[Json]:
    raised = [event.wave for event in events if event.kind in {"raised", "reopened"}]
    return [
        {"code": "since", "number": number, "at": wave.at.isoformat()}
        for number, wave in enumerate(waves, 1)
        if wave.key == raised[-1]
    ]
