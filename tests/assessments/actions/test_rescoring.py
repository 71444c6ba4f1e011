"""Rescoring: adds what is missing, in batches, whatever interrupts it, and touches nothing else."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from assessments.actions import rescoring
from assessments.actions.rescoring import Batch, rescore_responses, unscored_responses, versions_to_rescore
from assessments.actions.responses import save_answers, submit_response, withdraw_response
from assessments.exceptions import DefinitionTampered
from assessments.models import InstrumentVersion, Response, Score
from assessments.queries import latest_scores
from assessments.scoring import score_responses
from assessments.signals import response_submitted
from tests.assessments.factories import NOW, draft_response, published, small

pytestmark = pytest.mark.django_db

ANSWERS = {"a": 3, "gate": 1, "b": 1, "note": None}


def submitted(version: InstrumentVersion, **answers: int) -> Response:
    draft = draft_response(version)
    save_answers(draft, answers={**ANSWERS, **answers}, revision=0, now=NOW)
    return submit_response(draft, now=NOW)


@pytest.fixture
def version():
    return published(small())


@pytest.fixture
def five(version):
    """Five responses, scored under version 1; the rules have changed since, to version 2."""
    return [submitted(version, a=a) for a in (1, 2, 3, 2, 1)]


@pytest.fixture(autouse=True)
def newer(request, monkeypatch):
    """The scoring version goes up after the responses came in."""
    if "five" in request.fixturenames:
        request.getfixturevalue("five")
    monkeypatch.setattr(rescoring, "SCORING_VERSION", 2)


def run(version: InstrumentVersion, size: int = 2) -> list[tuple[int, int]]:
    return [batch[:2] for batch in rescore_responses(version, size=size)]


def stored(scoring_version: int) -> list[tuple]:
    rows = Score.objects.filter(scoring_version=scoring_version).order_by("response_id")
    return list(rows.values_list("response_id", "scale", "value", "answered", "total", "prorated", "sem"))


def test_every_response_gets_scores_under_the_new_version_beside_the_old_ones(five, version):
    old = stored(1)
    assert run(version) == [(2, 2), (2, 2), (1, 1)]
    assert (stored(1), stored(2)) == (old, old)
    assert {scores["sum"].scoring_version for scores in latest_scores(one.pk for one in five).values()} == {2}


def test_a_second_run_adds_nothing(five, version):
    run(version)
    assert (run(version), versions_to_rescore(), unscored_responses().count()) == ([], [], 0)
    assert Score.objects.count() == 10


def test_stopped_midway_it_goes_on_from_there(five, version):
    first = next(rescore_responses(version, size=2))
    assert first == Batch(2, 2, last=five[1].pk)
    assert len(stored(2)) == 2
    assert run(version) == [(2, 2), (1, 1)]
    assert [row[0] for row in stored(2)] == [one.pk for one in five]


def test_a_batch_that_fails_is_taken_back_as_a_whole_and_those_before_it_stay(five, version, monkeypatch):
    batches = rescore_responses(version, size=2)
    next(batches)
    with monkeypatch.context() as broken:
        broken.setattr(rescoring, "score_responses", impossible_at_the_end)
        with pytest.raises(IntegrityError):
            next(batches)
    assert [row[0] for row in stored(2)] == [one.pk for one in five[:2]]
    assert run(version) == [(2, 2), (1, 1)]


def impossible_at_the_end(definition, responses):
    *good, last = score_responses(definition, responses)
    return [*good, [score._replace(answered=score.total + 1) for score in last]]


def test_only_what_was_submitted_is_scored(five, version):
    withdraw_response(five[0], now=NOW)
    draft = draft_response(version)
    save_answers(draft, answers=ANSWERS, revision=0, now=NOW)
    assert run(version) == [(2, 2), (2, 2)]
    assert {row[0] for row in stored(2)} == {one.pk for one in five[1:]}


def test_who_submits_meanwhile_has_scores_already(five, version, monkeypatch):
    batches = rescore_responses(version, size=4)
    next(batches)
    monkeypatch.setattr("assessments.scoring.SCORING_VERSION", 2)
    submitted(version)
    assert [batch.responses for batch in batches] == [1]
    assert len(stored(2)) == 6


def test_what_was_submitted_by_older_code_meanwhile_is_found_by_the_same_run(five, version):
    batches = rescore_responses(version, size=5)
    next(batches)
    submitted(version)
    assert [batch.responses for batch in batches] == [1]


def test_no_receiver_is_told(five, version):
    heard = []

    def listen(**sent):
        heard.append(sent)

    response_submitted.connect(listen)
    run(version)
    response_submitted.disconnect(listen)
    assert heard == []


def test_only_versions_with_scales_and_waiting_responses_are_rescored(five, version):
    published(small(slug="unanswered"))
    submitted(published(small(slug="unscored", scales=[])))
    other = published(small(slug="other"))
    submitted(other)
    assert versions_to_rescore() == [version, other]
    assert versions_to_rescore("other") == [other]
    assert versions_to_rescore("unanswered") == []


def test_every_version_of_an_instrument_is_scored_by_its_own_rules(five, version):
    later = published(small(scales=[{**small().scale("sum").model_dump(mode="json"), "kind": "sum", "minimum": 2}]))
    submitted(later)
    assert versions_to_rescore("small") == [version, later]
    assert (run(version), run(later)) == ([(2, 2), (2, 2), (1, 1)], [(1, 1)])
    assert [row[2] for row in stored(2)] == [0.0, 25.0, 50.0, 25.0, 0.0, 4.0]


def test_a_definition_that_was_tampered_with_scores_nothing(five):
    five[0].version.digest = "0" * 64
    with pytest.raises(DefinitionTampered):
        run(five[0].version)
    assert stored(2) == []


def test_a_batch_takes_as_many_queries_whatever_its_size(five, version):
    def statements(size: int) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            next(rescore_responses(version, size=size))
        return [query["sql"].split()[0] for query in captured]

    assert statements(1) == statements(3) == ["SAVEPOINT", "SELECT", "SELECT", "INSERT", "RELEASE"]
