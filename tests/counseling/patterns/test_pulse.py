"""The short form between two long ones: read by the same rules, believed less."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessments.conf import SHIPPED_CATALOG
from assessments.definition import Definition, load_definition
from assessments.scoring import score_response
from counseling.patterns.base import History, Level, Report
from counseling.patterns.evaluate import evaluate
from counseling.patterns.thresholds import Thresholds
from tests.assessments.factories import full_answers, two_way_check_in
from tests.counseling.patterns.builders import START, wave
from tests.couples import BLURRED, GIVES, RECEIVES

TWC = two_way_check_in()
PULSE = load_definition((SHIPPED_CATALOG / "two-way-pulse.json").read_bytes())
NUMBERS = Thresholds()


def answered(definition: Definition, number: int, **answers: int) -> Report:
    """What somebody says who answers so, and in the middle of the road otherwise."""
    asked = {item.id for item in definition.questions()}
    given = {item: answer for item, answer in {**full_answers(), **answers}.items() if item in asked}
    scores = {score.scale: score for score in score_response(definition, given)}
    at = START + timedelta(days=14 * (number - 1))
    return Report(at=at, answers=given, scores=scores, alerts=definition.alerts)


def history(*definitions: Definition, a: dict[str, int], b: dict[str, int]) -> History:
    numbered = enumerate(definitions, 1)
    return History(wave(n, answered(asked, n, **a), answered(asked, n, **b)) for n, asked in numbered)


def levels(case: History) -> dict[tuple[str, str], Level]:
    return {(state.pattern, state.subject): state.level for state in evaluate(case, NUMBERS)}


def probability(case: History, pattern: str, subject: str = "a") -> float:
    return next(s.probability or 0 for s in evaluate(case, NUMBERS) if (s.pattern, s.subject) == (pattern, subject))


def test_one_pulse_however_extreme_confirms_nothing():
    case = history(PULSE, a={**GIVES, **BLURRED}, b={**RECEIVES, **BLURRED})
    found = levels(case)
    assert {found[pattern, member] for pattern in ("one_sided", "enmeshed") for member in "ab"} <= {
        Level.NONE,
        Level.SIGNAL,
    }


@pytest.mark.parametrize(("pattern", "a", "b"), [("one_sided", GIVES, RECEIVES), ("enmeshed", BLURRED, BLURRED)])
def test_the_same_answers_are_believed_less_than_from_the_long_form(pattern, a, b):
    short, long = (probability(history(asked, a=a, b=b), pattern) for asked in (PULSE, TWC))
    assert 0.5 < short < long


@pytest.mark.parametrize(("pattern", "a", "b"), [("one_sided", GIVES, RECEIVES), ("enmeshed", BLURRED, BLURRED)])
def test_pulses_between_two_long_forms_add_to_what_is_known(pattern, a, b):
    alone = probability(history(TWC, a=a, b=b), pattern)
    with_pulses = history(TWC, PULSE, PULSE, a=a, b=b)
    assert alone < probability(with_pulses, pattern)
    assert levels(with_pulses)[pattern, "a"] is Level.PATTERN


def test_middling_pulses_raise_nothing():
    assert set(levels(history(*[PULSE] * 12, a={}, b={})).values()) == {Level.NONE}


def test_fear_in_a_pulse_is_urgent_at_once():
    assert levels(history(PULSE, a={"fear": 1}, b={}))["safety", "a"] is Level.URGENT


def test_what_a_pulse_does_not_ask_is_told_and_no_evidence_is_made_up():
    for state in evaluate(history(PULSE, a=GIVES, b=RECEIVES), NUMBERS):
        rows = state.evidence.get("items", [])
        answered_items = {item for row in rows if "items" in row for item in row["items"].values() if row["answers"]}
        assert answered_items <= {item.id for item in PULSE.questions()}
