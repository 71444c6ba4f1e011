"""Every scale with its working: the numbers are those that were scored, and the formulas say what was done."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from assessments.scoring import score_response
from assessments.working import ScaleWorking, working_of
from tests.assessments.factories import full_answers, two_way_check_in
from tests.assessments.toys import answered, choice, number, questionnaires, scale, toy

FEW = {
    "a": choice(range(5)),
    "b": choice(range(5)),
    "c": choice({1: 0, 2: 1.5, 3: -2}),
    "d": number("integer", 0, 10),
    "e": choice(range(5)),
}
ANSWERS = {"a": 3, "b": 1, "c": 3, "d": 10, "e": 2}


def working(data: dict[str, Any], answers: dict[str, Any], **more: Any) -> ScaleWorking:
    return working_of(toy(FEW, data, **more), answers)[0]


def left_out(found: ScaleWorking) -> dict[str, str]:
    return {one.item.id: one.left_out for one in found.items if one.left_out}


@pytest.mark.parametrize(
    ("data", "formula"),
    [
        (scale("x", "pomp", "ab", turned="b"), "100 × ((3 + (0 + 4 − 1)) ÷ 2 − 0) ÷ (4 − 0)"),
        (scale("x", "mean", "ab"), "(3 + 1) ÷ 2"),
        (scale("x", "mean", "ab", factor=0.5), "(3 + 1) ÷ 2 × 0.5"),
        (scale("x", "sum", "abc"), "3 + 1 + (−2)"),
        (scale("x", "sum", "c", turned="c"), "((−2) + 1.5 − (−2))"),
        (scale("x", "sum", "ab", factor=4), "(3 + 1) × 4"),
        (scale("x", "weighted", "ad", weights={"a": 2, "d": 0.1}), "2 × 3 + 0.1 × 10"),
        (scale("x", "weighted", "ab", weights={"a": -1, "b": 1}), "(−1) × 3 + 1"),
    ],
)
def test_formulas_with_the_responses_own_numbers(data, formula):
    assert working(data, ANSWERS).formula == formula


@pytest.mark.parametrize(
    ("data", "formula"),
    [
        (scale("x", "pomp", "ab", minimum=1), "100 × ((3) ÷ 1 − 0) ÷ (4 − 0)"),
        (scale("x", "sum", "abe", minimum=2), "(3 + 2) ÷ 2 × 3"),
        (scale("x", "sum", "abe", minimum=2, factor=4), "(3 + 2) ÷ 2 × 3 × 4"),
        (scale("x", "weighted", "abe", minimum=2, weights={"a": 2, "b": 3, "e": 1}), "(2 × 3 + 2) ÷ 3 × 6"),
        (scale("x", "sum", "abd"), None),
    ],
)
def test_formulas_where_something_is_missing(data, formula):
    assert working(data, {**ANSWERS, "b": None}).formula == formula


def test_a_total_adds_its_scales_scores():
    scales = [
        scale("x", "sum", "ab"),
        scale("y", "mean", "bd"),
        scale("t", "weighted", "xy", of="scales", weights={"x": 1, "y": 2}, factor=10),
    ]
    total = working_of(toy(FEW, *scales), ANSWERS)[2]
    assert (total.formula, total.score.value) == ("(4 + 2 × 5.5) × 10", 150.0)
    assert [(part.scale.id, part.value, part.weight) for part in total.parts] == [("x", 4.0, 1.0), ("y", 5.5, 2.0)]


def test_an_item_shows_its_answer_its_points_and_what_they_count():
    (item,) = working(scale("x", "weighted", "c", turned="c", weights={"c": 3}), {"c": 2}).items
    assert (item.answer, item.points, item.ends, item.reversed, item.counts, item.weight, item.left_out) == (
        2,
        1.5,
        (-2.0, 1.5),
        True,
        -2.0,
        3.0,
        None,
    )
    assert working(scale("x", "sum", "a"), {"a": 3}).items[0].counts == 3.0


def test_every_reason_not_to_count_is_told():
    answers = {**full_answers(), "n1": None, "g2": None, "limit": 0}
    for name in ("n2", "p1", "p2", "p3"):
        del answers[name]
    found = {one.scale.id: left_out(one) for one in working_of(two_way_check_in(), answers)}
    assert {name: reasons for name, reasons in found.items() if reasons} == {
        "need": {"n1": "declined", "n2": "missing"},
        "giving": {"g2": "declined"},
        "receiving": {"v2": "pair_incomplete"},
        "pushback": dict.fromkeys(("p1", "p2", "p3"), "not_asked"),
    }


KNOWN = {
    "bands": [{"at_least": 0, "label": {"en": "low"}}, {"at_least": 5, "label": {"en": "high"}}],
    "cutoffs": [
        {"comparison": "at_least", "value": 5, "label": {"en": "five"}, "source": {"en": "."}},
        {"comparison": "above", "value": 7, "label": {"en": "seven"}, "source": {"en": "."}},
    ],
    "uncertainty": {"sem": 2, "source": {"en": "."}},
}


def test_what_a_score_means_is_beside_it():
    found = working(scale("x", "sum", "ab", **KNOWN), {"a": 3, "b": 4})
    assert found.band.label == {"en": "high"}
    assert [(side.cutoff.value, side.clinical) for side in found.cutoffs] == [(5, True), (7, False)]
    assert found.error_band == (7 - 1.96 * 2, 8.0)
    assert working(scale("x", "sum", "ab", **KNOWN), {"a": 1, "b": 0}).error_band == (0.0, 1 + 1.96 * 2)
    assert working(scale("x", "sum", "a"), {"a": 3}).error_band is None


def test_a_band_has_no_end_where_the_scale_has_none():
    endless = {"a": number("integer", 0, 10)}
    del endless["a"].data["maximum"]
    (found,) = working_of(toy(endless, scale("x", "sum", "a", **KNOWN)), {"a": 100})
    assert found.error_band == (100 - 1.96 * 2, 100 + 1.96 * 2)


def test_without_a_result_there_is_no_meaning():
    found = working(scale("x", "sum", "ab", **KNOWN), {"a": 3})
    assert (found.score.value, found.formula, found.band, found.cutoffs, found.error_band) == (
        None,
        None,
        None,
        (),
        None,
    )
    assert [item.points for item in found.items] == [3.0, None]


@given(definition=questionnaires(), answers=answered())
def test_the_scores_are_those_of_the_response_and_the_formulas_give_them(definition, answers):
    found = working_of(definition, answers)
    assert tuple(one.score for one in found) == score_response(definition, answers)
    for one in found:
        assert (one.formula is None) is (one.score.value is None)
        assert sum(item.left_out is None for item in one.items) == (one.score.answered if one.items else 0)
        if one.formula is not None:
            assert computed(one.formula) == pytest.approx(one.score.value, abs=1e-3)


def computed(formula: str) -> float:
    signs = str.maketrans("×÷−", "*/-")
    return eval(formula.translate(signs), {"__builtins__": {}})  # noqa: S307 - written by the code under test
