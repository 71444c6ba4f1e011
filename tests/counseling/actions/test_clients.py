from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import DatabaseError

from counseling.actions.clients import register_client, update_client
from counseling.actions.pausing import pause_enrollment
from counseling.exceptions import InvalidInput
from counseling.models import AuditEvent, Client, FollowUp
from tests.counseling.planning.cases import on_plan
from tests.factories import NOW, CaseFactory, ClientFactory, StaffFactory

pytestmark = pytest.mark.django_db


def test_registering_takes_the_clinics_zone_and_is_audited_without_content():
    staff = StaffFactory()
    client = register_client(by=staff, now=NOW, given_name="Ana", email="ana@mail.example")
    stored = Client.objects.with_email("ANA@mail.example").get()
    assert stored == client
    assert (stored.clinic, stored.time_zone, stored.registered_by) == (staff.clinic, staff.clinic.time_zone, staff)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.subject_id, event.data) == ("client.registered", staff, client.pk, {})


@pytest.mark.parametrize(
    ("details", "name"),
    [
        ({"given_name": "  "}, "given_name"),
        ({"email": "not an address"}, "email"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"clinic": "x"}, "clinic"),
        ({"registered_by": "x"}, "registered_by"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_kept(details, name):
    with pytest.raises(InvalidInput, match=name):
        register_client(by=StaffFactory(), now=NOW, **{"given_name": "Ana", **details})
    assert not Client.objects.exists()
    assert not AuditEvent.objects.exists()


def test_updating_moves_the_index_along_and_audits_the_names_of_fields_only():
    client = ClientFactory(email="old@mail.example")
    update_client(client, by=client.registered_by, now=NOW, email="new@mail.example", phone=client.phone)
    assert not Client.objects.with_email("old@mail.example").exists()
    assert Client.objects.with_email("new@mail.example").get().email == "new@mail.example"
    assert AuditEvent.objects.get().data == {"fields": ["email"]}


def test_an_address_can_be_taken_away():
    client = ClientFactory()
    update_client(client, by=client.registered_by, now=NOW, email="")
    client.refresh_from_db()
    assert (client.email, client.email_index) == ("", "")


def test_a_refused_update_changes_nothing():
    client = ClientFactory(given_name="Ana")
    with pytest.raises(InvalidInput):
        update_client(client, by=client.registered_by, now=NOW, given_name="Bea", email="broken")
    assert Client.objects.get().given_name == "Ana"


def test_a_page_that_was_open_for_long_changes_only_what_it_says():
    client = ClientFactory()
    stale = Client.objects.get()
    update_client(client, by=client.registered_by, now=NOW, email="safe@mail.example", email_is_safe=False)
    update_client(stale, by=client.registered_by, now=NOW, phone="555-0199")
    stored = Client.objects.with_email("safe@mail.example").get()
    assert (stored.email, stored.email_is_safe, stored.phone) == ("safe@mail.example", False, "555-0199")


def test_saying_what_is_so_already_changes_and_audits_nothing():
    client = ClientFactory(given_name="Ana")
    update_client(client, by=client.registered_by, now=NOW, given_name="Ana")
    assert not AuditEvent.objects.exists()


# --- Another clock ----------------------------------------------------------------------------------


def test_with_another_zone_what_is_planned_moves_to_the_same_hours_there():
    enrollment = on_plan({"occurrences": 2})
    mover, partner = enrollment.case.members
    update_client(mover, by=enrollment.case.lead, now=NOW, time_zone="Asia/Tokyo")
    theirs = FollowUp.objects.filter(client=mover).order_by("due_at")
    assert [(row.local_date.day, row.local_time, row.time_zone) for row in theirs] == [
        (3, time(9), "Asia/Tokyo"),
        (10, time(9), "Asia/Tokyo"),
    ]
    assert [row.due_at for row in theirs] == [datetime(2026, 3, day, tzinfo=UTC) for day in (3, 10)]
    assert {row.expires_at - row.due_at for row in theirs} == {timedelta(days=7)}
    assert set(FollowUp.objects.filter(client=partner).values_list("time_zone", flat=True)) == {"America/New_York"}
    assert AuditEvent.objects.get(action="client.updated").data == {"fields": ["time_zone"], "moved": 2}


def test_what_would_have_been_asked_this_morning_there_is_asked_at_once():
    enrollment = on_plan({"occurrences": 1})
    mover = enrollment.case.members[0]
    late = datetime(2026, 3, 3, 13, tzinfo=UTC)  # eight in New York, ten at night in Tokyo
    update_client(mover, by=enrollment.case.lead, now=late, time_zone="Asia/Tokyo")
    row = FollowUp.objects.get(client=mover)
    assert (row.status, row.due_at < late, row.expires_at > late) == ("planned", True, True)


def test_moving_across_the_date_line_loses_nothing():
    enrollment = on_plan({"occurrences": 2})
    mover = enrollment.case.members[0]
    for zone in ("Pacific/Honolulu", "Pacific/Auckland", "America/New_York"):
        now = datetime(2026, 3, 3, 13, 30, tzinfo=UTC)
        update_client(Client.objects.get(pk=mover.pk), by=enrollment.case.lead, now=now, time_zone=zone)
    rows = FollowUp.objects.filter(client=mover).order_by("due_at")
    assert [(row.status, row.local_date.day) for row in rows] == [("planned", 3), ("planned", 10)]


def test_every_case_of_the_client_moves_also_when_it_is_paused():
    enrollment = on_plan({"occurrences": 1})
    mover, lead = enrollment.case.members[0], enrollment.case.lead
    alone = on_plan({"occurrences": 1}, case=CaseFactory(lead=lead, relationship=None, client=mover))
    pause_enrollment(alone, by=lead, now=NOW)
    update_client(mover, by=lead, now=NOW, time_zone="Europe/Madrid")
    assert set(FollowUp.objects.filter(client=mover).values_list("status", "time_zone")) == {
        ("planned", "Europe/Madrid"),
        ("paused", "Europe/Madrid"),
    }


def test_other_details_move_nothing():
    enrollment = on_plan({"occurrences": 1})
    before = list(FollowUp.objects.order_by("pk").values())
    update_client(enrollment.case.members[0], by=enrollment.case.lead, now=NOW, phone="555-0199")
    assert list(FollowUp.objects.order_by("pk").values()) == before


def test_when_the_audit_fails_neither_the_client_nor_the_plan_has_moved(monkeypatch):
    enrollment = on_plan({"occurrences": 1})
    before = list(FollowUp.objects.order_by("pk").values())

    def fail(*_args, **_kwargs):
        raise DatabaseError

    monkeypatch.setattr(AuditEvent.objects, "bulk_create", fail)
    with pytest.raises(DatabaseError):
        update_client(enrollment.case.members[0], by=enrollment.case.lead, now=NOW, time_zone="Asia/Tokyo")
    assert list(FollowUp.objects.order_by("pk").values()) == before
    assert set(Client.objects.values_list("time_zone", flat=True)) == {"America/New_York"}
