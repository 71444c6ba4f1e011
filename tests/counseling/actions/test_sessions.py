from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.actions.sessions import reschedule_session, schedule_session, settle_session
from counseling.enums import CaseStatus, SessionStatus
from counseling.exceptions import IllegalMove, InvalidInput, StaleState
from counseling.models import AuditEvent, Session
from tests.factories import NOW, CaseFactory, SessionFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def test_a_session_is_scheduled_with_who_plans_it():
    case = CaseFactory()
    session = schedule_session(case, starts_at=LATER, by=case.lead, now=NOW)
    stored = Session.objects.get()
    assert (stored, stored.counselor, stored.status, stored.minutes) == (session, case.lead, "scheduled", 50)
    assert AuditEvent.objects.get().action == "session.scheduled"


def test_a_closed_case_gets_none():
    case = CaseFactory(status=CaseStatus.CLOSED, closed_at=NOW)
    with pytest.raises(IllegalMove, match="closed"):
        schedule_session(case, starts_at=LATER, by=case.lead, now=NOW)


@pytest.mark.parametrize("minutes", [0, 4, 481])
def test_a_length_outside_reason_is_refused(minutes):
    case = CaseFactory()
    with pytest.raises(InvalidInput, match="minutes"):
        schedule_session(case, starts_at=LATER, minutes=minutes, by=case.lead, now=NOW)


def test_moving_a_session():
    session = SessionFactory()
    reschedule_session(session, starts_at=LATER, by=session.counselor, now=NOW)
    assert Session.objects.get().starts_at == LATER


def test_moving_one_that_somebody_else_moved_is_a_conflict():
    session = SessionFactory()
    stale = Session.objects.get()
    reschedule_session(session, starts_at=LATER, by=session.counselor, now=NOW)
    with pytest.raises(StaleState):
        reschedule_session(stale, starts_at=LATER + timedelta(days=1), by=session.counselor, now=NOW)
    assert Session.objects.get().starts_at == LATER


@pytest.mark.parametrize("outcome", ["held", "no_show", "late_cancelled", "cancelled"])
def test_settling_is_final(outcome):
    session = SessionFactory()
    settle_session(session, SessionStatus(outcome), by=session.counselor, now=NOW)
    stored = Session.objects.get()
    assert (stored.status, stored.settled_at) == (outcome, NOW)
    for repeat in (
        lambda: settle_session(session, SessionStatus.HELD, by=session.counselor, now=NOW),
        lambda: reschedule_session(session, starts_at=LATER, by=session.counselor, now=NOW),
    ):
        with pytest.raises(IllegalMove):
            repeat()


def test_two_people_settle_at_once():
    session = SessionFactory()
    stale = Session.objects.get()
    settle_session(session, SessionStatus.HELD, by=session.counselor, now=NOW)
    with pytest.raises(StaleState):
        settle_session(stale, SessionStatus.NO_SHOW, by=session.counselor, now=NOW)
    assert Session.objects.get().status == SessionStatus.HELD
    assert AuditEvent.objects.count() == 1
