from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.definition import Alert
from counseling.patterns.base import History, Level, NotComputed, PatternState, Report, Step
from counseling.patterns.safety import find
from counseling.patterns.thresholds import Thresholds
from tests.counseling.patterns.builders import ALERTS, START, codes, history, report, wave

NUMBERS = Thresholds()
answer = st.one_of(st.none(), st.integers(0, 4))
answered = st.fixed_dictionaries(
    {}, optional={"fear": answer, "hurt": answer, "contact": st.sampled_from([None, 0, 1])}
)
waves_of_answers = st.lists(st.one_of(st.none(), answered), max_size=7)


def says(*, valid: bool = True, **answers: int | None) -> Report:
    return report(answers=answers, valid=valid)


def of_a(*reports: Report | None) -> PatternState:
    return next(state for state in find(history(*((one, None) for one in reports)), NUMBERS) if state.subject == "a")


def kinds(state: PatternState) -> list[tuple[str, str, str]]:
    return [(event.kind, event.wave, event.level.code) for event in state.events]


@pytest.mark.parametrize("answers", [{"fear": 1}, {"hurt": 4}, {"contact": 1}])
def test_one_answer_of_one_wave_is_enough(answers):
    state = of_a(says(**answers))
    assert (state.level, state.probability) == (Level.URGENT, None)
    assert kinds(state) == [("raised", "w1", "urgent")]


def test_never_is_nothing():
    state = of_a(says(), says())
    assert (state.level, state.events, state.evidence["reasons"]) == (Level.NONE, (), [])
    assert state.steps[0] == Step(wave="w1", at=START, probability=None, level=Level.NONE)


def test_declining_is_soft_where_the_questionnaire_says_so():
    state = of_a(says(fear=None))
    assert (state.level, codes(state)) == (Level.SIGNAL, ["declined_answer", "only_a_person_lifts_it"])
    assert of_a(says(contact=None)).level is Level.NONE


def test_sending_it_without_an_answer_is_soft_and_an_answer_is_more():
    blank = Report(at=START, answers={"hurt": 0, "contact": 0}, alerts=ALERTS, left_open=frozenset({"fear"}))
    state = of_a(blank)
    assert (state.level, codes(state)) == (Level.SIGNAL, ["left_open_answer", "only_a_person_lifts_it"])
    assert of_a(blank, says(fear=2)).level is Level.URGENT


def test_a_configured_risk_item_of_another_questionnaire():
    risk = (Alert(item="item9", at_or_above=1, kind="safety"),)
    low, high = (report(answers={"item9": value}, alerts=risk) for value in (0, 1))
    assert of_a(low).level is Level.NONE
    assert of_a(high).level is Level.URGENT


def test_it_stays_whatever_comes_after():
    state = of_a(says(fear=1), says(), says(), says())
    assert state.level is Level.URGENT
    assert kinds(state) == [("raised", "w1", "urgent")]


def test_a_later_urgent_answer_raises_it_again_and_a_later_declined_one_does_not():
    state = of_a(says(fear=None), says(fear=2), says(hurt=None), says(contact=1))
    assert kinds(state) == [("raised", "w1", "signal"), ("strengthened", "w2", "urgent"), ("reopened", "w4", "urgent")]


def test_a_report_that_is_not_valid_counts_in_full():
    assert of_a(says(valid=False, fear=1)).level is Level.URGENT


def test_the_instant_is_the_answers_own():
    late = report(answers={"fear": 3}, at=START + timedelta(hours=7))
    assert of_a(late).events[0].at == START + timedelta(hours=7)


def test_each_partner_for_themselves():
    by_member = {state.subject: state.level for state in find(history((says(fear=1), says())), NUMBERS)}
    assert by_member == {"a": Level.URGENT, "b": Level.NONE}


def test_a_single_client_is_the_only_subject():
    (state,) = find(History([wave(1, says(fear=1))], members=("a",)), NUMBERS)
    assert state.subject == "a"


def test_what_was_not_answered_is_not_never():
    half = Report(at=START, answers={"fear": 0, "contact": 0}, alerts=ALERTS)
    assert of_a(None, report(alerts=()), half).not_computed == (
        NotComputed(wave="w1", member="a", what="safety", why="no_report"),
        NotComputed(wave="w2", member="a", what="safety", why="not_asked"),
        NotComputed(wave="w3", member="a", what="hurt", why="not_answered"),
    )


def test_the_snapshot():
    first = report(answers={"fear": 2}, reference="r1")
    second = report(answers={"fear": 3, "hurt": None, "contact": 1}, reference="r2", at=START + timedelta(days=14))
    found = of_a(first, second).evidence
    assert json.loads(json.dumps(found)) == found
    assert found["contact_requested"] is True
    assert found["items"][0] == {
        "kind": "safety",
        "item": "fear",
        "answer": 2,
        "at": "2026-01-05T09:00:00+00:00",
        "wave": "w1",
        "reference": "r1",
    }
    assert found["thresholds"] == {"digest": NUMBERS.digest()}
    assert found["reasons"] == [
        {
            "code": "safety_answer",
            "subject": "a",
            "item": "fear",
            "answer": 3,
            "at": "2026-01-19T09:00:00+00:00",
            "times": 2,
        },
        {
            "code": "contact_request_answer",
            "subject": "a",
            "item": "contact",
            "answer": 1,
            "at": "2026-01-19T09:00:00+00:00",
            "times": 1,
        },
        {
            "code": "declined_answer",
            "subject": "a",
            "item": "hurt",
            "answer": None,
            "at": "2026-01-19T09:00:00+00:00",
            "times": 1,
        },
        {"code": "only_a_person_lifts_it"},
    ]


def case_of(said: Iterable[Mapping[str, Any] | None], *, valid: bool = True) -> list[Report | None]:
    return [None if answers is None else report(answers=answers, valid=valid) for answers in said]


@given(waves_of_answers, waves_of_answers)
def test_no_input_makes_safety_vanish(said, more):
    before = of_a(*case_of(said))
    after = of_a(*case_of(said), *case_of(more))
    assert after.level >= before.level
    assert after.events[: len(before.events)] == before.events
    assert "cleared" not in {event.kind for event in after.events}


@given(waves_of_answers)
def test_validity_makes_no_difference(said):
    assert of_a(*case_of(said)) == of_a(*case_of(said, valid=False))


@given(waves_of_answers)
def test_the_level_is_the_strongest_answer_there_ever_was(said):
    given_answers = [(item, value) for answers in said if answers for item, value in answers.items()]
    urgent = any(value for _, value in given_answers if value is not None)
    soft = any(value is None and item != "contact" for item, value in given_answers)
    expected = Level.URGENT if urgent else Level.SIGNAL if soft else Level.NONE
    assert of_a(*case_of(said)).level is expected
