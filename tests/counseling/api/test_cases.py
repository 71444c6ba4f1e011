from __future__ import annotations

import pytest

from counseling.enums import CaseStatus
from counseling.models import AuditEvent, Case, Enrollment
from tests.factories import ClientFactory, RelationshipFactory, StaffFactory

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"


def test_opening_one_about_a_client(api, counselor):
    client, colleague = ClientFactory(registered_by=counselor), StaffFactory(clinic=counselor.clinic)
    given = {"client": client.pk, "co_counselors": [colleague.pk], "confidentiality": "no_secrets"}
    answer = api.post(CASES, given, format="json")
    case = Case.objects.get()
    assert (answer.status_code, answer.json()["id"]) == (201, str(case.pk))
    assert (case.client, case.lead, list(case.co_counselors.all())) == (client, counselor, [colleague])
    assert answer.json()["members"] == [{"id": str(client.pk), "name": client.full_name}]
    assert answer.json()["confidentiality"] == "no_secrets"
    assert AuditEvent.objects.get(action="case.opened").actor == counselor


def test_opening_one_about_a_relationship_for_a_colleague(api, counselor):
    relationship = RelationshipFactory(first__registered_by=counselor)
    colleague = StaffFactory(clinic=counselor.clinic)
    answer = api.post(CASES, {"relationship": relationship.pk, "lead": colleague.pk}, format="json")
    assert (answer.status_code, answer.json()["lead"]["id"]) == (201, str(colleague.pk))


def test_it_is_about_one_of_the_two(api, counselor):
    relationship = RelationshipFactory(first__registered_by=counselor)
    both = {"client": relationship.first.pk, "relationship": relationship.pk}
    for given in ({}, both):
        answer = api.post(CASES, given, format="json")
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["non_field_errors"])


def test_rows_of_another_clinic_do_not_exist(api, counselor):
    own = ClientFactory(registered_by=counselor)
    foreign = StaffFactory()
    refused = {
        "client": {"client": ClientFactory().pk},
        "relationship": {"relationship": RelationshipFactory().pk},
        "lead": {"client": own.pk, "lead": foreign.pk},
        "co_counselors": {"client": own.pk, "co_counselors": [foreign.pk]},
    }
    for name, given in refused.items():
        answer = api.post(CASES, given, format="json")
        assert (answer.status_code, list(answer.json()["fields"])) == (400, [name])
        assert "object does not exist" in str(answer.json()["fields"][name])
    assert not Case.objects.exists()


def test_holding_resuming_and_closing(api, work):
    address = f"{CASES}{work.case.pk}/"
    steps = [("hold", "on_hold", 1), ("resume", "open", 1), ("close", "closed", 1), ("resume", "open", 2)]
    for move, status, episode in steps:
        answer = api.post(f"{address}{move}/")
        assert (answer.status_code, answer.json()["status"], answer.json()["episode"]) == (200, status, episode)
        assert Case.objects.get().status == status
    assert Enrollment.objects.get().status == "ended"


def test_an_illegal_move_is_a_conflict(api, work):
    answer = api.post(f"{CASES}{work.case.pk}/resume/")
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move")
    assert Case.objects.get().status == CaseStatus.OPEN
