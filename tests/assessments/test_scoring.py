"""Scores of the Two-Way Check-In, by hand for every scale. Other kinds of scales: test_scoring_kinds.py."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.definition import Definition, Scale
from assessments.scoring import ScaleScore, answer_matrix, compile_definition, score_matrix, score_response
from tests.assessments.factories import full_answers, small, two_way_check_in

TWC = two_way_check_in()
Naive = tuple[float | None, int, bool]
SCORED = compile_definition(TWC).items

answered = st.one_of(st.none(), st.integers(0, 4))
responses = st.fixed_dictionaries({}, optional=dict.fromkeys(SCORED, answered))


def score(scale: str, **answers) -> ScaleScore:
    return next(found for found in score_response(TWC, answers) if found.scale == scale)


def result(scale: str, **answers) -> tuple[float | None, int, bool]:
    found = score(scale, **answers)
    return found.value, found.answered, found.prorated


# --- By hand --------------------------------------------------------------------------------------


def test_thirty_three_items_are_scored_and_six_more_after_a_limit():
    per_scale = {found.scale: (found.total, found.sem) for found in score_response(TWC, {})}
    assert per_scale == {
        "need": (4, 12.0),
        "boundaries": (4, None),
        "outside": (4, None),
        "blur": (8, 9.0),
        "carrying": (4, 15.0),
        "carried": (4, 15.0),
        "growth": (3, 15.0),
        "giving": (5, 12.0),
        "receiving": (5, 12.0),
        "pushback": (3, 15.0),
        "own_pushback": (3, 15.0),
    }
    assert len(SCORED) == 33 + 6


@pytest.mark.parametrize(
    ("scale", "answers", "expected"),
    [
        # 4 + 3 + (4-1) + (4-0) = 14 of 16
        ("need", {"n1": 4, "n2": 3, "n3": 1, "n4": 0}, (87.5, 4, False)),
        # 4 + 3 + (4-1) = 10 of 12
        ("need", {"n1": 4, "n2": 3, "n3": 1, "n4": None}, (250 / 3, 3, True)),
        ("need", {"n1": 4, "n2": 3}, (None, 2, False)),
        # 1 + 2 + (4-4) + (4-3) = 4 of 16
        ("boundaries", {"e1": 1, "e2": 2, "e3": 4, "e4": 3}, (25.0, 4, False)),
        # (4-0) + (4-1) + 3 + 2 = 12 of 16
        ("outside", {"o1": 0, "o2": 1, "o3": 3, "o4": 2}, (75.0, 4, False)),
        # both of the above: 16 of 32
        ("blur", {"e1": 1, "e2": 2, "e3": 4, "e4": 3, "o1": 0, "o2": 1, "o3": 3, "o4": 2}, (50.0, 8, False)),
        # without e4 and o4: 13 of 24
        ("blur", {"e1": 1, "e2": 2, "e3": 4, "o1": 0, "o2": 1, "o3": 3}, (25 * 13 / 6, 6, True)),
        ("blur", {"e1": 1, "e2": 2, "e3": 4, "o1": 0, "o2": 1}, (None, 5, False)),
        # 2 + 2 + (4-1) + 3 = 10 of 16
        ("carrying", {"c1": 2, "c2": 2, "c3": 1, "c4": 3}, (62.5, 4, False)),
        # 0 + 1 + (4-4) + 0 = 1 of 16
        ("carried", {"d1": 0, "d2": 1, "d3": 4, "d4": 0}, (6.25, 4, False)),
        # 3 + (4-1) + 3 = 9 of 12
        ("growth", {"s1": 3, "s2": 1, "s3": 3}, (75.0, 3, False)),
        ("growth", {"s1": 3, "s2": 1}, (75.0, 2, True)),
        ("growth", {"s1": 3}, (None, 1, False)),
        # 4 + 2 + (4-3) = 7 of 12
        ("pushback", {"p1": 4, "p2": 2, "p3": 3}, (700 / 12, 3, False)),
        ("pushback", {"p1": 4}, (None, 1, False)),
        # 0 + 1 + (4-4) = 1 of 12
        ("own_pushback", {"q1": 0, "q2": 1, "q3": 4}, (100 / 12, 3, False)),
        ("own_pushback", {"q2": 1, "q3": 4}, (12.5, 2, True)),
    ],
)
def test_worked_examples(scale, answers, expected):
    assert result(scale, **answers) == expected


GIVING = {"g1": 4, "g2": 3, "g3": 4, "g4": 2, "g5": 1}
RECEIVING = {"v1": 1, "v2": 1, "v3": 0, "v4": 2, "v5": 3}


def test_giving_and_receiving_over_five_pairs():
    # 4 + 3 + 4 + 2 + (4-1) = 16 of 20;  1 + 1 + 0 + 2 + (4-3) = 5 of 20
    assert result("giving", **GIVING, **RECEIVING) == (80.0, 5, False)
    assert result("receiving", **GIVING, **RECEIVING) == (25.0, 5, False)


def test_half_a_pair_drops_both_halves():
    # without g1 and v1: 12 of 16 and 4 of 16, although v1 was answered
    answers = {**GIVING, **RECEIVING, "g1": None}
    assert result("giving", **answers) == (75.0, 4, True)
    assert result("receiving", **answers) == (25.0, 4, True)


def test_three_pairs_are_too_few():
    answers = {**GIVING, **RECEIVING, "g1": None, "v2": None}
    assert result("giving", **answers) == (None, 3, False)
    assert result("receiving", **answers) == (None, 3, False)


def test_other_ranges_are_percents_of_the_maximum_possible_too():
    definition = small()  # answers from 1 to 3
    assert [found.value for found in score_response(definition, {"a": 1, "b": 3})] == [50.0]
    assert [found.value for found in score_response(definition, {"a": 2})] == [50.0]
    assert [found.value for found in score_response(definition, {"a": 1})] == [0.0]


def test_a_questionnaire_without_scales_has_no_scores():
    definition = small(scales=[])
    assert score_response(definition, {"a": 1}) == ()
    assert score_matrix(definition, answer_matrix(definition, [{}, {}])).value.shape == (2, 0)


def test_no_responses_make_no_rows():
    assert score_matrix(TWC, answer_matrix(TWC, [])).value.shape == (0, 11)


def test_a_definition_is_compiled_once_per_digest():
    assert compile_definition(small()) is compile_definition(small())


# --- Properties -----------------------------------------------------------------------------------


def naive_scores(definition: Definition, answers: Mapping[str, int | None]) -> list[Naive]:
    """The rules again, one scale and one item at a time."""
    return [naive_score(definition, scale, answers) for scale in definition.scales]


def naive_score(definition: Definition, scale: Scale, answers: Mapping[str, int | None]) -> Naive:
    counted = []
    for item in scale.items:
        value = answers.get(item)
        if value is None:
            continue
        if scale.complete_pairs:
            (pair,) = [pair for pair in definition.mirror(scale.complete_pairs).pairs if item in pair]
            if any(answers.get(half) is None for half in pair):
                continue
        counted.append(4 - value if item in scale.reversed else value)
    if len(counted) < scale.minimum:
        return None, len(counted), False
    return 25 * sum(counted) / len(counted), len(counted), len(counted) < len(scale.items)


@given(answers=responses)
def test_the_vectorised_scores_are_the_naive_ones(answers):
    found = [(score.value, score.answered, score.prorated) for score in score_response(TWC, answers)]
    expected = naive_scores(TWC, answers)
    assert [(n, p) for _, n, p in found] == [(n, p) for _, n, p in expected]
    assert [value for value, _, _ in found] == [None if v is None else pytest.approx(v) for v, _, _ in expected]


@given(answers=responses)
def test_scores_stay_within_bounds(answers):
    assert all(score.value is None or 0 <= score.value <= 100 for score in score_response(TWC, answers))


def test_items_in_another_order_are_another_definition():
    scales = (TWC.scales[0].model_copy(update={"items": ("n4", "n3", "n2", "n1")}), *TWC.scales[1:])
    other = TWC.model_copy(update={"scales": scales})
    assert (other.digest() != TWC.digest(), compile_definition(other) is compile_definition(TWC)) == (True, False)


@given(answers=responses)
def test_reversing_answers_and_scales_is_reversing_nothing(answers):
    """Every item turned round and every scale's reversals with it: the same scores."""
    turned = {item: None if value is None else 4 - value for item, value in answers.items()}
    scales = [
        scale.model_copy(update={"reversed": tuple(set(scale.items) - set(scale.reversed))}) for scale in TWC.scales
    ]
    assert score_response(TWC.model_copy(update={"scales": tuple(scales)}), turned) == score_response(TWC, answers)


@given(answers=responses, item=st.sampled_from(SCORED))
def test_missing_never_scores_as_zero(answers, item):
    """Whether an answer is absent or declined, the scales count one less and nothing in its place."""
    absent = {name: value for name, value in answers.items() if name != item}
    assert score_response(TWC, absent) == score_response(TWC, {**answers, item: None})
    high = dict.fromkeys(SCORED, 4) | {name: 0 for scale in TWC.scales for name in scale.reversed}
    del high[item]
    assert {score.value for score in score_response(TWC, high)} - {None} == {100.0}


# --- Error of a prorated score --------------------------------------------------------------------


def test_a_score_made_of_fewer_items_is_less_sure():
    """SEM · √(total / answered): the error of parallel items, blown up with the score by prorating."""
    definition = two_way_check_in()
    scale = next(each for each in definition.scales if each.sem and each.items)
    answers = full_answers() | dict.fromkeys(scale.items[:1], None)
    full, partly = (
        next(score for score in score_response(definition, given) if score.scale == scale.id)
        for given in (full_answers(), answers)
    )
    assert (full.sem, full.prorated, partly.prorated) == (scale.sem, False, True)
    assert partly.sem == pytest.approx(scale.sem * (partly.total / partly.answered) ** 0.5)


def test_nothing_is_said_of_the_error_where_none_is_known():
    definition = two_way_check_in()
    unknown = next(each for each in definition.scales if each.sem is None and each.items)
    answers = full_answers() | dict.fromkeys(unknown.items[:1], None)
    assert next(score for score in score_response(definition, answers) if score.scale == unknown.id).sem is None
