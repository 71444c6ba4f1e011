from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from counseling.actions.base import action, move, record
from counseling.enums import SESSION_ANCHORS, CaseStatus, Reason, SessionStatus
from counseling.exceptions import IllegalMove, InvalidInput, StaleState
from counseling.models import Case, Enrollment, PlanStep, Session, StaffMember
from counseling.planning.changes import Changes
from counseling.planning.replanning import replan
from counseling.transitions import SESSION


@action
def schedule_session(case: Case, *, starts_at: datetime, by: StaffMember, now: datetime, minutes: int = 50) -> Session:
    """Plan a meeting of an open case. Running plans that ask around sessions ask around this one too."""
    if case.status == CaseStatus.CLOSED:
        raise IllegalMove("a closed case has no further sessions; reopen it first")
    _check_length(minutes)
    session = Session.objects.create(case=case, counselor=by, starts_at=starts_at, minutes=minutes)
    changes = _replan(case.pk, now=now)
    record("session.scheduled", session, by=by, now=now, **changes.counts)
    return session


@action
def reschedule_session(session: Session, *, starts_at: datetime, by: StaffMember, now: datetime) -> Session:
    """Move a scheduled session; what is asked around it moves along. One that was settled stays where it was."""
    if session.status != SessionStatus.SCHEDULED:
        raise IllegalMove("only a scheduled session can be moved")
    rows = Session.objects.filter(pk=session.pk, status=SessionStatus.SCHEDULED, starts_at=session.starts_at)
    if not rows.update(starts_at=starts_at):
        raise StaleState("the session was moved or settled meanwhile")
    session.starts_at = starts_at
    changes = _replan(session.case_id, now=now)
    record("session.rescheduled", session, by=by, now=now, **changes.counts)
    return session


@action
def settle_session(session: Session, outcome: SessionStatus, *, by: StaffMember, now: datetime) -> Session:
    """Say how a scheduled session ended: held, no show, late cancelled or cancelled.

    What nobody was asked yet about one that did not take place is not asked any more.
    """
    move(session, outcome, table=SESSION, settled_at=now)
    changes = _replan(session.case_id, now=now)
    record("session.settled", session, by=by, now=now, outcome=outcome, **changes.counts)
    return session


def _replan(case: UUID, *, now: datetime) -> Changes:
    # Held as by whoever starts a plan: the later of the two sees what the earlier one wrote.
    list(Case.objects.filter(pk=case).select_for_update(no_key=True).values_list("pk"))
    asks_around_sessions = PlanStep.objects.current().filter(plan=OuterRef("plan"), anchor__in=SESSION_ANCHORS)
    enrollments = Enrollment.objects.filter(Exists(asks_around_sessions), case=case)
    return replan(enrollments, reason=Reason.SESSION_CHANGED, now=now)


def _check_length(minutes: int) -> None:
    if not 5 <= minutes <= 480:
        raise InvalidInput("minutes: a session lasts between 5 and 480 minutes")
