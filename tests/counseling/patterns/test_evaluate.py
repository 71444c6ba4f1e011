from __future__ import annotations

import json
import random
from typing import Any

import pytest

from assessments.scoring import score_response
from counseling.patterns import one_sided
from counseling.patterns.base import History, Report, Wave
from counseling.patterns.evaluate import evaluate, finders
from counseling.patterns.thresholds import Thresholds
from tests.assessments.factories import full_answers, two_way_check_in
from tests.counseling.patterns.builders import FORTNIGHT, START, couple, gap_report, report, wave

NUMBERS = Thresholds()


def test_every_pattern_file_is_run():
    assert {find.__module__.rpartition(".")[2] for find in finders()} == {"one_sided", "enmeshed", "safety"}
    assert one_sided.find in finders()


def test_every_pattern_about_every_member_in_a_fixed_order():
    assert [(state.pattern, state.subject) for state in evaluate(couple((10, 10)), NUMBERS)] == [
        ("enmeshed", "a"),
        ("enmeshed", "b"),
        ("one_sided", "a"),
        ("one_sided", "b"),
        ("safety", "a"),
        ("safety", "b"),
    ]
    alone = History([wave(1, gap_report(10))], members=("a",))
    assert [(state.pattern, state.subject) for state in evaluate(alone, NUMBERS)] == [
        ("enmeshed", "a"),
        ("one_sided", "a"),
        ("safety", "a"),
    ]


def test_an_empty_history_is_all_not_computed_yet():
    states = evaluate(History([]), NUMBERS)
    assert {(state.level.code, state.probability) for state in states} == {("none", None)}


def test_the_same_answers_give_the_same_states_in_any_order():
    waves = list(couple((40, -20), (30, None), (None, -50), (45, -20)).waves)
    random.Random(3).shuffle(waves)
    assert evaluate(History(waves), NUMBERS) == evaluate(couple((40, -20), (30, None), (None, -50), (45, -20)), NUMBERS)


def test_an_invalid_response_suppresses_patterns_and_never_safety():
    loud = {"giving": 100, "receiving": 0, "blur": 100, "need": 100}
    waves = [
        wave(number, report(loud, {"fear": 4}, valid=False), report({"giving": 0, "receiving": 100}, valid=False))
        for number in (1, 2, 3)
    ]
    levels = {(state.pattern, state.subject): state.level.code for state in evaluate(History(waves), NUMBERS)}
    assert levels.pop(("safety", "a")) == "urgent"
    assert set(levels.values()) == {"none"}


@pytest.mark.parametrize("number", range(3))
def test_answers_of_the_shipped_questionnaire_from_item_to_finding(number):
    """One who does everything almost always for a partner who never does anything, as the engine scores it."""
    definition = two_way_check_in()
    gives = {f"g{n}": 4 for n in range(1, 5)} | {"g5": 0} | {f"v{n}": 0 for n in range(1, 5)} | {"v5": 4}
    gets = {f"v{n}": 4 for n in range(1, 5)} | {"v5": 0} | {f"g{n}": 0 for n in range(1, 5)} | {"g5": 4}

    def of(answers: dict[str, Any]) -> Report:
        scores = {score.scale: score for score in score_response(definition, answers)}
        return Report(at=START, answers=answers, scores=scores, alerts=definition.alerts)

    waves = [
        Wave(key=str(n), at=START + FORTNIGHT * n, a=of(full_answers() | gives), b=of(full_answers() | gets))
        for n in range(number + 1)
    ]
    giver = next(state for state in evaluate(History(waves), NUMBERS) if state.pattern == "one_sided")
    assert (giver.subject, giver.level.code) == ("a", "pattern")
    assert giver.evidence["observed"]["value"] == 100
    assert json.loads(json.dumps(giver.evidence)) == giver.evidence
