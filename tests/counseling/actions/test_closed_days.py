from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError

from counseling.actions.closed_days import add_closed_day, remove_closed_day
from counseling.enums import OffDays, StaffRole
from counseling.exceptions import InvalidInput, NotAllowed, StaleState
from counseling.models import AuditEvent, ClosedDay
from counseling.planning.rehearsal import rehearse
from tests.counseling.planning.cases import START, dates_of, on_plan, snapshot
from tests.factories import NOW, StaffFactory

pytestmark = pytest.mark.django_db
SECOND = START + timedelta(days=7)


def admin_of(enrollment):
    return StaffFactory(clinic=enrollment.case.clinic, role=StaffRole.CLINIC_ADMIN)


def test_a_holiday_moves_what_its_own_clinic_would_ask_on_it_until_it_is_none():
    moving, elsewhere = on_plan({"off_days": OffDays.MOVE}), on_plan({"off_days": OffDays.MOVE})
    admin = admin_of(moving)
    closed = add_closed_day(day=SECOND, name="Harbor day", by=admin, now=NOW)
    assert dates_of(moving) == [(1, START), (2, SECOND + timedelta(days=1))]
    assert dates_of(elsewhere) == [(1, START), (2, SECOND)]
    event = AuditEvent.objects.get(action="closed_day.added")
    assert event.data == {"day": SECOND.isoformat(), "moved": 2}
    remove_closed_day(closed, by=admin, now=NOW)
    assert dates_of(moving) == [(1, START), (2, SECOND)]
    assert not ClosedDay.objects.exists()


def test_what_a_holiday_takes_away_comes_back_as_the_same_follow_up():
    enrollment = on_plan({"off_days": OffDays.LEAVE_OUT})
    admin = admin_of(enrollment)
    rows = {row["id"] for row in snapshot()}
    closed = add_closed_day(day=SECOND, by=admin, now=NOW)
    assert dates_of(enrollment) == [(1, START)]
    remove_closed_day(closed, by=admin, now=NOW)
    assert dates_of(enrollment) == [(1, START), (2, SECOND)]
    assert {row["id"] for row in snapshot()} == rows


def test_plans_that_ask_all_the_same_do_not_heed_it():
    enrollment = on_plan({"off_days": OffDays.AS_IS})
    before = snapshot()
    add_closed_day(day=SECOND, by=admin_of(enrollment), now=NOW)
    assert snapshot() == before


def test_it_is_shown_before():
    enrollment = on_plan({"off_days": OffDays.MOVE})
    admin = admin_of(enrollment)
    changes = rehearse(lambda: add_closed_day(day=SECOND, by=admin, now=NOW))
    assert changes.counts == {"moved": 2}
    assert not ClosedDay.objects.exists()


def test_a_day_is_closed_once_and_opened_once():
    admin = StaffFactory(role=StaffRole.CLINIC_ADMIN)
    closed = add_closed_day(day=date(2026, 12, 25), by=admin, now=NOW)
    with pytest.raises(InvalidInput, match=r"^day: "):
        add_closed_day(day=date(2026, 12, 25), by=admin, now=NOW)
    remove_closed_day(closed, by=admin, now=NOW)
    with pytest.raises(StaleState):
        remove_closed_day(closed, by=admin, now=NOW)
    assert AuditEvent.objects.count() == 2


def test_counselors_close_no_clinic():
    counselor = StaffFactory()
    with pytest.raises(NotAllowed):
        add_closed_day(day=date(2026, 12, 25), by=counselor, now=NOW)
    closed = ClosedDay.objects.create(clinic=counselor.clinic, day=date(2026, 12, 25))
    with pytest.raises(NotAllowed):
        remove_closed_day(closed, by=counselor, now=NOW)


def test_when_the_audit_fails_nothing_was_closed(monkeypatch):
    def fail(*_args, **_kwargs):
        raise DatabaseError

    monkeypatch.setattr(AuditEvent.objects, "bulk_create", fail)
    with pytest.raises(DatabaseError):
        add_closed_day(day=SECOND, by=StaffFactory(role=StaffRole.CLINIC_ADMIN), now=NOW)
    assert not ClosedDay.objects.exists()
