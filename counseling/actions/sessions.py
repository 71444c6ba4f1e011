from __future__ import annotations

from datetime import datetime

from counseling.actions.base import action, move, record
from counseling.enums import CaseStatus, SessionStatus
from counseling.exceptions import IllegalMove, InvalidInput, StaleState
from counseling.models import Case, Session, StaffMember
from counseling.transitions import SESSION


@action
def schedule_session(case: Case, *, starts_at: datetime, by: StaffMember, now: datetime, minutes: int = 50) -> Session:
    """Plan a meeting of an open case."""
    if case.status == CaseStatus.CLOSED:
        raise IllegalMove("a closed case has no further sessions; reopen it first")
    _check_length(minutes)
    session = Session.objects.create(case=case, counselor=by, starts_at=starts_at, minutes=minutes)
    record("session.scheduled", session, by=by, now=now)
    return session


@action
def reschedule_session(session: Session, *, starts_at: datetime, by: StaffMember, now: datetime) -> Session:
    """Move a scheduled session. One that was settled stays where it was."""
    if session.status != SessionStatus.SCHEDULED:
        raise IllegalMove("only a scheduled session can be moved")
    rows = Session.objects.filter(pk=session.pk, status=SessionStatus.SCHEDULED, starts_at=session.starts_at)
    if not rows.update(starts_at=starts_at):
        raise StaleState("the session was moved or settled meanwhile")
    session.starts_at = starts_at
    record("session.rescheduled", session, by=by, now=now)
    return session


@action
def settle_session(session: Session, outcome: SessionStatus, *, by: StaffMember, now: datetime) -> Session:
    """Say how a scheduled session ended: held, no show, late cancelled or cancelled."""
    move(session, outcome, table=SESSION, settled_at=now)
    record("session.settled", session, by=by, now=now, outcome=outcome)
    return session


def _check_length(minutes: int) -> None:
    if not 5 <= minutes <= 480:
        raise InvalidInput("minutes: a session lasts between 5 and 480 minutes")
