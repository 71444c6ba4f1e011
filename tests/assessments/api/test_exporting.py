from __future__ import annotations

import json

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from assessments.actions.versions import draft_version
from assessments.fhir.reading import read_questionnaire
from tests.assessments.factories import published, small

pytestmark = pytest.mark.django_db


def calling(*, is_staff=True):
    client = APIClient()
    client.force_authenticate(get_user_model().objects.create_user("ada", is_staff=is_staff))
    return client


def export(client, **options):
    return client.get("/api/v1/questionnaires/small/", options)


def test_the_version_that_is_asked_now_is_exported_as_r5(django_assert_num_queries):
    version = published(small())
    draft_version(small(period={"en": "Yesterday."}))
    client = calling()
    with django_assert_num_queries(1):
        answer = export(client)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    questionnaire = json.loads(answer.content)
    assert (questionnaire["version"], questionnaire["status"]) == ("1", "active")
    assert questionnaire["item"][1]["item"][0]["type"] == "coding"
    assert read_questionnaire(questionnaire).definition == version.definition


def test_any_version_can_be_named_and_any_release():
    published(small())
    draft_version(small(period={"en": "Yesterday."}))
    questionnaire = json.loads(export(calling(), version=2, release="R4").content)
    assert (questionnaire["version"], questionnaire["status"]) == ("2", "draft")
    assert questionnaire["item"][1]["item"][0]["type"] == "choice"


def test_a_program_that_wants_fhir_s_own_media_type_gets_it():
    published(small())
    answer = calling().get("/api/v1/questionnaires/small/", headers={"Accept": "application/fhir+json"})
    assert answer.headers["Content-Type"] == "application/fhir+json"


@pytest.mark.parametrize("options", [{}, {"version": 2}])
def test_what_is_not_there_is_not_found(options):
    draft_version(small())
    answer = export(calling(), **options)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (404, "not_found")


@pytest.mark.parametrize("options", [{"release": "STU3"}, {"version": 0}, {"version": 32768}])
def test_what_cannot_be_asked_for_is_refused(options):
    answer = export(calling(), **options)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (400, "invalid_input")
    assert json.loads(answer.content)["fields"].keys() == options.keys()


def test_only_staff_export():
    published(small())
    assert export(APIClient()).status_code == 401
    assert export(calling(is_staff=False)).status_code == 403
