from __future__ import annotations

import pytest

from counseling.models import Relationship
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db
RELATIONSHIPS = "/api/v1/relationships/"


def test_relating_two_clients(api, counselor):
    mother, daughter = ClientFactory(registered_by=counselor), ClientFactory(registered_by=counselor)
    given = {"kind": "parent_child", "first_role": "mother", "second_role": "daughter"}
    answer = api.post(RELATIONSHIPS, {"first": mother.pk, "second": daughter.pk, **given}, format="json")
    stored = Relationship.objects.get()
    assert (answer.status_code, answer.json()["id"]) == (201, str(stored.pk))
    assert (stored.first, stored.second, stored.clinic) == (mother, daughter, counselor.clinic)
    assert answer.json()["first"] == {"id": str(mother.pk), "name": mother.full_name}
    assert {name: answer.json()[name] for name in given} == given


def test_a_client_out_of_reach_does_not_exist(api, counselor):
    own, foreign = ClientFactory(registered_by=counselor), ClientFactory()
    answers = [
        api.post(RELATIONSHIPS, {"first": own.pk, "second": second}, format="json")
        for second in (foreign.pk, "01a20bd3-0000-7000-8000-000000000000")
    ]
    for answer in answers:
        assert answer.status_code == 400
        assert "object does not exist" in answer.json()["fields"]["second"][0]
    assert not Relationship.objects.exists()


def test_what_the_action_refuses_is_a_wrong_value(api, work):
    first, second = work.case.members
    again = api.post(RELATIONSHIPS, {"first": second.pk, "second": first.pk}, format="json")
    alone = api.post(RELATIONSHIPS, {"first": first.pk, "second": first.pk}, format="json")
    assert {(answer.status_code, answer.json()["code"]) for answer in (again, alone)} == {(400, "invalid_input")}
