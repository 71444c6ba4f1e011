"""Every kind of scale over every kind of question: by hand, and after well-known instruments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from assessments.scoring import (
    ScaleScore,
    answer_matrix,
    score_matrix,
    score_response,
)
from assessments.working import working_of
from tests.assessments.toys import (
    choice,
    number,
    only,
    scale,
    several,
    toy,
    yes_or_no,
)

# --- By hand --------------------------------------------------------------------------------------

FEW = {
    "a": choice({1: 0, 2: 1.5, 3: 4}),
    "b": choice(range(5)),
    "c": several({1: 1, 2: 3, 3: -1}),
    "d": yes_or_no(),
    "e": number("integer", 10, 20),
    "f": number("decimal", 0, 1, 0.1, places=1),
    "g": number("scale", 2, 8, 2),
    "h": choice(range(5)),
    "i": choice(range(5)),
}
ANSWERS = {"a": 2, "b": 4, "c": [1, 2], "d": 1, "e": 13, "f": 0.3, "g": 6, "h": 1, "i": 3}


def value_of(data: dict[str, Any], answers: Mapping[str, Any] = ANSWERS) -> float | None:
    return only(toy(FEW, data), answers).value


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        # what each kind of question counts
        (scale("x", "sum", ["a"]), 1.5),
        (scale("x", "sum", ["c"]), 4.0),
        (scale("x", "sum", "abcdefg"), 1.5 + 4 + 4 + 1 + 13 + 0.3 + 6),
        # turned round by its own ends: 0-4, 0-4, -1 to 4, 0-1, 10-20, 0-1, 2-8
        (scale("x", "sum", "a", turned="a"), 2.5),
        (scale("x", "sum", "b", turned="b"), 0.0),
        (scale("x", "sum", "c", turned="c"), -1.0),
        (scale("x", "sum", "d", turned="d"), 0.0),
        (scale("x", "sum", "e", turned="e"), 17.0),
        (scale("x", "sum", "f", turned="f"), 0.7),
        (scale("x", "sum", "g", turned="g"), 4.0),
        (scale("x", "sum", "bdg", turned="g"), 4.0 + 1 + 4),
        # the kinds
        (scale("x", "mean", "bdg"), 11 / 3),
        (scale("x", "mean", "bdg", factor=3), 11.0),
        (scale("x", "sum", "bdg", factor=4), 44.0),
        (scale("x", "weighted", "bdg", weights={"b": 2, "d": 10, "g": -1}), 8.0 + 10 - 6),
        (scale("x", "weighted", "bg", weights={"b": 0, "g": 0}), 0.0),
        (scale("x", "weighted", "bg", weights={"b": 0.1, "g": 0.2}, factor=10), 4.0 + 12),
        (scale("x", "weighted", "bg", weights={"b": 3, "g": 1}, turned="b"), 0.0 + 6),
        (scale("x", "pomp", "ab"), 100 * 5.5 / 8),
        (scale("x", "pomp", "g"), 100 * 4 / 6),
        (scale("x", "pomp", "e", turned="e"), 70.0),
    ],
)
def test_worked_examples(data, expected):
    assert value_of(data) == pytest.approx(expected, abs=1e-9)


WITHOUT_B = {**ANSWERS, "b": None}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (scale("x", "mean", "bdg", minimum=2), 7 / 2),
        (scale("x", "sum", "bhi", minimum=2), 4 / 2 * 3),
        (scale("x", "sum", "bhi", minimum=2, factor=4), 24.0),
        # 10·1 + 1·3 of weights 11, where 13 could have been answered
        (scale("x", "weighted", "bhi", minimum=2, weights={"b": 2, "h": 10, "i": 1}), 13 / 11 * 13),
        (scale("x", "pomp", "ab", minimum=1), 37.5),
        (scale("x", "sum", "bdg", minimum=3), None),
        (scale("x", "sum", "bdg", prorate=False), None),
        (scale("x", "weighted", "bdg", weights={"b": 2, "d": 0, "g": -1}), None),
    ],
)
def test_what_is_missing_is_made_up_for_only_where_it_may(data, expected):
    score = only(toy(FEW, data), WITHOUT_B)
    assert score.value == (None if expected is None else pytest.approx(expected, abs=1e-9))
    assert (score.answered, score.total) == (len(data["items"]) - 1, len(data["items"]))
    assert score.prorated is (expected is not None)


def test_nothing_chosen_is_missing_and_not_zero():
    assert value_of(scale("x", "sum", "cb"), {**ANSWERS, "c": []}) is None


def test_an_answer_in_own_words_is_missing_and_not_zero():
    items = {"a": choice(range(5)), "b": several({1: 1, 2: 3})}
    for item in items.values():
        item.data["own_words"] = True
    definition = toy(items, scale("x", "sum", "a"), scale("y", "sum", "b"))
    scores = [(score.value, score.answered) for score in score_response(definition, {"a": "9", "b": [2, "other"]})]
    assert scores == [(None, 0), (3.0, 1)]
    (working, _) = working_of(definition, {"a": "9"})
    assert working.items[0].left_out == "own_words"


def test_an_answer_that_is_no_option_is_refused_rather_than_scored():
    with pytest.raises(KeyError):
        value_of(scale("x", "sum", "a"), {"a": 7})


def test_tenths_reach_a_cutoff_of_their_sum():
    tenths = {name: choice({0: 0.1, 1: 0.2}) for name in "pqr"}
    assert only(toy(tenths, scale("x", "sum", "pqr")), {"p": 0, "q": 0, "r": 0}).value == 0.3
    assert only(toy(tenths, scale("x", "sum", "pq")), {"p": 0, "q": 1}).value == 0.3


def test_a_scale_may_share_its_items_with_one_that_turns_them_round():
    definition = toy(FEW, scale("x", "sum", "b"), scale("y", "sum", "b", turned="b"))
    assert [score.value for score in score_response(definition, {"b": 3})] == [3.0, 1.0]


def test_half_a_pair_counts_only_where_no_pair_is_needed():
    items, mirrors = {name: choice(range(5)) for name in "bdhi"}, [{"id": "sides", "pairs": [["b", "d"], ["h", "i"]]}]
    scales = [
        scale("x", "sum", "bh", minimum=1, complete_pairs="sides"),
        scale("y", "sum", "di", minimum=1, complete_pairs="sides"),
        scale("z", "sum", "bh", minimum=1),
    ]
    found = score_response(toy(items, *scales, mirrors=mirrors), {"b": 4, "d": None, "h": 2, "i": 3})
    assert [(score.value, score.answered, score.prorated) for score in found] == [
        (4.0, 1, True),
        (6.0, 1, True),
        (6.0, 2, False),
    ]


def test_a_batch_of_many_stretches_is_scored_to_its_end():
    matrix = np.arange(5000.0).reshape(-1, 1) % 5
    table = score_matrix(toy(FEW, scale("x", "sum", "b")), matrix)
    np.testing.assert_array_equal(table.value, matrix)


# --- Totals ---------------------------------------------------------------------------------------

PARTS = [scale("x", "sum", "bh", minimum=1), scale("y", "mean", "eg"), scale("z", "sum", "f")]


def total(*parts: str, kind: str = "sum", answers: Mapping[str, Any] = ANSWERS, **more: Any) -> ScaleScore:
    """The total, which stands before its parts."""
    definition = toy(FEW, scale("all", kind, parts, of="scales", **more), *PARTS)
    return score_response(definition, answers)[0]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, 5.0 + 9.5),
        ({"factor": 2}, 29.0),
        ({"kind": "mean"}, 7.25),
        ({"kind": "mean", "factor": 4}, 29.0),
        ({"kind": "weighted", "weights": {"x": 2, "y": 1}}, 19.5),
        ({"kind": "weighted", "weights": {"x": 1, "y": -1}}, -4.5),
    ],
)
def test_a_total_counts_its_scales(more, expected):
    assert total("x", "y", **more) == ("all", expected, 4, 4, False, None)


def test_a_total_of_a_prorated_scale_is_prorated():
    assert total("x", "y", answers={**ANSWERS, "h": None}) == ("all", 8.0 + 9.5, 3, 4, True, None)


def test_in_a_batch_only_the_totals_of_prorated_scales_are():
    definition = toy(FEW, *PARTS, scale("all", "sum", "xy", of="scales"))
    table = score_matrix(definition, answer_matrix(definition, [ANSWERS, {**ANSWERS, "h": None}]))
    assert table.prorated[:, -1].tolist() == [False, True]
    assert (table.value.dtype, table.answered.dtype, table.prorated.dtype) == (np.float64, np.int64, np.bool_)


def test_a_total_needs_all_of_its_scales_and_no_other():
    missing = {**ANSWERS, "h": None, "e": None}
    assert total("x", "y", answers=missing) == ("all", None, 2, 4, False, None)
    assert total("x", "z", answers={**ANSWERS, "e": None}).value == 5.3


def test_tenths_add_up_in_a_total_too():
    tenths = {name: number("decimal", 0, 1, 0.1, places=1) for name in "pq"}
    scales = [scale("x", "sum", "p"), scale("y", "sum", "q"), scale("all", "sum", "xy", of="scales")]
    assert score_response(toy(tenths, *scales), {"p": 0.1, "q": 0.2})[-1].value == 0.3


def test_a_total_has_its_own_error():
    known = {"sem": 2.5, "source": {"en": "."}}
    assert total("x", "y", uncertainty=known).sem == 2.5


# --- After well-known instruments: how many items, from where to where, and what their scores span ---

SPANS = {
    "phq_9": (9, range(4), {}, (0, 27)),
    "gad_7": (7, range(4), {}, (0, 21)),
    "who_5": (5, range(6), {"factor": 4}, (0, 100)),
    "k10": (10, range(1, 6), {}, (10, 50)),
    "core_10": (10, range(5), {"turned": ["i2", "i3"]}, (0, 40)),
    "ras": (7, range(1, 6), {"kind": "mean", "turned": ["i4", "i7"]}, (1, 5)),
    "kmss": (3, range(1, 8), {}, (3, 21)),
    "sfcds": (16, range(1, 7), {}, (16, 96)),
}


@pytest.mark.parametrize(("count", "answers", "more", "span"), SPANS.values(), ids=SPANS)
def test_published_spans(count, answers, more, span):
    names = [f"i{n}" for n in range(1, count + 1)]
    more = {"kind": "sum", **more}
    definition = toy({name: choice(answers) for name in names}, scale("x", more.pop("kind"), names, **more))
    turned = set(more.get("turned", ()))
    ends = answers[0], answers[-1]
    found = [
        only(definition, {name: end if name not in turned else ends[0] + ends[1] - end for name in names}).value
        for end in ends
    ]
    assert tuple(found) == span
    assert definition.score_ends(definition.scale("x")) == span


def test_items_of_different_ranges_add_up_to_the_published_maximum():
    csi_16 = {"i1": choice(range(7)), **{f"i{n}": choice(range(6)) for n in range(2, 17)}}
    highest = {name: item.answers[-1] for name, item in csi_16.items()}
    definition = toy(csi_16, scale("x", "sum", list(csi_16), prorate=False))
    assert (only(definition, highest).value, only(definition, {**highest, "i9": None}).value) == (81.0, None)


def test_three_subscales_and_their_total_span_what_was_published():
    rdas = {f"i{n}": choice(range(5 if n == 11 else 6)) for n in range(1, 15)}
    names = list(rdas)
    scales = [
        scale("consensus", "sum", names[:6]),
        scale("satisfaction", "sum", names[6:10]),
        scale("cohesion", "sum", names[10:]),
        scale("total", "sum", ["consensus", "satisfaction", "cohesion"], of="scales"),
    ]
    highest = {name: item.answers[-1] for name, item in rdas.items()}
    found = score_response(toy(rdas, *scales), highest)
    assert [(score.value, score.total) for score in found] == [(30.0, 6), (20.0, 4), (19.0, 4), (69.0, 14)]
