"""Findings follow the data: raised, strengthened, weakened, cleared, raised again. What people decided is respected.

The patterns are evaluated over the whole history each time, so the outcome depends neither on the order in which
answers arrive nor on how often this runs.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from counseling.actions.base import action, move, record
from counseling.actions.thresholds import current_thresholds
from counseling.enums import FindingEventKind, FindingStatus, Pattern, Strength
from counseling.models import Case, Finding, FindingEvent, ThresholdSet
from counseling.queries.history import case_history
from counseling.transitions import FINDING

if TYPE_CHECKING:
    from counseling.patterns.base import PatternState

STRENGTHS = {1: Strength.SIGNAL, 2: Strength.PATTERN, 3: Strength.URGENT}
CLEARABLE = (FindingStatus.OPEN, FindingStatus.IN_REVIEW, FindingStatus.WATCHING)
CROSSINGS = {"raised", "reopened"}


@action
def evaluate_case(case: Case, *, now: datetime) -> list[Finding]:
    """Bring the case's findings in line with all its answers; the findings that changed.

    The case is locked, so that of two partners submitting at once the second sees the first's answers. Repeating it
    without new answers changes nothing.
    """
    from counseling.patterns.evaluate import evaluate
    from counseling.patterns.thresholds import Thresholds

    case = Case.objects.with_people().select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    thresholds = current_thresholds(case.clinic_id, now=now)
    states = evaluate(case_history(case), Thresholds.from_json(thresholds.values))
    known = {(finding.pattern, finding.subject_id): finding for finding in case.findings.all()}
    changed = []
    for state in states:
        subject = case.members["ab".index(state.subject)]
        finding = known.pop((state.pattern, subject.pk), None)
        changed.append(_follow(finding, state, case=case, subject_id=subject.pk, thresholds=thresholds, now=now))
    changed += [_clear(finding, None, thresholds=thresholds, now=now) for finding in known.values()]
    return [finding for finding in changed if finding is not None]


def _follow(
    finding: Finding | None,
    state: PatternState,
    *,
    case: Case,
    subject_id: Any,
    thresholds: ThresholdSet,
    now: datetime,
) -> Finding | None:
    if not state.level:
        return _clear(finding, state, thresholds=thresholds, now=now) if finding is not None else None
    if finding is None:
        return _raise(state, case=case, subject_id=subject_id, thresholds=thresholds, now=now)
    if _reopens(finding, state):
        return _reopen(finding, state, thresholds=thresholds, now=now)
    return _refresh(finding, state, thresholds=thresholds, now=now)


def _raise(state: PatternState, *, case: Case, subject_id: Any, thresholds: ThresholdSet, now: datetime) -> Finding:
    finding = Finding.objects.create(
        clinic_id=case.clinic_id,
        case=case,
        pattern=Pattern(state.pattern),
        subject_id=subject_id,
        raised_at=now,
        **_reading(state, thresholds, now),
    )
    _note(finding, FindingEventKind.RAISED, now=now)
    return finding


def _reopen(finding: Finding, state: PatternState, *, thresholds: ThresholdSet, now: datetime) -> Finding:
    fresh = {"decided_at": None, "decided_by": None, "watch_until": None, "cleared_at": None, "raised_at": now}
    move(finding, FindingStatus.OPEN, table=FINDING, **fresh, **_reading(state, thresholds, now))
    _note(finding, FindingEventKind.REOPENED, now=now)
    return finding


def _refresh(finding: Finding, state: PatternState, *, thresholds: ThresholdSet, now: datetime) -> Finding | None:
    """Bring the evidence up to date where it stands; nothing happens when nothing changed."""
    before = finding.strength
    reading = _reading(state, thresholds, now)
    same = (finding.strength, finding.evidence) == (reading["strength"], reading["evidence"])
    if same and finding.thresholds_id == thresholds.pk:
        return None
    _write(finding, reading)
    if finding.strength != before:
        grew = finding.strength != Strength.SIGNAL
        _note(finding, FindingEventKind.STRENGTHENED if grew else FindingEventKind.WEAKENED, now=now)
    return finding


def _clear(finding: Finding, state: PatternState | None, *, thresholds: ThresholdSet, now: datetime) -> Finding | None:
    """The data no longer show it. Safety stays until a person signs it off; so does what a person decided."""
    if finding.pattern == Pattern.SAFETY or finding.status not in CLEARABLE:
        return None
    fresh = {"claimed_at": None, "claimed_by": None, "decided_at": None, "decided_by": None, "watch_until": None}
    reading = {"thresholds": thresholds, "evaluated_at": now, "probability": state.probability if state else None}
    if state is not None:
        reading["evidence"] = state.evidence
    move(finding, FindingStatus.CLEARED, table=FINDING, cleared_at=now, **fresh, **reading)
    _note(finding, FindingEventKind.CLEARED, now=now)
    return finding


def _reopens(finding: Finding, state: PatternState) -> bool:
    """Whether the data crossed a threshold upwards after the finding was cleared, or since it was decided on.

    What crossed in a wave that the person already had before them is not news when its other report comes in later.
    """
    if finding.status == FindingStatus.CLEARED:
        return True
    if finding.decided_at is None:
        return False
    decided_on = _waves_in(finding.reviews.latest("at", "id").evidence)
    crossings = CROSSINGS if finding.status == FindingStatus.CONFIRMED else CROSSINGS | {"strengthened"}
    return any(event.kind in crossings and event.wave not in decided_on for event in state.events)


def _waves_in(evidence: dict[str, Any]) -> set[str]:
    """The waves an evidence snapshot rests on: its path, or for safety the answers themselves."""
    return {row["wave"] for row in evidence.get("path") or evidence.get("items", ())}


def _reading(state: PatternState, thresholds: ThresholdSet, now: datetime) -> dict[str, Any]:
    return {
        "strength": STRENGTHS[state.level],
        "probability": state.probability,
        "evidence": state.evidence,
        "thresholds": thresholds,
        "evaluated_at": now,
    }


def _write(finding: Finding, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(finding, name, value)
    finding.save(update_fields=list(values))


def _note(finding: Finding, kind: FindingEventKind, *, now: datetime) -> None:
    FindingEvent.objects.create(
        finding=finding,
        kind=kind,
        at=now,
        strength=finding.strength,
        probability=finding.probability,
        thresholds=finding.thresholds,
        evidence=finding.evidence,
    )
    record(f"finding.{kind}", finding, by=None, now=now, pattern=finding.pattern, strength=finding.strength)
