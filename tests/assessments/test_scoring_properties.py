"""Every kind of scale over every kind of question, held against exact fractions and by properties."""

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
    answer_matrix,
    compile_definition,
    score_matrix,
    score_response,
    score_responses,
)
from tests.assessments.toys import (
    ITEMS,
    PAIRS,
    PLAIN,
    answered,
    only,
    questionnaires,
    scale,
    scales_of_items,
    toy,
)


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
