from __future__ import annotations

import pytest

from counseling.models import AuditEvent, Client
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db
CLIENTS = "/api/v1/clients/"


def test_registering_takes_the_callers_clinic(api, counselor):
    given = {"given_name": "Ana", "email": "ana@mail.example", "language": "es", "email_is_safe": False}
    answer = api.post(CLIENTS, given, format="json")
    client = Client.objects.get()
    assert (answer.status_code, answer.json()["id"]) == (201, str(client.pk))
    assert (client.clinic, client.registered_by) == (counselor.clinic, counselor)
    assert {name: answer.json()[name] for name in given} == given
    assert AuditEvent.objects.get(action="client.registered").actor == counselor


@pytest.mark.parametrize("name", ["clinic", "registered_by", "id", "created_at", "email_index", "pk", "is_superuser"])
def test_nothing_else_can_be_set(name, api, work):
    other = StaffFactory()
    values = {"clinic": str(other.clinic.pk), "registered_by": str(other.pk)}
    changes = {name: values.get(name, str(other.pk))}
    before = Client.objects.values().get(pk=work.client.pk)
    created = api.post(CLIENTS, {"given_name": "Ana", **changes}, format="json")
    changed = api.patch(f"{CLIENTS}{work.client.pk}/", changes, format="json")
    for answer in (created, changed):
        assert (answer.status_code, answer.json()["fields"]) == (400, {name: ["There is no such field."]})
    assert Client.objects.values().get(pk=work.client.pk) == before


def test_a_list_names_people_and_a_single_one_says_how_to_reach_them(api, work):
    listed = next(one for one in api.get(CLIENTS).json()["results"] if one["id"] == str(work.client.pk))
    assert set(listed) == {"id", "given_name", "family_name", "language", "time_zone", "created_at"}
    assert not AuditEvent.objects.filter(action="client.viewed").exists()
    single = api.get(f"{CLIENTS}{work.client.pk}/").json()
    assert (single["email"], single["given_name"]) == (work.client.email, listed["given_name"])
    event = AuditEvent.objects.get(action="client.viewed")
    assert (event.subject_id, event.actor) == (work.client.pk, work.counselor)


def test_changing_names_the_fields_in_the_audit_and_keeps_the_rest(api, work):
    answer = api.patch(f"{CLIENTS}{work.client.pk}/", {"phone": "555-0100"}, format="json")
    assert (answer.status_code, answer.json()["phone"]) == (200, "555-0100")
    stored = Client.objects.get(pk=work.client.pk)
    assert (stored.phone, stored.email, stored.given_name) == ("555-0100", work.client.email, work.client.given_name)
    assert AuditEvent.objects.get(action="client.updated").data == {"fields": ["phone"]}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "given_name"),
        ({"given_name": ""}, "given_name"),
        ({"given_name": "x" * 101}, "given_name"),
        ({"given_name": "Ana", "email": "nobody"}, "email"),
        ({"given_name": "Ana", "language": "xx"}, "language"),
        ({"given_name": "A\x00na"}, "given_name"),
    ],
)
def test_a_wrong_value_is_named(given, field, api):
    answer = api.post(CLIENTS, given, format="json")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["fields"])) == (400, "invalid_input", [field])
    assert not Client.objects.exists()


def test_what_the_action_refuses_is_told_in_its_words(api):
    answer = api.post(CLIENTS, {"given_name": "Ana", "time_zone": "Mars/Base"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert answer.json()["detail"].startswith("time_zone: ")
