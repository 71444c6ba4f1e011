from __future__ import annotations

import pytest
from django.urls import reverse

from counseling.models import AuditEvent, Relationship
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import couple
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/counseling/relationship/", "/admin/counseling/relationship/add/"


@pytest.fixture
def people(work):
    return [ClientFactory(registered_by=work.counselor) for _ in range(2)]


def posted(first, second, **changes):
    return {
        "kind": "parent_child",
        "first": first.pk,
        "second": second.pk,
        "first_role": "mother",
        "second_role": "son",
        **changes,
    }


def test_two_clients_are_related(people, work, counselor):
    answer = counselor.post(ADD, posted(*people))
    relationship = Relationship.objects.get(kind="parent_child")
    assert (answer.status_code, answer.url) == (302, f"{LIST}{relationship.pk}/")
    assert relationship.members == tuple(people)
    assert (relationship.first_role, relationship.second_role) == ("mother", "son")
    assert AuditEvent.objects.latest("sequence").action == "relationship.recorded"


def test_the_page_leads_on_to_a_case(work, counselor):
    page = counselor.get(reverse("admin:counseling_relationship_change", args=[work.case.relationship_id]))
    assert f"?relationship={work.case.relationship_id}" in page.text
    assert list(page.context["cases"]) == [work.case]


def test_somebody_out_of_reach_is_not_offered_and_not_accepted(people, work, counselor):
    for foreign in (ClientFactory(), ClientFactory(clinic=work.case.clinic)):
        answer = counselor.post(ADD, posted(people[0], foreign))
        assert list(answer.context["form"].errors) == ["second"]
        assert foreign.full_name not in answer.text
    assert Relationship.objects.count() == 1


def test_nobody_is_related_to_themselves(people, counselor):
    answer = counselor.post(ADD, posted(people[0], people[0]))
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["second"])


def test_the_same_pair_is_not_recorded_twice(people, counselor):
    counselor.post(ADD, posted(*people))
    answer = counselor.post(ADD, posted(*reversed(people)))
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["second"])


def test_the_form_begins_with_the_person_one_came_from(people, counselor):
    form = counselor.get(ADD, {"first": people[0].pk}).context["form"]
    assert form["first"].value() == str(people[0].pk)


def test_the_number_of_queries_is_the_same_with_1_and_3_rows(work, counselor):
    before = queries_of(counselor, LIST)
    couple(work.counselor, "Iris", "Finn")
    couple(work.counselor, "Lena", "Omar")
    assert queries_of(counselor, LIST) == before
