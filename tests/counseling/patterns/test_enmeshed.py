from __future__ import annotations

import json
import math
from collections.abc import Iterable
from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.patterns.base import History, Level, PatternState, Report
from counseling.patterns.enmeshed import find
from counseling.patterns.thresholds import Thresholds
from tests.counseling.patterns.builders import codes, history, reason, report, sure, swapped, wave

NUMBERS = Thresholds()
scales = st.one_of(st.none(), st.floats(0, 100))
reports = st.one_of(st.none(), st.tuples(scales, scales))
couples = st.lists(st.tuples(reports, reports), max_size=7)
Scores = tuple[float | None, float | None] | None


def states(case: History, numbers: Thresholds = NUMBERS) -> dict[str, PatternState]:
    return {state.subject: state for state in find(case, numbers)}


def blurred(blur: float | None, need: float | None = None, **rest: Any) -> Report:
    return report({"blur": blur, "need": need}, **rest)


def case_of(pairs: Iterable[tuple[Scores, Scores]]) -> History:
    return history(*((None if a is None else blurred(*a), None if b is None else blurred(*b)) for a, b in pairs))


def above(size: float, score: float, error: float) -> float:
    """P(level > size) after one score, by hand: the prior 400, the bias 64, and the score's error."""
    total = 400 + 64 + error
    return 1 - NormalDist(50 + (score - 50) * 400 / total, math.sqrt(400 - 400**2 / total)).cdf(size)


# --- Worked examples --------------------------------------------------------------------------------------


def test_blur_and_need_by_hand():
    """B 85 and N 80, partner silent: P(B > 55) * P(N > 50)."""
    state = states(history((blurred(85, 80), None)))["a"]
    assert state.probability == pytest.approx(above(55, 85, 81) * above(50, 80, 144))
    assert (state.level, state.label, state.basis) == (Level.PATTERN, "enmeshed", "one_view")


def test_either_companion_will_do():
    """B 85, need only 20, and the partner's B 85: P(B > 55) * (1 - P(N <= 50) * P(partner's B <= 55))."""
    state = states(history((blurred(85, 20), blurred(85, 20))))["a"]
    either = 1 - (1 - above(50, 20, 144)) * (1 - above(55, 85, 81))
    assert state.probability == pytest.approx(above(55, 85, 81) * either)
    assert (state.level, state.label, state.basis) == (Level.PATTERN, "enmeshed", "both")


def test_blur_alone_is_a_signal_of_its_own_however_sure():
    state = states(history(*[(blurred(95, 10), blurred(20, 20))] * 6))["a"]
    assert (state.level, state.label) == (Level.SIGNAL, "blurred_boundaries")
    assert sure(state) > 0.99
    assert [event.kind for event in state.events] == ["raised"]
    assert reason(state, "blur_alone") == {"code": "blur_alone", "subject": "a", "partner": "b"}


def test_blur_without_any_companion_known_is_blur_alone():
    state = states(history((blurred(95), None)))["a"]
    assert (state.level, state.label, state.basis) == (Level.SIGNAL, "blurred_boundaries", "one_view")
    assert state.probability == pytest.approx(above(55, 95, 81))
    assert [row["what"] for row in state.evidence["not_computed"]] == ["need", "blur"]


def test_nothing_to_see_is_computed_of_the_whole_rule():
    state = states(history((blurred(30, 30), blurred(30, 30))))["a"]
    assert (state.level, state.label, codes(state)) == (Level.NONE, "enmeshed", ["not_raised"])
    assert sure(state) < 0.01


def test_nothing_to_see_of_blur_alone_either():
    state = states(history((blurred(30), None)))["a"]
    assert (state.level, state.label) == (Level.NONE, "enmeshed")
    assert state.probability == pytest.approx(above(55, 30, 81))


def test_need_alone_says_nothing():
    state = states(history((report({"need": 90}), None)))["a"]
    assert (state.level, state.steps) == (Level.NONE, ())
    assert state.evidence["reasons"] == []
    assert {row["why"] for row in state.evidence["not_computed"]} == {"not_asked", "no_report"}


def test_when_the_need_goes_the_label_softens_and_when_the_blur_goes_it_clears():
    waves = [*[(blurred(90, 90), None)] * 3, *[(blurred(90, 0), None)] * 12, *[(blurred(0, 0), None)] * 12]
    state = states(history(*waves))["a"]
    assert [event.kind for event in state.events] == ["raised", "strengthened", "weakened", "cleared"]
    softened = states(history(*waves[:15]))["a"]
    assert (softened.level, softened.label) == (Level.SIGNAL, "blurred_boundaries")


def test_the_companion_is_remembered_in_a_wave_that_did_not_ask_for_it():
    state = states(history((blurred(85, 80), None), (report({"blur": 85}), None)))["a"]
    assert (state.label, len(state.steps)) == ("enmeshed", 2)


def test_the_partner_alone_is_no_wave_of_mine():
    state = states(history((blurred(85, 80), None), (None, blurred(85, 80))))["a"]
    assert [step.wave for step in state.steps] == ["w1"]


def test_a_single_client_is_the_only_subject():
    (state,) = find(History([wave(1, blurred(85, 80))], members=("a",)), NUMBERS)
    assert (state.subject, state.level) == ("a", Level.PATTERN)
    assert state.not_computed == ()


def test_a_clinic_may_judge_otherwise():
    strict = Thresholds.from_json({"enmeshed": {"need_above": 90}})
    assert states(history((blurred(85, 80), None)), strict)["a"].label == "blurred_boundaries"


# --- Evidence ---------------------------------------------------------------------------------------------

ANSWERS = {"e1": 4, "e2": 3, "e3": 0, "e4": 2, "o1": 1, "o2": None, "o3": 3, "n1": 2, "n3": 0}


def full_state() -> PatternState:
    a = report({"blur": 85, "need": 80}, ANSWERS)
    b = report({"blur": 70, "need": 20}, {"e1": 2})
    return states(history((a, b), (a, b)))["a"]


def test_the_snapshot_is_json():
    found = full_state().evidence
    assert json.loads(json.dumps(found)) == found


def test_the_items_of_both_side_by_side():
    items = full_state().evidence["items"]
    assert items[0] == {"about": None, "items": {"a": "e1", "b": "e1"}, "answers": {"a": 4, "b": 2}}
    assert items[5] == {"about": None, "items": {"a": "o2", "b": "o2"}, "answers": {"a": None}}
    assert [row["items"]["a"] for row in items] == [
        "e1",
        "e2",
        "e3",
        "e4",
        "o1",
        "o2",
        "o3",
        "o4",
        "n1",
        "n2",
        "n3",
        "n4",
    ]


def test_the_companions_with_their_estimates():
    need, partner = full_state().evidence["companions"]
    assert (need["quantity"], need["size"], partner["quantity"], partner["size"]) == ("need", 50, "partner_blur", 55)
    assert need["low"] < need["value"] < need["high"]


def test_the_reasons_in_order():
    assert codes(full_state()) == [
        "blurred",
        "need_too",
        "partner_blur_too",
        "how_sure",
        "since",
        "trend",
        "seen_in_answer",
        "seen_in_answer",
        "seen_in_answer",
        "would_clear",
        "other_readings",
    ]


def test_the_most_telling_answers_are_named():
    """Turned so that more is more blur: e1 4, e3 4 - 0, n3 4 - 0, then e2, o1 and o3 with 3."""
    named = [reason for reason in full_state().evidence["reasons"] if reason["code"] == "seen_in_answer"]
    assert [reason["items"]["a"] for reason in named] == ["e1", "e3", "n3"]


def test_one_view_is_said():
    state = states(history((blurred(85, 80), None)))["a"]
    assert reason(state, "one_view") == {"code": "one_view", "reporter": "a", "silent": "b"}


def test_only_a_likely_companion_is_named():
    state = states(history((blurred(85, 80), blurred(10, 10))))["a"]
    assert "need_too" in codes(state)
    assert "partner_blur_too" not in codes(state)


# --- Metamorphic ------------------------------------------------------------------------------------------


@given(couples)
def test_swapping_the_partners_mirrors_the_finding(pairs):
    here, there = states(case_of(pairs)), states(case_of([(b, a) for a, b in pairs]))
    assert here["a"].steps == there["b"].steps
    assert here["b"].events == there["a"].events
    assert here["a"].evidence.get("reasons") == swapped(there["b"].evidence.get("reasons"))


@given(couples, st.lists(st.booleans(), min_size=7, max_size=7))
def test_the_partners_reports_taken_away_never_make_it_surer(pairs, kept):
    """For all data: the partner's blur is one way for the rule to hold, so without it there is one way less."""
    alone = [(a, None) for a, _ in pairs]
    before, after = states(case_of(pairs))["a"], states(case_of(alone))["a"]
    assert after.level <= before.level
    assert all(fewer.level <= more.level for fewer, more in zip(after.steps, before.steps, strict=True))


@given(couples)
def test_blur_alone_is_never_a_pattern(pairs):
    for state in find(case_of(pairs), NUMBERS):
        if state.label == "blurred_boundaries":
            assert state.level is Level.SIGNAL


@given(couples)
def test_the_rule_is_never_likelier_than_the_blur_in_it(pairs):
    state = states(case_of(pairs))["a"]
    for row in state.evidence.get("path", []):
        deviation = (row["high"] - row["low"]) / 2 / 1.96
        assert row["probability"] <= 1 - NormalDist(row["value"], deviation).cdf(55) + 0.01


@given(couples, st.integers(0, 6))
def test_a_report_that_is_not_valid_changes_nothing(pairs, position):
    case = case_of(pairs)
    waves = list(case.waves)
    if position >= len(waves) or waves[position].a is not None:
        return
    waves[position] = wave(position + 1, blurred(100, 100, valid=False), waves[position].b)
    before, after = states(case), states(History(waves))
    for member in "ab":
        assert after[member].steps == before[member].steps
        assert after[member].events == before[member].events
