from __future__ import annotations

import pytest

from counseling.actions.clients import register_client, update_client
from counseling.exceptions import InvalidInput
from counseling.models import AuditEvent, Client
from tests.factories import NOW, ClientFactory, StaffFactory

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
