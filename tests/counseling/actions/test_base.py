from __future__ import annotations

import pytest
from django.db import connection

from counseling.actions.audit import record_view, verify_chain
from counseling.actions.base import action, move, record
from counseling.enums import SessionStatus
from counseling.exceptions import AuditTampered, CounselingError, IllegalMove, StaleState
from counseling.models import AuditEvent, Session
from counseling.transitions import SESSION
from tests.factories import NOW, CaseFactory, SessionFactory, StaffFactory

pytestmark = pytest.mark.django_db


@action
def note_twice(subject, *, by):
    record("first", subject, by=by, now=NOW, detail=1)
    record_view(subject, by=by, now=NOW)


def trail():
    return list(AuditEvent.objects.order_by("clinic", "sequence").values_list("sequence", "action"))


def test_an_inner_action_joins_the_outer_one_and_the_order_is_kept():
    case = CaseFactory()
    note_twice(case, by=case.lead)
    assert trail() == [(1, "first"), (2, "case.viewed")]
    assert verify_chain(case.clinic) == 2


def test_a_failure_leaves_neither_change_nor_trail():
    session = SessionFactory()

    @action
    def fail():
        move(session, SessionStatus.HELD, table=SESSION, settled_at=NOW)
        record("held", session, by=None, now=NOW)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert Session.objects.get().status == SessionStatus.SCHEDULED
    assert trail() == []


def test_recording_outside_an_action_is_refused():
    with pytest.raises(CounselingError, match="outside"):
        record("x", StaffFactory(), by=None, now=NOW)


def test_clinics_have_chains_of_their_own():
    first, second = CaseFactory(), CaseFactory()

    @action
    def both():
        record("x", first, by=None, now=NOW)
        record("y", second, by=None, now=NOW)

    both()
    assert sorted(trail()) == [(1, "x"), (1, "y")]
    assert verify_chain(first.clinic) == verify_chain(second.clinic) == 1


def test_the_trail_costs_three_queries_whatever_its_length(django_assert_num_queries):
    case = CaseFactory()

    @action
    def many(count):
        for _ in range(count):
            record("x", case, by=None, now=NOW)

    with django_assert_num_queries(5):  # savepoint, clinic's lock, last event, insert, release
        many(1)
    with django_assert_num_queries(5):
        many(30)


GUARDS = {
    "sqlite": ["DROP TRIGGER auditevent_no_update"],
    "postgresql": ["DROP TRIGGER auditevent_append_only ON counseling_auditevent"],
}


def tamper(statement):
    """What somebody with the database's password could do; undone with the test's transaction."""
    with connection.cursor() as cursor:
        for guard in GUARDS[connection.vendor]:
            cursor.execute(guard)
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE counseling_auditevent SET action = 'x' WHERE sequence = 2", "event 2 was altered"),
        ("DELETE FROM counseling_auditevent WHERE sequence = 2", "event 2 is missing"),
        ("UPDATE counseling_auditevent SET previous_hash = hash WHERE sequence = 1", "event 1 was altered"),
    ],
)
def test_the_first_break_of_the_chain_is_named(statement, message):
    case = CaseFactory()
    note_twice(case, by=case.lead)
    note_twice(case, by=case.lead)
    tamper(statement)
    with pytest.raises(AuditTampered, match=message):
        verify_chain(case.clinic)


def test_move_is_guarded_on_the_state_that_was_read():
    session = SessionFactory()
    stale = Session.objects.get()
    move(session, SessionStatus.HELD, table=SESSION, settled_at=NOW)
    with pytest.raises(StaleState, match="no longer scheduled"):
        move(stale, SessionStatus.NO_SHOW, table=SESSION, settled_at=NOW)
    assert (stale.status, stale.settled_at) == (SessionStatus.SCHEDULED, None)
    with pytest.raises(IllegalMove):
        move(session, SessionStatus.SCHEDULED, table=SESSION)
