from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.exceptions import ValidationError

from counseling import exceptions
from counseling.api.errors import answer_error

SITUATIONS = [
    (exceptions.IllegalMove("x"), 409, "illegal_move"),
    (exceptions.StaleState("x"), 409, "stale_state"),
    (exceptions.NotAllowed("x"), 403, "not_allowed"),
    (exceptions.InvalidInput("x"), 400, "invalid_input"),
    (exceptions.ConsentMissing("x"), 400, "consent_missing"),
    (exceptions.LinkUnusable("x"), 404, "link_unusable"),
]


@pytest.mark.parametrize(("error", "status", "code"), SITUATIONS)
def test_a_situation_has_its_status_and_code(error, status, code):
    answer = answer_error(error, {})
    assert (answer.status_code, answer.data) == (status, {"code": code, "detail": "x"})


@pytest.mark.parametrize("error", [exceptions.AuditTampered("x"), exceptions.KeyMissing("x"), ValueError("x")])
def test_what_nobody_expected_stays_a_server_error(error):
    assert answer_error(error, {}) is None


def test_nothing_is_said_about_what_was_looked_for():
    assert answer_error(Http404("No Client matches"), {}).data == {"code": "not_found", "detail": "Not found."}
    assert answer_error(PermissionDenied("secret"), {}).data["code"] == "permission_denied"


def test_wrong_values_are_named_whatever_their_shape():
    assert answer_error(ValidationError({"a": ["no"]}), {}).data["fields"] == {"a": ["no"]}
    assert answer_error(ValidationError(["no"]), {}).data["fields"] == {"non_field_errors": ["no"]}
