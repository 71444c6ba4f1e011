"""What the database itself keeps about answers and scores."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction

from assessments.models import Response, Score
from tests.assessments.factories import NOW, draft_response

pytestmark = pytest.mark.django_db


@contextmanager
def refused():
    with pytest.raises(IntegrityError), transaction.atomic():
        yield


@pytest.fixture
def response():
    return draft_response()


def score(response, **changes) -> Score:
    facts = {"scale": "need", "value": 50.0, "answered": 4, "total": 4, "prorated": False, "scoring_version": 1}
    return Score.objects.create(response=response, **{**facts, **changes})


@pytest.mark.parametrize(
    "values",
    [
        {"submitted_at": NOW},
        {"withdrawn_at": NOW},
        {"status": "submitted"},
        {"status": "submitted", "submitted_at": NOW, "withdrawn_at": NOW},
        {"status": "withdrawn", "withdrawn_at": NOW},
        {"status": "withdrawn", "submitted_at": NOW},
        {"status": "unknown"},
        {"other_role": "neighbour"},
    ],
)
def test_states_match_their_timestamps(response, values):
    with refused():
        Response.objects.filter(pk=response.pk).update(**values)


def test_named_predicates(response):
    assert (list(Response.objects.drafts()), list(Response.objects.submitted())) == ([response], [])
    Response.objects.update(status="submitted", submitted_at=NOW)
    assert (list(Response.objects.drafts()), list(Response.objects.submitted())) == ([], [response])


def test_a_scale_is_scored_once_per_scoring_version(response):
    score(response)
    score(response, scoring_version=2)
    with refused():
        score(response)


@pytest.mark.parametrize(
    "changes",
    [
        {"answered": 5},
        {"prorated": True},
        {"prorated": True, "value": None, "answered": 3},
        {"sem": 0.0},
    ],
)
def test_scores_that_cannot_be_are_refused(response, changes):
    with refused():
        score(response, **changes)


def test_a_score_that_cannot_be_computed_is_null_and_never_zero(response):
    row = score(response, value=None, answered=2)
    assert (list(Score.objects.computed()), row.value) == ([], None)


def test_names_hold_ids_only(response):
    assert str(response) == f"Draft · {response.pk}"
    assert str(score(response)) == f"need · {response.pk}"
