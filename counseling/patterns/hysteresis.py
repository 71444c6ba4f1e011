"""From probabilities to levels and events: easily raised and slowly let go, so that no finding flickers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from counseling.patterns.base import Event, EventKind, History, Level, Step
from counseling.patterns.thresholds import Rule


def levels(judged: Iterable[tuple[float, Rule]]) -> list[Level]:
    """The level after each (probability, rule), oldest first.

    Up at once: a signal from ``raise_at``, a pattern from ``confirm_at``. Down by steps: a pattern is a signal again
    below ``raise_at``, and a signal is gone after ``clear_waves`` waves in a row below ``clear_below``.
    """
    level, low, found = Level.NONE, 0, []
    for probability, rule in judged:
        low = low + 1 if probability < rule.clear_below else 0
        level = _next(level, probability, rule, gone=low >= rule.clear_waves)
        found.append(level)
    return found


def _next(level: Level, probability: float, rule: Rule, *, gone: bool) -> Level:
    if gone:
        return Level.NONE
    if probability >= rule.confirm_at:
        return Level.PATTERN
    if probability >= rule.raise_at:
        return max(level, Level.SIGNAL)
    return min(level, Level.SIGNAL)


def steps_at(
    history: History, positions: Sequence[int], probabilities: Sequence[float], after: Sequence[Level]
) -> tuple[Step, ...]:
    """One step per wave that had something to say."""
    waves = (history.waves[position] for position in positions)
    return tuple(
        Step(wave=wave.key, at=wave.answered_at(), probability=probability, level=level)
        for wave, probability, level in zip(waves, probabilities, after, strict=True)
    )


def events(steps: Sequence[Step]) -> tuple[Event, ...]:
    """What changed from step to step: raised (or reopened, once cleared), strengthened, weakened, cleared."""
    found: list[Event] = []
    before = Level.NONE
    for step in steps:
        kinds = _kinds(before, step.level, again=bool(found))
        found += [
            Event(kind=kind, wave=step.wave, at=step.at, probability=step.probability, level=step.level)
            for kind in kinds
        ]
        before = step.level
    return tuple(found)


def _kinds(before: Level, after: Level, *, again: bool) -> Iterator[EventKind]:
    if before == Level.NONE < after:
        yield "reopened" if again else "raised"
    if before < Level.PATTERN <= after:
        yield "strengthened"
    if before > after:
        yield "weakened" if after > Level.NONE else "cleared"
