"""The signs of careless answers: each alone, at its threshold, and together on the Two-Way Check-In."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.answers import asked_order
from assessments.definition import Definition, load_definition
from assessments.quality import QualitySignal, Thresholds, is_invalid, privacy_compromised, quality_signals
from tests.assessments.factories import full_answers, two_way_check_in, words

ATTENTION = {"id": "attention", "kind": "choice", "options": "five", "text": words("Choose 3"), "expected": 3}


def options(*scores: float) -> list[dict[str, Any]]:
    return [{"value": value, "text": words("An answer"), "score": score} for value, score in enumerate(scores, 1)]


def questionnaire(
    keys: str,
    *later: dict[str, Any],
    first: tuple[dict[str, Any], ...] = (),
    item: dict[str, Any] | None = None,
    turned: tuple[float, ...] = (5, 4, 3, 2, 1),
) -> Definition:
    """One scale of questions q0, q1, …, keyed as in "+-+" or, by their options' scores, "+/+".

    ``item``: what the questions are instead of a choice of five. ``first`` and ``later`` are asked, unscored, on the
    pages before and after.
    """
    kind = item or {"kind": "choice", "options": "five"}
    ids = [f"q{number}" for number in range(len(keys))]
    items = [
        {"id": name, "text": words("A question")} | kind | ({"options": "turned"} if key == "/" else {})
        for name, key in zip(ids, keys, strict=True)
    ]
    data = {
        "slug": "made-up",
        "title": words("Made up"),
        "languages": ["en"],
        "declined": words("Prefer not to say"),
        "option_sets": {
            "five": options(1, 2, 3, 4, 5),
            "turned": options(*turned),
            "four": options(1, 2, 3, 4),
            "three": options(1, 2, 3),
        },
        "blocks": [
            {"id": block, "title": words("Page"), "items": [*asked]}
            for block, asked in (("before", first), ("page", items), ("after", later))
            if asked
        ],
        "scales": [
            {
                "id": "scale",
                "title": words("Scale"),
                "kind": "mean",
                "items": ids,
                "reversed": [name for name, key in zip(ids, keys, strict=True) if key == "-"],
                "minimum": 1,
                "direction": "neutral",
            }
        ],
    }
    return load_definition(json.dumps(data))


def answered(*values: Any) -> dict[str, Any]:
    return {f"q{number}": value for number, value in enumerate(values)}


def seen(definition: Definition, answers: dict[str, Any], seconds: dict[str, float] | None = None, **facts: Any):
    """The signals but for what is too little answered, by their key."""
    found = {signal.key: signal for signal in quality_signals(definition, answers, seconds or {}, **facts)}
    assert len(found) == len(quality_signals(definition, answers, seconds or {}, **facts))
    return found


# --- Attention ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "failed"), [(3, False), (4, True), (1, True), (None, False)])
def test_another_answer_than_asked_for(answer, failed):
    found = seen(questionnaire("+", ATTENTION), {"q0": 1, "attention": answer})
    assert found == ({"attention": QualitySignal("attention", 1, 1, ("attention",))} if failed else {})


def test_an_attention_item_that_was_left_open_or_not_asked_is_not_failed():
    hidden = {**ATTENTION, "visible_when": {"item": "q0", "equals": 5}}
    assert seen(questionnaire("+", ATTENTION), {"q0": 1}) == {}
    assert seen(questionnaire("+", hidden), {"q0": 1, "attention": 5}) == {}


def test_several_may_have_to_be_failed():
    two = questionnaire("+", ATTENTION, {**ATTENTION, "id": "again"})
    lenient = Thresholds(attention_failed=2)
    assert seen(two, {"q0": 1, "attention": 5, "again": 3}, thresholds=lenient) == {}
    found = seen(two, {"q0": 1, "attention": 5, "again": 4}, thresholds=lenient)
    assert found["attention"] == QualitySignal("attention", 2, 2, ("attention", "again"))


# --- Speed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "median"),
    [
        ((1, 1.9, 60), 1.9),
        ((1, 2, 2), None),
        ((1.8, 2, 1.9), 1.9),
        ((1.9, 2.1), None),
        ((1.5, 2.25), 1.875),
        ((), None),
    ],
)
def test_half_of_the_answers_faster_than_reading(seconds, median):
    took = answered(*seconds)
    found = seen(questionnaire("+++"), answered(1, 3, 5), took)
    assert found == ({} if median is None else {"speed": QualitySignal("speed", median, 2, tuple(took))})


def test_only_what_was_asked_and_answered_has_a_time():
    hidden = {"id": "more", "kind": "text", "text": words("?"), "visible_when": {"item": "q0", "equals": 5}}
    definition = questionnaire("+++++", hidden)
    answers = {**answered(1, 3, None), "more": "never mind"}
    found = seen(definition, answers, {**answered(5, 1, 1, 5, 5), "more": 5, "elsewhere": 5})
    assert found["speed"] == QualitySignal("speed", 1, 2, ("q0", "q1", "q2"))


# --- Longstring -----------------------------------------------------------------------------------


def long(keys: str, answers: tuple[Any, ...], **facts: Any) -> float | None:
    """The length of the longest string, None below the threshold of three."""
    thresholds = Thresholds(longstring=3, missing_share=1, contradictions=99)
    signal = seen(questionnaire(keys, **facts), answered(*answers), thresholds=thresholds).get("longstring")
    return signal and signal.seen


@pytest.mark.parametrize(
    ("keys", "answers", "length"),
    [
        ("+-+", (3, 3, 3), 3),
        ("+/+", (3, 3, 3), 3),
        ("+-+-", (3, 3, 3, 3), 4),
        ("+-+", (3, 3, 2), None),
        ("+++", (3, 3, 3), None),
        ("---", (3, 3, 3), None),
        ("///", (3, 3, 3), None),
        ("+++-", (3, 3, 3, 2), None),
        ("+++-+++", (2, 2, 2, 2, 4, 4, 4), 4),
        ("++++-+-+", (4, 4, 4, 4, 1, 1, 1, 1), 4),
        ("+-+-+-+", (4, 4, 4, 4, 1, 1, 1), 4),
        ("+-+-", (3, 3, None, 3), None),
        ("+-+", (None, None, None), None),
    ],
)
def test_the_same_answer_across_mixed_keys(keys, answers, length):
    assert long(keys, answers) == length


def test_a_question_left_open_interrupts_nothing():
    thresholds = Thresholds(longstring=3, missing_share=1)
    found = seen(questionnaire("+-+-"), {"q0": 3, "q1": 3, "q3": 3}, thresholds=thresholds)
    assert found == {"longstring": QualitySignal("longstring", 3, 3, ("q0", "q1", "q3"))}


def test_an_option_set_and_the_scale_may_both_turn_a_question():
    """Turned twice is not turned: q1 and q2 are keyed as q0 is."""
    definition = questionnaire("+//")
    twice = definition.scales[0].model_copy(update={"reversed": ("q1", "q2")})
    plain = definition.model_copy(update={"scales": (twice,)})
    assert seen(plain, answered(3, 3, 3), thresholds=Thresholds(longstring=3)) == {}


@pytest.mark.parametrize(
    ("scores", "turned"),
    [((1, 1, 1, 1, 0), True), ((1, 0, 0, 0, 0), True), ((0, 0, 0, 0, 1), False), ((1, 0, 0, 0, 1), False)],
)
def test_options_turn_a_question_when_the_last_counts_less_than_the_first(scores, turned):
    assert long("+//", (3, 3, 3), turned=scores) == (3 if turned else None)


def test_a_question_keyed_both_ways_in_two_scales_is_of_both_keys():
    definition = questionnaire("+++")
    other = definition.scales[0].model_copy(update={"id": "other", "items": ("q1",), "reversed": ("q1",)})
    both = definition.model_copy(update={"scales": (*definition.scales, other)})
    found = seen(both, answered(3, 3, 3), thresholds=Thresholds(longstring=3))
    assert found["longstring"].items == ("q0", "q1", "q2")


@pytest.mark.parametrize(
    ("item", "answers", "length"),
    [
        ({"kind": "scale", "minimum": 0, "maximum": 10, "step": 5}, (5, 5, 5), 3),
        ({"kind": "scale", "minimum": 0, "maximum": 10, "step": 5}, (5, 5, 10), None),
        ({"kind": "boolean"}, (0, 0, 0), 3),
        ({"kind": "boolean"}, (1, 1, 1), 3),
        ({"kind": "integer", "minimum": 0, "maximum": 10}, (5, 5, 5), None),
        ({"kind": "multiple_choice", "options": "five"}, ([1], [1], [1]), None),
    ],
)
def test_kinds_of_questions_that_can_be_answered_the_same(item, answers, length):
    assert long("+-+", answers, item=item) == length


def test_the_same_place_among_fewer_answers_is_another_place():
    definition = questionnaire("+-+")
    page = definition.blocks[0]
    fewer = page.items[1].model_copy(update={"options": "four"})
    page = page.model_copy(update={"items": (page.items[0], fewer, page.items[2])})
    mixed = definition.model_copy(update={"blocks": (page,)})
    assert seen(mixed, answered(3, 3, 3), thresholds=Thresholds(longstring=3)) == {}


def test_answers_count_in_the_order_asked():
    definition = questionnaire("+-+-+-")
    page = definition.blocks[0].model_copy(update={"shuffle": True})
    shuffled = definition.model_copy(update={"blocks": (page,)})
    order = [item.id for item in asked_order(page, "someone")]
    assert order != [item.id for item in page.items]
    answers = dict(zip(order, (2, 3, 3, 3, 3, 2), strict=True))
    found = seen(shuffled, answers, seed="someone", thresholds=Thresholds(longstring=4))
    assert found["longstring"].items == tuple(order[1:5])
    assert "longstring" not in seen(shuffled, answers, seed="someone else", thresholds=Thresholds(longstring=4))
    nobody = dict(zip((item.id for item in asked_order(page, "")), (2, 3, 3, 3, 3, 2), strict=True))
    assert "longstring" in seen(shuffled, nobody, thresholds=Thresholds(longstring=4))


def test_unscored_questions_are_not_in_the_string():
    definition = questionnaire("+-", ATTENTION)
    assert seen(definition, {**answered(3, 3), "attention": 3}, thresholds=Thresholds(longstring=3)) == {}


# --- Contradictions -------------------------------------------------------------------------------


def contradictions(keys: str, answers: tuple[Any, ...], **facts: Any) -> tuple[str, ...]:
    thresholds = Thresholds(longstring=99, contradictions=1, missing_share=1)
    signal = seen(questionnaire(keys, **facts), answered(*answers), thresholds=thresholds).get("contradictions")
    assert signal is None or signal.seen == len(signal.items) / 2
    return signal.items if signal else ()


@pytest.mark.parametrize(
    ("keys", "answers", "items"),
    [
        ("+-", (5, 5), ("q0", "q1")),
        ("+-", (1, 1), ("q0", "q1")),
        ("+/", (5, 5), ("q0", "q1")),
        ("+-", (1, 5), ()),
        ("+-", (4, 4), ()),
        ("+-", (2, 2), ()),
        ("++", (5, 5), ()),
        ("--", (5, 5), ()),
        ("+-", (5, None), ()),
        ("+++-", (5, 5, 5, 5), ("q0", "q3")),
        ("+-+-", (5, 5, 1, 1), ("q2", "q3", "q0", "q1")),
        ("+-+-", (5, 5, 5, 5), ("q0", "q1", "q2", "q3")),
    ],
)
def test_opposites_at_the_same_extreme(keys, answers, items):
    assert contradictions(keys, answers) == items


def test_an_item_counts_in_one_contradiction_only():
    definition = questionnaire("+-")
    again = definition.scales[0].model_copy(update={"id": "again"})
    twice = definition.model_copy(update={"scales": (*definition.scales, again)})
    found = seen(twice, answered(5, 5), thresholds=Thresholds(contradictions=1))
    assert found == {"contradictions": QualitySignal("contradictions", 1, 1, ("q0", "q1"))}


@pytest.mark.parametrize(("answers", "there"), [("four", True), ("three", False)])
def test_the_ends_of_few_answers_are_no_extremes(answers, there):
    found = contradictions("+-", (1, 1), item={"kind": "choice", "options": answers})
    assert found == (("q0", "q1") if there else ())


def test_a_scale_s_ends_are_extremes():
    item = {"kind": "scale", "minimum": 0, "maximum": 10}
    assert contradictions("+-+-", (10, 10, 9, 9), item=item) == ("q0", "q1")


# --- Missing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        (answered(1, 3, 4, None), ()),
        (answered(1, 3, None, None), ("q2", "q3")),
        (answered(1, 3), ("q2", "q3")),
        (answered(), ("q0", "q1", "q2", "q3")),
    ],
)
def test_more_than_a_quarter_has_no_answer(answers, missing):
    found = seen(questionnaire("+-+-"), answers)
    assert found == ({"missing": QualitySignal("missing", len(missing) / 4, 0.25, missing)} if missing else {})


def test_one_question_is_all_of_them():
    assert seen(questionnaire("+"), answered(None)) == {"missing": QualitySignal("missing", 1, 0.25, ("q0",))}


def test_what_was_not_asked_is_not_missing():
    first = {"id": "first", "kind": "choice", "options": "five", "text": words("A question")}
    condition = {"kind": "choice", "options": "five", "visible_when": {"item": "first", "equals": 5}}
    definition = questionnaire("+-", first=(first,), item=condition)
    assert seen(definition, {"first": 1}) == {}
    assert seen(definition, {"first": 5})["missing"].seen == 1


def test_a_questionnaire_without_scores_has_nothing_to_miss():
    assert seen(questionnaire("+").model_copy(update={"scales": ()}), {}) == {}


# --- Together -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("keys", "invalid"), [((), False), (("speed",), False), (("speed", "missing"), True)])
def test_two_signs_make_a_response_invalid(keys, invalid):
    assert is_invalid([QualitySignal(key, 1, 1, ()) for key in keys]) is invalid


def test_how_many_signs_it_takes_is_a_threshold():
    assert is_invalid([QualitySignal("speed", 1, 2, ())], Thresholds(signals=1)) is True


def straight(value: int) -> dict[str, Any]:
    """The same answer to every question of the Two-Way Check-In."""
    return {**full_answers(value), "attention": value}


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        (0, {"attention", "longstring", "contradictions"}),
        (1, {"attention", "longstring"}),
        (2, {"longstring"}),
        (4, {"attention", "longstring", "contradictions"}),
    ],
)
def test_the_same_answer_to_all_of_the_check_in(value, keys):
    assert set(seen(two_way_check_in(), straight(value))) == keys


def test_a_balanced_couple_is_no_contradiction():
    """As much given as received, all of it: mirrored questions have the same answer, opposites have opposite ones."""
    definition = two_way_check_in()
    turned = {item for scale in definition.scales for item in scale.reversed}
    healthy = {scale.id for scale in definition.scales if scale.id in {"giving", "receiving", "growth"}}
    answers = full_answers()
    for scale in definition.scales:
        for item in scale.items:
            answers[item] = 4 if (scale.id in healthy) is not (item in turned) else 0
    assert seen(definition, answers, dict.fromkeys(answers, 4.0)) == {}


@given(st.data())
def test_signals_follow_from_what_they_show(data):
    definition = two_way_check_in()
    names = [item.id for item in definition.questions() if getattr(item, "options", "") == "frequency"]
    values = data.draw(st.lists(st.sampled_from([None, 0, 1, 2, 3, 4]), min_size=len(names), max_size=len(names)))
    answers = {**full_answers(), **dict(zip(names, values, strict=True))}
    found = seen(definition, answers)
    if "longstring" in found:
        assert len({answers[item] for item in found["longstring"].items}) == 1
    if "contradictions" in found:
        assert {answers[item] for item in found["contradictions"].items} <= {0, 4}
        assert len(set(found["contradictions"].items)) == 2 * found["contradictions"].seen
    if "missing" in found:
        assert {answers[item] for item in found["missing"].items} == {None}
    assert ("attention" in found) == (answers["attention"] not in (None, 2))


# --- Privacy --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alone", "visible", "items"),
    [
        (1, 0, ()),
        (0, 0, ("alone",)),
        (1, 1, ("visible",)),
        (0, 1, ("alone", "visible")),
        (None, None, ()),
    ],
)
def test_who_else_was_there(alone, visible, items):
    assert privacy_compromised(two_way_check_in(), {"alone": alone, "visible": visible}) == items


def test_a_questionnaire_that_does_not_ask_knows_nothing():
    assert privacy_compromised(questionnaire("+"), {"q0": 1}) == ()
