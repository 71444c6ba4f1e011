from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from assessments.api.base import answer_error
from assessments.models import InstrumentVersion
from tests.assessments.fhir.forms import choice, form, item

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/questionnaires/"
GOOD = form(choice("a"), item("b"))


@pytest.fixture
def author(settings) -> User:
    settings.ASSESSMENTS = {}
    user = User.objects.create(username="author", is_staff=True)
    codenames = ["add_instrumentversion", "change_instrumentversion"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def api(author) -> APIClient:
    return client_of(author)


def client_of(user: User | None) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def send(client: APIClient, content, query: str = "", content_type: str = "application/json"):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(f"{ADDRESS}{query}", body, content_type=content_type)


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/fhir+json", "application/json; charset=utf-8"]
)
def test_a_questionnaire_becomes_a_draft(api, content_type):
    answer = send(api, GOOD, content_type=content_type)
    assert answer.status_code == 201
    told = answer.json()
    notes = told.pop("notes")
    assert told == {
        "questionnaire": "weekly-mood",
        "version": 1,
        "is_new": True,
        "items": 2,
        "scales": 1,
        "key": None,
    }
    assert notes[0]["path"] == "Questionnaire"
    assert InstrumentVersion.objects.get().status == "draft"


def test_the_same_again_is_answered_and_not_added(api):
    send(api, GOOD)
    answer = send(api, GOOD)
    assert (answer.status_code, answer.json()["version"], answer.json()["is_new"]) == (200, 1, False)


def test_a_dry_run_keeps_nothing(api):
    answer = send(api, GOOD, "?dry_run=true&slug=mine")
    assert (answer.status_code, answer.json()["version"], answer.json()["questionnaire"]) == (200, None, "mine")
    assert InstrumentVersion.objects.count() == 0


def test_the_language_may_be_given(api):
    questionnaire = {**GOOD, "language": None}
    send(api, questionnaire, "?language=pt-BR")
    definition = InstrumentVersion.objects.get().definition
    assert (definition.languages, definition.scale("total").title) == (("pt-BR",), {"en": "Total"})


def test_a_refused_questionnaire_is_told_place_by_place(api):
    answer = send(api, form(item("a", "time"), item("b", "url")))
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_questionnaire")
    assert [problem["path"] for problem in answer.json()["problems"]] == [
        "Questionnaire.item[0].type",
        "Questionnaire.item[1].type",
    ]
    assert InstrumentVersion.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not valid JSON"),
        (b"[1", "is not valid JSON"),
        (b"<a/>", "is XML; export it as JSON"),
        (b"[" * 200_000, "is nested too deep"),
        (b" " * 5_000_001, "is larger than 5 MB"),
    ],
)
def test_a_body_that_is_no_questionnaire_is_refused(api, content, reason):
    answer = send(api, content)
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["message"].startswith(reason)


@pytest.mark.parametrize("query", ["?language=english", "?slug=A%20b", "?dry_run=perhaps"])
def test_a_parameter_that_cannot_be_used_is_refused(api, query):
    answer = send(api, GOOD, query)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert list(answer.json()["fields"]) == [query[1:].partition("=")[0]]


def test_another_type_of_content_is_not_read(api):
    answer = send(api, GOOD, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_only_those_who_may_write_questionnaires_send_them(author):
    reader = User.objects.create(username="reader", is_staff=True)
    client = User.objects.create(username="client", is_staff=False)
    client.user_permissions.set(author.user_permissions.all())
    assert [send(client_of(user), GOOD).status_code for user in (None, client, reader)] == [401, 403, 403]
    assert InstrumentVersion.objects.count() == 0


def test_nothing_of_an_answer_is_kept_by_anybody_between(api):
    assert send(api, GOOD).headers["Cache-Control"] == "no-store"


def test_an_error_that_nobody_expected_is_left_to_be_logged():
    assert answer_error(RuntimeError(), {}) is None
