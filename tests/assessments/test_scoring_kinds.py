"""Every kind of scale over every kind of question: by hand, after well-known instruments, and by properties."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.definition import Definition, Scale, load_definition
from assessments.scoring import (
    ScaleScore,
    answer_matrix,
    compile_definition,
    score_matrix,
    score_response,
    score_responses,
)
from assessments.working import working_of
from tests.assessments.toys import (
    ITEMS,
    PAIRS,
    PLAIN,
    answered,
    choice,
    number,
    questionnaires,
    scale,
    scales_of_items,
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


def only(definition: Definition, answers: Mapping[str, Any]) -> ScaleScore:
    (score,) = score_response(definition, answers)
    return score


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


# --- Properties -----------------------------------------------------------------------------------


class Exact(NamedTuple):
    """The rules again in exact fractions, one scale, item and answer at a time."""

    value: Fraction | None
    answered: int
    total: int
    prorated: bool


def exact(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Exact]:
    found = {one.id: exact_of_items(definition, one, answers) for one in definition.scales if one.items}
    found.update({one.id: exact_total(one, found) for one in definition.scales if one.scales})
    return found


def exact_total(one: Scale, found: Mapping[str, Exact]) -> Exact:
    parts = [found[part] for part in one.scales]
    counted, total = sum(part.answered for part in parts), sum(part.total for part in parts)
    if any(part.value is None for part in parts):
        return Exact(None, counted, total, False)
    value = sum(fraction(one.weights.get(name, 1)) * found[name].value for name in one.scales) * fraction(one.factor)
    value = value / len(parts) if one.kind == "mean" else value
    return Exact(value, counted, total, any(part.prorated for part in parts))


def exact_of_items(definition: Definition, one: Scale, answers: Mapping[str, Any]) -> Exact:
    weighed = []
    for name in one.items:
        points = exact_points(definition, name, answers)
        pair = [p for mirror in definition.mirrors for p in mirror.pairs if name in p and one.complete_pairs]
        if points is None or any(exact_points(definition, half, answers) is None for p in pair for half in p):
            continue
        low, high = map(fraction, definition.ends(definition.item(name)))
        weighed.append((fraction(one.weights.get(name, 1)), low + high - points if name in one.reversed else points))
    count, total = len(weighed), len(one.items)
    if count < one.minimum:
        return Exact(None, count, total, False)
    mean = sum(w * x for w, x in weighed) / sum(w for w, _ in weighed)
    if one.kind == "pomp":
        low, high = map(fraction, definition.ends(definition.item(one.items[0])))
        value = 100 * (mean - low) / (high - low)
    else:
        value = mean * fraction(one.factor)
        if one.kind != "mean":
            value *= sum(fraction(one.weights.get(name, 1)) for name in one.items)
    return Exact(value, count, total, count < total)


def exact_points(definition: Definition, name: str, answers: Mapping[str, Any]) -> Fraction | None:
    answer, item = answers.get(name), definition.item(name)
    if answer in (None, []):
        return None
    if item.kind not in {"choice", "multiple_choice"}:
        return fraction(answer)
    counts = {one.value: one.value if one.score is None else one.score for one in definition.options(item)}
    chosen = answer if isinstance(answer, list) else [answer]
    return sum((fraction(counts[value]) for value in chosen), Fraction(0))


def fraction(number: float) -> Fraction:
    """What was written: 0.1 is a tenth."""
    return Fraction(str(number))


@given(definition=questionnaires(), answers=answered())
def test_the_vectorised_scores_are_the_exact_ones(definition, answers):
    expected = exact(definition, answers)
    for found in score_response(definition, answers):
        value, *counts = expected[found.scale]
        assert [found.answered, found.total, found.prorated] == counts
        assert found.value == (None if value is None else pytest.approx(float(value), abs=1e-8))


def test_a_batch_of_many_stretches_is_scored_to_its_end():
    matrix = np.arange(5000.0).reshape(-1, 1) % 5
    table = score_matrix(toy(FEW, scale("x", "sum", "b")), matrix)
    np.testing.assert_array_equal(table.value, matrix)


@given(definition=questionnaires(), rows=st.lists(answered(), min_size=3, max_size=3))
def test_a_batch_is_each_response_scored_alone(definition, rows):
    batch = rows * 200  # longer than one stretch
    alone = [score_response(definition, row) for row in rows]
    assert list(score_responses(definition, batch)) == alone * 200


@given(definition=questionnaires(), answers=answered(), seed=st.integers(0, 1000))
def test_the_order_of_items_scales_and_answers_is_irrelevant(definition, answers, seed):
    dice = random.Random(seed)

    def shuffled(parts):
        return dice.sample(parts, len(parts))

    def reordered(data):
        return {**data, **{name: shuffled(data[name]) for name in ("items", "scales", "reversed") if name in data}}

    other = with_scales(definition, lambda scales: shuffled([reordered(data) for data in scales]))
    again = dict(shuffled(list(answers.items())))
    assert sorted(score_response(other, again)) == sorted(score_response(definition, answers))


def with_scales(definition: Definition, change: Callable[[list[Any]], list[Any]]) -> Definition:
    data = json.loads(definition.canonical())
    return load_definition(json.dumps({**data, "scales": change(data["scales"])}))


@given(definition=questionnaires(), answers=answered())
def test_turning_answers_and_reversals_round_is_turning_nothing_round(definition, answers):
    """Each answer at the other end of its item, each item reversed that was not and the other way: the same scores."""

    def turned(scales):
        return [{**one, "reversed": sorted(set(one.get("items", ())) - set(one.get("reversed", ())))} for one in scales]

    twice = with_scales(with_scales(definition, turned), turned)
    assert score_response(twice, answers) == score_response(definition, answers)
    mirrored = answer_matrix(definition, [answers])
    for column, name in enumerate(compile_definition(definition).items):
        mirrored[:, column] = sum(definition.ends(definition.item(name))) - mirrored[:, column]
    found = score_matrix(with_scales(definition, turned), mirrored)
    for ours, theirs in zip(found, score_matrix(definition, answer_matrix(definition, [answers])), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=2e-9)


ALIKE = {name: ITEMS[name] for name in PLAIN}


@given(data=st.data(), kind=st.sampled_from(["pomp", "sum", "mean", "weighted"]), answers=answered(ALIKE))
def test_prorated_scores_stay_within_the_scale(data, kind, answers):
    weights = {name: data.draw(st.integers(1, 9)) for name in ALIKE} if kind == "weighted" else {}
    definition = toy(ALIKE, scale("x", kind, list(ALIKE), minimum=1, weights=weights))
    value = only(definition, answers).value
    low, high = definition.score_ends(definition.scale("x"))
    assert value is None or low - 1e-9 <= value <= high + 1e-9


@given(answers=answered(ALIKE), kind=st.sampled_from(["pomp", "mean"]), name=st.sampled_from(PLAIN))
def test_a_missing_item_scores_as_if_it_were_not_in_the_scale(answers, kind, name):
    """Absent or declined is the same, and neither is a zero."""
    answers.pop(name, None)
    rest = [other for other in ALIKE if other != name]
    whole = toy(ALIKE, scale("x", kind, list(ALIKE), minimum=1, turned=PLAIN[:2]))
    less = toy(ALIKE, scale("x", kind, rest, minimum=1, turned=[other for other in PLAIN[:2] if other != name]))
    assert only(whole, answers)[:3] == only(less, answers)[:3]
    assert only(whole, {**answers, name: None}) == only(whole, answers)


@given(one=scales_of_items(), answers=answered())
def test_what_was_not_answered_is_never_counted(one, answers):
    definition = toy(ITEMS, one, mirrors=[{"id": "sides", "pairs": PAIRS}])
    seen = sum(answers.get(name) not in (None, []) for name in one["items"])
    found = only(definition, answers)
    assert found.answered <= seen
    assert (found.value is None) is (found.answered < one["minimum"])


def test_an_answer_in_own_words_is_missing_and_not_zero():
    items = {"a": choice(range(5)), "b": several({1: 1, 2: 3})}
    for item in items.values():
        item.data["own_words"] = True
    definition = toy(items, scale("x", "sum", "a"), scale("y", "sum", "b"))
    scores = [(score.value, score.answered) for score in score_response(definition, {"a": "9", "b": [2, "other"]})]
    assert scores == [(None, 0), (3.0, 1)]
    (working, _) = working_of(definition, {"a": "9"})
    assert working.items[0].left_out == "own_words"
