"""Builds histories from the few numbers a test is about; scores are given, answers follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from assessments.definition import Alert
from assessments.scoring import ScaleScore
from counseling.patterns.base import History, Member, PatternState, Report, Wave

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
FORTNIGHT = timedelta(days=14)
ALERTS = (
    Alert(item="fear", at_or_above=1, kind="safety", soft_when_declined=True),
    Alert(item="hurt", at_or_above=1, kind="safety", soft_when_declined=True),
    Alert(item="contact", at_or_above=1, kind="contact_request"),
)
CALM = {"fear": 0, "hurt": 0, "contact": 0}
SEM = {"need": 12.0, "blur": 9.0, "giving": 12.0, "receiving": 12.0}


def score(scale: str, value: float | None, *, sem: float | None = None, prorated: bool = False) -> ScaleScore:
    return ScaleScore(
        scale=scale, value=value, answered=4, total=4, prorated=prorated, sem=SEM.get(scale) if sem is None else sem
    )


def report(
    scores: Mapping[str, float | None] | None = None,
    answers: Mapping[str, Any] | None = None,
    *,
    at: datetime = START,
    valid: bool = True,
    alerts: tuple[Alert, ...] = ALERTS,
    left_open: frozenset[str] = frozenset(),
    reference: str = "",
) -> Report:
    return Report(
        at=at,
        answers=CALM | dict(answers or {}),
        scores={scale: score(scale, value) for scale, value in (scores or {}).items()},
        alerts=alerts,
        left_open=left_open,
        valid=valid,
        reference=reference,
    )


def wave(number: int, a: Report | None = None, b: Report | None = None) -> Wave:
    return Wave(key=f"w{number}", at=START + FORTNIGHT * (number - 1), a=a, b=b)


def history(*pairs: tuple[Report | None, Report | None]) -> History:
    return History(wave(number, a, b) for number, (a, b) in enumerate(pairs, 1))


def gap_report(gap: float, **rest: Any) -> Report:
    """A report of someone who says they give ``gap`` points more than they receive."""
    return report({"giving": 50 + gap / 2, "receiving": 50 - gap / 2}, **rest)


def couple(*gaps: tuple[float | None, float | None]) -> History:
    """Waves of (what a says, what b says) about their own gap; None is no report."""
    return history(*((None if a is None else gap_report(a), None if b is None else gap_report(b)) for a, b in gaps))


def sure(state: PatternState) -> float:
    """The probability of a state that has one."""
    assert state.probability is not None
    return state.probability


def codes(state: PatternState) -> list[str]:
    """The codes of the state's reasons, in order."""
    return [reason["code"] for reason in state.evidence["reasons"]]


def reason(state: PatternState, code: str) -> dict[str, Any]:
    """The state's first reason with that code."""
    return next(reason for reason in state.evidence["reasons"] if reason["code"] == code)


def swapped(value: Any) -> Any:
    """The same JSON with the two members exchanged everywhere."""
    names: dict[Any, Member] = {"a": "b", "b": "a"}
    if isinstance(value, dict):
        return {names.get(key, key): swapped(each) for key, each in value.items()}
    if isinstance(value, list):
        return [swapped(each) for each in value]
    return names.get(value, value) if isinstance(value, str) else value
