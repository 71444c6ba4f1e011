from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import F

from counseling.actions.sessions import reschedule_session, schedule_session, settle_session
from counseling.enums import Anchor, Cadence, CaseStatus, SessionStatus
from counseling.exceptions import IllegalMove, InvalidInput, StaleState
from counseling.models import AuditEvent, Delivery, FollowUp, Session
from counseling.outbox.queueing import queue_invitations
from counseling.planning.rehearsal import do_as_shown, rehearse
from tests.counseling.outbox.mailing import counted_queries
from tests.counseling.planning.cases import on_plan
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


# --- What is asked around sessions ------------------------------------------------------------------

BEFORE = {"anchor": Anchor.BEFORE_SESSION, "cadence": Cadence.ONCE, "offset_days": -1}
AFTER = {"anchor": Anchor.AFTER_SESSION, "cadence": Cadence.ONCE, "offset_days": 1}
SOON, IN_A_WEEK = NOW + timedelta(days=2, hours=3), NOW + timedelta(days=7, hours=3)  # at ten in New York


def asked(status="planned"):
    rows = FollowUp.objects.filter(status=status, client__given_name=F("case__relationship__first__given_name"))
    return list(rows.order_by("due_at").values_list("step__anchor", "local_date"))


def plan_session(case, starts_at=SOON, now=NOW):
    return schedule_session(case, starts_at=starts_at, by=case.lead, now=now)


def test_a_session_brings_its_questions_to_everybody_in_the_case():
    case = on_plan(BEFORE, AFTER).case
    session = plan_session(case)
    assert asked() == [("before_session", date(2026, 3, 3)), ("after_session", date(2026, 3, 6))]
    assert set(FollowUp.objects.values_list("session", "occurrence")) == {(session.pk, 1)}
    assert FollowUp.objects.count() == 4
    before = FollowUp.objects.filter(step__anchor="before_session").first()
    assert before.expires_at == session.starts_at
    assert AuditEvent.objects.get(action="session.scheduled").data == {"added": 4}


def test_a_session_planned_before_the_plan_is_asked_about_too():
    case = CaseFactory()
    plan_session(case)
    on_plan(AFTER, case=case)
    assert asked() == [("after_session", date(2026, 3, 6))]


def test_a_moved_session_carries_its_follow_ups_along():
    session = plan_session(on_plan(BEFORE, AFTER).case)
    rows = set(FollowUp.objects.values_list("pk", flat=True))
    reschedule_session(session, starts_at=IN_A_WEEK, by=session.counselor, now=NOW)
    assert asked() == [("before_session", date(2026, 3, 8)), ("after_session", date(2026, 3, 11))]
    assert set(FollowUp.objects.values_list("pk", flat=True)) == rows
    assert AuditEvent.objects.get(action="session.rescheduled").data == {"moved": 4}


def test_a_session_moved_to_today_still_asks_before_it_and_one_moved_into_the_past_does_not():
    session = plan_session(on_plan(BEFORE, start_on=NOW.date()).case)
    reschedule_session(session, starts_at=NOW + timedelta(hours=4), by=session.counselor, now=NOW)
    assert asked() == [("before_session", date(2026, 3, 1))]
    queue_invitations(now=NOW + timedelta(hours=3))
    assert Delivery.objects.count() == 2
    reschedule_session(session, starts_at=NOW, by=session.counselor, now=NOW + timedelta(hours=3))
    assert asked("cancelled") == [("before_session", date(2026, 3, 1))]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}


def test_a_session_that_was_held_is_asked_about_and_one_that_was_not_is_not():
    case = on_plan(BEFORE, AFTER).case
    held, missed = plan_session(case), plan_session(case, IN_A_WEEK)
    settle_session(held, SessionStatus.HELD, by=case.lead, now=SOON + timedelta(hours=1))
    settle_session(missed, SessionStatus.CANCELLED, by=case.lead, now=SOON + timedelta(hours=1))
    assert asked() == [("after_session", date(2026, 3, 6))]
    assert set(FollowUp.objects.filter(status="cancelled").values_list("end_reason", flat=True)) == {"session_changed"}
    data = AuditEvent.objects.filter(action="session.settled").latest("sequence").data
    assert data == {"outcome": "cancelled", "cancelled": 4}


def test_what_was_asked_before_a_session_that_then_fell_through_stays():
    case = on_plan(BEFORE).case
    session = plan_session(case)
    FollowUp.objects.update(status="sent", sent_at=NOW, queued_at=NOW)
    settle_session(session, SessionStatus.CANCELLED, by=case.lead, now=SOON)
    assert asked("sent") == [("before_session", date(2026, 3, 3))]


def test_sessions_after_the_plan_s_last_day_or_before_its_first_bring_nothing():
    case = on_plan(AFTER, start_on=date(2026, 3, 5), end_on=date(2026, 3, 8)).case
    plan_session(case, SOON)
    plan_session(case, IN_A_WEEK)
    plan_session(case, SOON + timedelta(days=2))
    assert asked() == [("after_session", date(2026, 3, 8))]


def test_a_case_without_such_a_plan_pays_one_query_more():
    case = on_plan({}).case
    before = list(FollowUp.objects.order_by("pk").values())
    with counted_queries() as queries:
        plan_session(case)
    assert sum("counseling_enrollment" in query["sql"] for query in queries.captured_queries) == 1
    assert list(FollowUp.objects.order_by("pk").values()) == before


def test_what_moves_is_shown_before():
    session = plan_session(on_plan(BEFORE, AFTER).case)

    def move():
        fresh = Session.objects.get(pk=session.pk)
        return reschedule_session(fresh, starts_at=IN_A_WEEK, by=session.counselor, now=NOW)

    changes = rehearse(move)
    assert changes.counts == {"moved": 4}
    assert Session.objects.get().starts_at == SOON
    do_as_shown(move, shown=changes.digest)
    assert Session.objects.get().starts_at == IN_A_WEEK
