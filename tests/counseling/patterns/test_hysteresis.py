from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.patterns.base import Event, Level, Step
from counseling.patterns.hysteresis import events, levels, steps_at
from counseling.patterns.thresholds import Rule
from tests.counseling.patterns.builders import START, couple, history, report

RULE = Rule(quantity="q", size=1)
NONE, SIGNAL, PATTERN = Level.NONE, Level.SIGNAL, Level.PATTERN
probabilities = st.lists(st.floats(0, 1), max_size=20)


def after(*given_probabilities: float, rule: Rule = RULE) -> list[Level]:
    return levels((probability, rule) for probability in given_probabilities)


def kinds(*reached: Level) -> list[tuple[str, str]]:
    steps = [
        Step(wave=f"w{n}", at=START + timedelta(days=n), probability=0.5, level=level)
        for n, level in enumerate(reached)
    ]
    return [(event.kind, event.wave) for event in events(steps)]


@pytest.mark.parametrize(
    ("probability", "level"),
    [(0.0, NONE), (0.79, NONE), (0.80, SIGNAL), (0.89, SIGNAL), (0.90, PATTERN), (1.0, PATTERN)],
)
def test_one_wave(probability, level):
    assert after(probability) == [level]


def test_a_signal_stays_in_between():
    assert after(0.85, 0.60, 0.41, 0.79) == [SIGNAL] * 4


def test_a_pattern_stays_until_it_would_not_be_raised():
    assert after(0.95, 0.80, 0.79, 0.89, 0.90) == [PATTERN, PATTERN, SIGNAL, SIGNAL, PATTERN]


def test_one_low_wave_clears_nothing():
    assert after(0.85, 0.10, 0.50, 0.10, 0.45) == [SIGNAL] * 5


def test_two_low_waves_in_a_row_clear():
    assert after(0.95, 0.39, 0.39, 0.79) == [PATTERN, SIGNAL, NONE, NONE]


def test_the_boundary_of_clearing_is_below():
    assert after(0.85, 0.40, 0.40) == [SIGNAL] * 3


def test_a_clinic_may_clear_after_one_wave():
    assert after(0.95, 0.39, rule=RULE.model_copy(update={"clear_waves": 1})) == [PATTERN, NONE]


def test_each_wave_is_judged_by_its_own_rule():
    strict = Rule(quantity="q", size=1, raise_at=0.95, confirm_at=0.99)
    assert levels([(0.90, strict), (0.90, RULE)]) == [NONE, PATTERN]


def test_nothing_judged_nothing_reached():
    assert after() == []


def test_the_events_of_a_whole_life():
    assert kinds(NONE, SIGNAL, PATTERN, SIGNAL, NONE, NONE, PATTERN, NONE) == [
        ("raised", "w1"),
        ("strengthened", "w2"),
        ("weakened", "w3"),
        ("cleared", "w4"),
        ("reopened", "w6"),
        ("strengthened", "w6"),
        ("cleared", "w7"),
    ]


def test_an_event_carries_its_wave_instant_probability_and_level():
    step = Step(wave="w9", at=START, probability=0.83, level=SIGNAL)
    assert events([step]) == (Event(kind="raised", wave="w9", at=START, probability=0.83, level=SIGNAL),)


def test_steps_are_dated_by_the_last_report():
    late = report({"giving": 50, "receiving": 50}, at=START + timedelta(hours=3))
    (step,) = steps_at(history((report(), late)), [0], [0.5], [NONE])
    assert step == Step(wave="w1", at=START + timedelta(hours=3), probability=0.5, level=NONE)


def test_steps_skip_waves_without_anything_to_say():
    found = steps_at(couple((1, 1), (None, None), (2, 2)), [0, 2], [0.1, 0.2], [NONE, NONE])
    assert [step.wave for step in found] == ["w1", "w3"]


@given(probabilities)
def test_it_rises_only_when_it_may_and_falls_only_when_it_must(series):
    before, low = NONE, 0
    for probability, level in zip(series, after(*series), strict=True):
        low = low + 1 if probability < 0.40 else 0
        if level > before:
            assert probability >= (0.90 if level is PATTERN else 0.80)
        if level < before:
            assert (low >= 2) if level is NONE else (probability < 0.80)
        before = level


@given(probabilities)
def test_raising_and_clearing_alternate(series):
    steps = [
        Step(wave=str(n), at=START, probability=probability, level=level)
        for n, (probability, level) in enumerate(zip(series, after(*series), strict=True))
    ]
    turns = [event.kind for event in events(steps) if event.kind in {"raised", "reopened", "cleared"}]
    assert turns == [("raised" if n == 0 else "reopened") if n % 2 == 0 else "cleared" for n in range(len(turns))]


@given(probabilities)
def test_the_past_does_not_depend_on_the_future(series):
    assert [after(*series[:end])[-1] for end in range(1, len(series) + 1)] == after(*series)
