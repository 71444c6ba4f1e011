"""Safety: a private answer above "never", a configured risk item, or a request to be contacted. One wave is enough.

No filter, no prorating, no probability, and nothing that data could clear: once raised, only a person lifts it. Reports
that are not valid count in full. Declining such a question, or sending it without an answer, is a soft signal where the
questionnaire says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from typing import NamedTuple

from assessments.alerts import SOFT, RaisedAlert, raised_among
from counseling.patterns.base import (
    Event,
    EventKind,
    History,
    Level,
    Member,
    NotComputed,
    PatternState,
    Report,
    Step,
    Wave,
)
from counseling.patterns.evidence import Json, summary
from counseling.patterns.thresholds import Thresholds

NAME = "safety"


class _Alarm(NamedTuple):
    """One answer that a person must look at, and where it was given."""

    raised: RaisedAlert
    wave: Wave
    report: Report

    @property
    def level(self) -> Level:
        return Level.SIGNAL if self.raised.kind in SOFT else Level.URGENT


def find(history: History, thresholds: Thresholds) -> tuple[PatternState, ...]:
    """One state for each member. The thresholds are only noted: an answer is above "never" or it is not."""
    return tuple(_state(history, member, thresholds) for member in history.members)


def _state(history: History, member: Member, thresholds: Thresholds) -> PatternState:
    answered = [(wave, report) for wave in history.waves if (report := wave.report(member)) is not None]
    alarms = [
        [_Alarm(raised, wave, report) for raised in raised_among(report.alerts, report.answers, report.left_open)]
        for wave, report in answered
    ]
    seen = [max((alarm.level for alarm in found), default=Level.NONE) for found in alarms]
    steps = tuple(
        Step(wave=wave.key, at=report.at, probability=None, level=level)
        for (wave, report), level in zip(answered, accumulate(seen, max), strict=True)
    )
    state = PatternState(
        pattern=NAME,
        subject=member,
        label=NAME,
        basis="one_view",
        steps=steps,
        events=_events(steps, seen),
        not_computed=tuple(row for wave in history.waves for row in _missing(wave, member)),
    )
    return state.with_evidence(_evidence(state, list(chain.from_iterable(alarms)), thresholds))


def _events(steps: Sequence[Step], seen: Sequence[Level]) -> tuple[Event, ...]:
    """Raised once, strengthened when it becomes urgent, raised again with each later urgent wave; never cleared."""
    before = [Level.NONE, *(step.level for step in steps)]
    return tuple(
        Event(kind=kind, wave=step.wave, at=step.at, probability=None, level=step.level)
        for step, level, stood in zip(steps, seen, before, strict=False)
        if (kind := _event_kind(stood, level)) is not None
    )


def _event_kind(stood: Level, level: Level) -> EventKind | None:
    if level > stood:
        return "raised" if stood is Level.NONE else "strengthened"
    return "reopened" if level is Level.URGENT else None


def _missing(wave: Wave, member: Member) -> Iterator[NotComputed]:
    """What this wave could not tell about safety, and why."""
    report = wave.report(member)
    if report is None:
        yield NotComputed(wave=wave.key, member=member, what=NAME, why="no_report")
    elif not report.alerts:
        yield NotComputed(wave=wave.key, member=member, what=NAME, why="not_asked")
    else:
        for alert in report.alerts:
            if alert.item not in report.answers:
                yield NotComputed(wave=wave.key, member=member, what=alert.item, why="not_answered")


def _evidence(state: PatternState, alarms: Sequence[_Alarm], thresholds: Thresholds) -> Json:
    return summary(state) | {
        "contact_requested": any(alarm.raised.kind == "contact_request" for alarm in alarms),
        "items": [
            {
                "kind": alarm.raised.kind,
                "item": alarm.raised.item,
                "answer": alarm.raised.value,
                "at": alarm.report.at.isoformat(),
                "wave": alarm.wave.key,
                "reference": alarm.report.reference,
            }
            for alarm in alarms
        ],
        "thresholds": {"digest": thresholds.digest()},
        "reasons": _reasons(state, alarms),
    }


def _reasons(state: PatternState, alarms: Sequence[_Alarm]) -> list[Json]:
    """One for every question that raised an alarm, as answered last, and how often; the urgent ones come first."""
    times = Counter((alarm.raised.kind, alarm.raised.item) for alarm in alarms)
    last = {(alarm.raised.kind, alarm.raised.item): alarm for alarm in alarms}
    reasons: list[Json] = [
        {
            "code": f"{kind}_answer",
            "subject": state.subject,
            "item": item,
            "answer": alarm.raised.value,
            "at": alarm.report.at.isoformat(),
            "times": times[kind, item],
        }
        for (kind, item), alarm in sorted(last.items(), key=lambda entry: -entry[1].level)
    ]
    return [*reasons, {"code": "only_a_person_lifts_it"}] if reasons else []
