from __future__ import annotations

import pytest

from assessments.actions.responses import save_answers, submit_response, withdraw_response
from assessments.actions.versions import draft_version
from assessments.exceptions import NoPublishedVersion
from assessments.models import InstrumentVersion, Response, Score
from assessments.queries import current_version, fhir_questionnaire, fhir_response, latest_scores
from tests.assessments.factories import NOW, draft_response, full_answers, published, small, two_way_check_in

pytestmark = pytest.mark.django_db


def submitted(version: InstrumentVersion) -> Response:
    response = draft_response(version)
    save_answers(response, answers=full_answers(), revision=0, now=NOW)
    return submit_response(response, now=NOW)


def test_the_current_version_is_the_published_one(django_assert_num_queries):
    published(small())
    newer = published(small(period={"en": "Yesterday."}))
    with django_assert_num_queries(1):
        assert current_version("small") == newer


def test_an_instrument_that_is_not_published_is_told_with_the_remedy():
    with pytest.raises(NoPublishedVersion, match="load_instruments"):
        current_version("two-way-check-in")


def test_the_newest_scoring_wins(django_assert_num_queries):
    version = published()
    responses = [submitted(version) for _ in range(3)]
    rescored = Score(
        response=responses[0], scale="need", value=1.0, answered=4, total=4, prorated=False, scoring_version=2
    )
    rescored.save()
    with django_assert_num_queries(1):
        scores = latest_scores(response.pk for response in responses)
    assert scores[responses[0].pk]["need"] == rescored
    assert scores[responses[1].pk]["need"].value == 50.0
    assert len(scores[responses[2].pk]) == 11
    assert set(Score.objects.computed()) == set(Score.objects.all())


def test_a_version_is_exported_with_its_number_and_state():
    draft = fhir_questionnaire(draft_version(small()))
    assert (draft["url"], draft["version"]) == ("https://interdepend.example/fhir/Questionnaire/small", "1")
    assert draft["status"] == "draft"
    assert fhir_questionnaire(published(two_way_check_in()), "R4")["status"] == "active"


def test_a_response_is_exported_as_it_was_asked_and_names_nobody():
    response = submitted(published(two_way_check_in()))
    exported = fhir_response(response)
    assert exported["id"] == str(response.pk)
    assert exported["questionnaire"] == "https://interdepend.example/fhir/Questionnaire/two-way-check-in|1"
    assert (exported["status"], exported["authored"]) == ("completed", "2026-03-02T12:00:00Z")
    assert "subject" not in exported
    first = exported["item"][0]["item"][0]
    assert first["text"] == "An ordinary day feels unmanageable when my partner is away."
    assert fhir_response(withdraw_response(response, now=NOW))["status"] == "entered-in-error"
    assert fhir_response(response, subject="Patient/7")["subject"] == {"reference": "Patient/7"}


def test_a_draft_is_exported_as_under_way():
    response = draft_response(published(two_way_check_in()))
    assert fhir_response(response)["status"] == "in-progress"
    assert "item" not in fhir_response(response)
