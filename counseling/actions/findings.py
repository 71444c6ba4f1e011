"""Findings follow the data: raised, strengthened, weakened, cleared, raised again. What people decided is respected.

The patterns are evaluated over the whole history each time, so the outcome depends neither on the order in which
answers arrive nor on how often this runs.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from assessments.alerts import SOFT
from assessments.models import Response
from counseling.actions.base import action, move, record
from counseling.actions.thresholds import adopt_thresholds, numbers_of
from counseling.enums import FindingEventKind, FindingStatus, Pattern, Strength
from counseling.models import Case, Finding, FindingEvent, ThresholdSet
from counseling.models.case import CaseQuerySet
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

    Repeating it without new answers changes nothing.
    """
    return _evaluate(_held(Case.objects.filter(pk=case.pk)).get(), now=now)


@action
def evaluate_after(response: Response) -> list[Finding]:
    """`evaluate_case` for the case that the response belongs to; nothing for one that no follow-up asked for."""
    case = _held(Case.objects.filter(follow_ups__response=response)).first()
    now = response.submitted_at or response.saved_at or response.started_at
    return _evaluate(case, now=now) if case is not None else []


def _held(cases: CaseQuerySet) -> Any:
    """Locked, so that of two partners submitting at once the second sees the first's answers."""
    newest = ThresholdSet.objects.filter(clinic=OuterRef("clinic")).order_by("-number").values("pk")[:1]
    held = cases.with_people().select_for_update(of=("self",), no_key=True).order_by()
    return held.annotate(thresholds_in_force=Subquery(newest))


def _evaluate(case: Any, *, now: datetime) -> list[Finding]:
    from counseling.patterns.evaluate import evaluate

    thresholds = case.thresholds_in_force or adopt_thresholds(case.clinic_id, now=now)
    states = evaluate(case_history(case), numbers_of(thresholds))
    held = case.findings.select_for_update(no_key=True)
    known = {(finding.pattern, finding.subject_id): finding for finding in held}
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
    thresholds: UUID,
    now: datetime,
) -> Finding | None:
    if not state.level:
        return _clear(finding, state, thresholds=thresholds, now=now) if finding is not None else None
    if finding is None:
        return _raise(state, case=case, subject_id=subject_id, thresholds=thresholds, now=now)
    if _reopens(finding, state):
        return _reopen(finding, state, thresholds=thresholds, now=now)
    return _refresh(finding, state, thresholds=thresholds, now=now)


def _raise(state: PatternState, *, case: Case, subject_id: Any, thresholds: UUID, now: datetime) -> Finding:
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


def _reopen(finding: Finding, state: PatternState, *, thresholds: UUID, now: datetime) -> Finding:
    fresh: dict[str, Any] = {
        "decided_at": None,
        "decided_by": None,
        "watch_until": None,
        "cleared_at": None,
        "raised_at": now,
    }
    move(finding, FindingStatus.OPEN, table=FINDING, **fresh, **_reading(state, thresholds, now))
    _note(finding, FindingEventKind.REOPENED, now=now)
    return finding


def _refresh(finding: Finding, state: PatternState, *, thresholds: UUID, now: datetime) -> Finding | None:
    """Bring the evidence up to date where it stands; nothing happens when nothing changed."""
    before = finding.strength
    reading = _reading(state, thresholds, now)
    same = (finding.strength, finding.evidence) == (reading["strength"], reading["evidence"])
    if same and finding.thresholds_id == thresholds:
        return None
    _write(finding, reading)
    if finding.strength != before:
        grew = finding.strength != Strength.SIGNAL
        _note(finding, FindingEventKind.STRENGTHENED if grew else FindingEventKind.WEAKENED, now=now)
    return finding


def _clear(finding: Finding, state: PatternState | None, *, thresholds: UUID, now: datetime) -> Finding | None:
    """The data no longer show it. Safety stays until a person signs it off; so does what a person decided."""
    if finding.pattern == Pattern.SAFETY or finding.status not in CLEARABLE:
        return None
    fresh: dict[str, Any] = {
        "claimed_at": None,
        "claimed_by": None,
        "decided_at": None,
        "decided_by": None,
        "watch_until": None,
    }
    reading: dict[str, Any] = {"thresholds_id": thresholds, "evaluated_at": now, "probability": None}
    if state is not None:
        reading |= {"probability": state.probability, "evidence": state.evidence}
    move(finding, FindingStatus.CLEARED, table=FINDING, cleared_at=now, **fresh, **reading)
    _note(finding, FindingEventKind.CLEARED, now=now)
    return finding


def _reopens(finding: Finding, state: PatternState) -> bool:
    """Whether the data crossed a threshold upwards after the finding was cleared, or since it was decided on.

    What crossed in a wave that the person already had before them is not news when its other report comes in later.
    For safety every answer that they did not have before them is.
    """
    if finding.status == FindingStatus.CLEARED:
        return True
    if finding.decided_at is None:
        return False
    decided_on = finding.reviews.latest("at", "id").evidence
    if finding.pattern == Pattern.SAFETY:
        return bool(_urgent_answers(state.evidence) - _urgent_answers(decided_on))
    known = {row["wave"] for row in decided_on.get("path", ())}
    crossings = CROSSINGS if finding.status == FindingStatus.CONFIRMED else CROSSINGS | {"strengthened"}
    return any(event.kind in crossings and event.wave not in known for event in state.events)


def _urgent_answers(evidence: dict[str, Any]) -> set[tuple[str, str, Any]]:
    """What was said in so many words: each is news once, also within a wave that was decided on before."""
    rows = (row for row in evidence.get("items", ()) if row["kind"] not in SOFT)
    return {(row["wave"], row["item"], row["answer"]) for row in rows}


def _reading(state: PatternState, thresholds: UUID, now: datetime) -> dict[str, Any]:
    return {
        "strength": STRENGTHS[state.level],
        "probability": state.probability,
        "evidence": state.evidence,
        "thresholds_id": thresholds,
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
        thresholds_id=finding.thresholds_id,
        evidence=finding.evidence,
    )
    record(f"finding.{kind}", finding, by=None, now=now)
