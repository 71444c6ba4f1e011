from __future__ import annotations

import pytest

from assessments.enums import ResponseStatus
from assessments.fhir.response_reading import read_response
from assessments.models import Response, Score
from counseling.models import AuditEvent
from tests.counseling.api.work import ANSWERS
from tests.factories import NOW

pytestmark = pytest.mark.django_db
RESPONSES = "/api/v1/responses/"


def test_a_list_has_the_scores_and_a_single_one_the_answers_too(api, work):
    (listed,) = api.get(RESPONSES).json()["results"]
    single = api.get(f"{RESPONSES}{work.response.pk}/").json()
    assert (listed["client"], listed["case"], listed["follow_up"]) == (
        str(work.client.pk),
        str(work.case.pk),
        str(work.follow_up.pk),
    )
    assert [(score["scale"], score["value"], score["prorated"]) for score in listed["scores"]] == [("sum", 50.0, True)]
    assert "answers" not in listed
    assert single == {**listed, "answers": ANSWERS}


def test_every_reading_is_audited(api, work):
    api.get(RESPONSES)
    api.get(f"{RESPONSES}{work.response.pk}/")
    events = AuditEvent.objects.filter(action="response.viewed")
    assert {(event.subject_id, event.actor, event.data["response"]) for event in events} == {
        (work.follow_up.pk, work.counselor, str(work.response.pk))
    }
    assert len(events) == 2


def test_an_empty_list_reads_nothing(api, work):
    assert api.get(RESPONSES, {"instrument": "another"}).json()["results"] == []
    assert not AuditEvent.objects.filter(action="response.viewed").exists()


def test_the_newest_scoring_is_shown(api, work):
    Score.objects.create(
        response=work.response, scale="sum", value=None, answered=0, total=2, prorated=False, scoring_version=2
    )
    scores = api.get(f"{RESPONSES}{work.response.pk}/").json()["scores"]
    assert [(score["value"], score["scoring_version"]) for score in scores] == [(None, 2)]


@pytest.mark.parametrize(
    "state",
    [
        {"status": ResponseStatus.DRAFT, "submitted_at": None},
        {"status": ResponseStatus.WITHDRAWN, "withdrawn_at": NOW},
    ],
)
def test_drafts_and_withdrawn_responses_are_nobodys_to_read(state, api, work):
    Response.objects.filter(pk=work.response.pk).update(**state)
    assert api.get(RESPONSES).json()["results"] == []
    assert api.get(f"{RESPONSES}{work.response.pk}/").status_code == 404


def test_narrowing(api, work):
    for name, value in (("case", work.case.pk), ("client", work.client.pk), ("instrument", "small")):
        assert len(api.get(RESPONSES, {name: value}).json()["results"]) == 1
    assert api.get(RESPONSES, {"client": work.case.members[1].pk}).json()["results"] == []


def test_a_response_can_be_read_as_fhir_and_names_nobody(api, work):
    before = AuditEvent.objects.filter(action="response.viewed").count()
    told = api.get(f"{RESPONSES}{work.response.pk}/fhir/").json()
    assert (told["resourceType"], told["id"], told["status"]) == (
        "QuestionnaireResponse",
        str(work.response.pk),
        "completed",
    )
    assert read_response(work.response.version.definition, told) == ANSWERS
    assert "subject" not in told
    assert AuditEvent.objects.filter(action="response.viewed").count() == before + 1
