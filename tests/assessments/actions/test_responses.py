"""Answering: page by page into a draft, once into a response, whatever the browser does."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.actions import responses as actions
from assessments.actions.responses import (
    change_language,
    save_answers,
    start_response,
    submit_response,
    withdraw_response,
)
from assessments.exceptions import IllegalMove, InvalidAnswers, StaleState
from assessments.models import Response, Score
from assessments.signals import answers_saved, response_submitted
from tests.assessments.factories import NOW, draft_response, full_answers, published, small

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=1)
PAGE = {"n1": 0, "n2": 1, "n3": None, "n4": 3}


@contextmanager
def hearing(signal):
    heard: list[dict[str, Any]] = []

    def listen(**sent):
        heard.append({name: sent[name] for name in sent if name != "signal"})

    signal.connect(listen, sender=Response, weak=False)
    yield heard
    signal.disconnect(listen, sender=Response)


@pytest.fixture
def draft():
    return draft_response()


@pytest.fixture
def complete(draft):
    return save_answers(draft, answers=full_answers(), revision=0, now=LATER)


@pytest.fixture
def submitted(complete):
    return submit_response(complete, now=LATER)


# --- Start ----------------------------------------------------------------------------------------


def test_a_draft_pins_version_language_and_words():
    version = published()
    started = start_response(version, language="es-mx", other_role="mother", now=NOW)
    started.refresh_from_db()
    assert (started.version, started.status, started.revision, started.answers) == (version, "draft", 0, {})
    assert (started.language, started.other_role, started.other_term) == ("es", "mother", "mi madre")
    assert (started.started_at, started.saved_at, started.submitted_at) == (NOW, None, None)


def test_a_language_that_is_not_there_falls_back_with_its_words():
    started = start_response(published(), language="fr", other_role="sister", now=NOW)
    assert (started.language, started.other_term) == ("en", "my sister")


def test_an_unknown_role_is_refused():
    version = published()
    with pytest.raises(ValueError, match="neighbour"):
        start_response(version, language="en", other_role="neighbour", now=NOW)


# --- Save -----------------------------------------------------------------------------------------


def test_a_page_is_merged_into_the_draft(draft):
    save_answers(draft, answers=PAGE, revision=0, now=LATER)
    saved = save_answers(draft, answers={"e1": 4, "n1": 2}, revision=1, now=LATER)
    saved.refresh_from_db()
    assert (saved.answers, saved.revision, saved.saved_at) == ({**PAGE, "n1": 2, "e1": 4}, 2, LATER)


def test_the_time_a_page_took_is_spread_over_its_items(draft):
    saved = save_answers(draft, answers=PAGE, revision=0, now=NOW + timedelta(seconds=20))
    saved = save_answers(saved, answers={"e1": 1, "e2": 1}, revision=1, now=NOW + timedelta(seconds=23))
    assert saved.item_seconds == {"n1": 5.0, "n2": 5.0, "n3": 5.0, "n4": 5.0, "e1": 1.5, "e2": 1.5}


def test_sending_the_same_page_twice_is_no_conflict(draft):
    first = save_answers(draft, answers=PAGE, revision=0, now=LATER)
    again = save_answers(draft, answers=PAGE, revision=0, now=LATER + timedelta(minutes=1))
    assert (again.revision, again.answers, again.saved_at) == (first.revision, first.answers, LATER)


def test_another_tab_with_other_answers_is_told(draft):
    save_answers(draft, answers=PAGE, revision=0, now=LATER)
    with pytest.raises(StaleState):
        save_answers(draft, answers={**PAGE, "n1": 4}, revision=0, now=LATER)
    draft.refresh_from_db()
    assert draft.answers == PAGE


def test_a_writer_between_reading_and_writing_is_noticed(draft, monkeypatch):
    """Where the database cannot hold the row, the guarded update still refuses."""
    locked = actions._locked

    def overtaken(response):
        row = locked(response)
        Response.objects.filter(pk=row.pk).update(revision=7)
        return row

    monkeypatch.setattr(actions, "_locked", overtaken)
    with pytest.raises(StaleState):
        save_answers(draft, answers=PAGE, revision=0, now=LATER)
    with pytest.raises(InvalidAnswers):
        submit_response(draft, now=LATER)


def test_an_impossible_answer_saves_nothing_of_its_page(draft):
    with pytest.raises(InvalidAnswers) as caught:
        save_answers(draft, answers={**PAGE, "n1": 9, "zz": 1}, revision=0, now=LATER)
    assert caught.value.problems == {"n1": "unknown_value", "zz": "unknown_item"}
    draft.refresh_from_db()
    assert (draft.answers, draft.revision) == ({}, 0)


def test_a_saved_page_is_told_so_that_a_risk_alerts_at_once(draft):
    with hearing(answers_saved) as heard:
        saved = save_answers(draft, answers={"fear": 3}, revision=0, now=LATER)
        save_answers(draft, answers={"fear": 3}, revision=0, now=LATER)
    assert heard == [{"sender": Response, "response": saved, "answers": {"fear": 3}}]


def test_a_receiver_that_fails_takes_the_page_back(draft):
    def fail(**_):
        raise RuntimeError("no")

    answers_saved.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            save_answers(draft, answers=PAGE, revision=0, now=LATER)
    finally:
        answers_saved.disconnect(fail)
    draft.refresh_from_db()
    assert draft.answers == {}


def test_a_submitted_response_takes_no_more_answers(submitted):
    with pytest.raises(IllegalMove):
        save_answers(submitted, answers=PAGE, revision=1, now=LATER)


# --- Language -------------------------------------------------------------------------------------


def test_another_language_keeps_the_answers_and_changes_the_words(draft):
    save_answers(draft, answers=PAGE, revision=0, now=LATER)
    changed = change_language(draft, language="es")
    changed.refresh_from_db()
    assert (changed.language, changed.other_term, changed.answers) == ("es", "mi pareja", PAGE)
    assert change_language(draft, language="fr").language == "en"


def test_a_submitted_response_keeps_its_language(submitted):
    with pytest.raises(IllegalMove):
        change_language(submitted, language="es")


# --- Submit ---------------------------------------------------------------------------------------


def test_submitting_stores_answers_scores_and_tells(complete):
    with hearing(response_submitted) as heard:
        response = submit_response(complete, now=LATER)
    response.refresh_from_db()
    assert (response.status, response.submitted_at, response.answers) == ("submitted", LATER, full_answers())
    scores = {score.scale: score for score in Score.objects.all()}
    assert {score.value for score in scores.values()} == {50.0}
    need = scores["need"]
    assert (need.answered, need.total, need.prorated, need.sem, need.scoring_version) == (4, 4, False, 12.0, 1)
    assert [(sent["sender"], sent["response"]) for sent in heard] == [(Response, response)]
    assert {score.pk for score in heard[0]["scores"]} == {score.pk for score in scores.values()}


def test_hidden_answers_are_dropped_and_their_scales_not_computed(draft):
    save_answers(draft, answers={**full_answers(), "limit": 0}, revision=0, now=LATER)
    response = submit_response(draft, now=LATER)
    assert {"p1", "p2", "p3"} & set(response.answers) == set()
    assert (Score.objects.get(scale="pushback").value, Score.objects.get(scale="own_pushback").value) == (None, 50.0)


def test_what_is_missing_is_told_and_nothing_is_stored(draft):
    save_answers(draft, answers={**full_answers(), "fear": None}, revision=0, now=LATER)
    Response.objects.update(answers={key: value for key, value in full_answers().items() if key != "fear"})
    with pytest.raises(InvalidAnswers) as caught:
        submit_response(draft, now=LATER)
    assert caught.value.problems == {"fear": "required"}
    draft.refresh_from_db()
    assert (draft.status, Score.objects.count()) == ("draft", 0)


def test_submitting_again_is_the_same_response(submitted):
    with hearing(response_submitted) as heard:
        again = submit_response(submitted, now=LATER + timedelta(days=1))
    assert (again, again.submitted_at, heard, Score.objects.count()) == (submitted, LATER, [], 11)


def test_the_second_of_two_who_submit_at_once_is_told(complete, monkeypatch):
    locked = actions._locked

    def overtaken(response):
        row = locked(response)
        Response.objects.filter(pk=row.pk).update(status="submitted", submitted_at=NOW)
        return row

    monkeypatch.setattr(actions, "_locked", overtaken)
    with pytest.raises(StaleState):
        submit_response(complete, now=LATER)
    assert Score.objects.count() == 0


def test_a_receiver_that_fails_takes_the_submission_back(complete):
    def fail(**_):
        raise RuntimeError("no")

    response_submitted.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            submit_response(complete, now=LATER)
    finally:
        response_submitted.disconnect(fail)
    complete.refresh_from_db()
    assert (complete.status, Score.objects.count()) == ("draft", 0)


def test_a_questionnaire_without_scales_can_be_submitted():
    draft = draft_response(published(small(scales=[])))
    save_answers(draft, answers={"a": 1, "gate": 0}, revision=0, now=LATER)
    assert (submit_response(draft, now=LATER).status, Score.objects.count()) == ("submitted", 0)


def test_saving_and_submitting_take_few_queries(draft):
    def statements(move) -> list[str]:
        """The first words of what was said to our own tables; receivers elsewhere have their own."""
        with CaptureQueriesContext(connection) as captured:
            move()
        return [query["sql"].split()[0] for query in captured if "assessments_" in query["sql"].split("WHERE")[0]]

    saving = statements(lambda: save_answers(draft, answers=full_answers(), revision=0, now=LATER))
    assert saving == ["SELECT", "UPDATE"]
    assert statements(lambda: submit_response(draft, now=LATER)) == ["SELECT", "UPDATE", "INSERT"]


# --- Withdraw -------------------------------------------------------------------------------------


def test_a_submitted_response_can_be_withdrawn_once(submitted):
    withdrawn = withdraw_response(submitted, now=LATER)
    assert (withdrawn.status, withdrawn.withdrawn_at, withdrawn.submitted_at) == ("withdrawn", LATER, LATER)
    with pytest.raises(IllegalMove):
        withdraw_response(submitted, now=LATER)
    with pytest.raises(IllegalMove):
        submit_response(submitted, now=LATER)


def test_a_draft_cannot_be_withdrawn(draft):
    with pytest.raises(IllegalMove):
        withdraw_response(draft, now=LATER)
