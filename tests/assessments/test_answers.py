"""Which questions are shown, and which answers are taken."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.answers import (
    asked_order,
    clean_answers,
    clean_page,
    unanswered,
    visible_blocks,
    visible_in,
    visible_items,
    visible_questions,
)
from assessments.definition import Block, load_definition
from assessments.exceptions import InvalidAnswers
from tests.assessments.factories import every_kind, full_answers, small, small_data, two_way_check_in, words

SMALL = small()
TWC = two_way_check_in()
EVERY = every_kind()

any_value = st.one_of(st.none(), st.booleans(), st.integers(-1, 6), st.text(max_size=30), st.floats(), st.just([1]))
any_answers = st.dictionaries(st.sampled_from([*(item.id for item in TWC.items()), "zz"]), any_value)
valid_answers = st.fixed_dictionaries(
    {item.id: st.sampled_from([None, *(option.value for option in TWC.options(item))]) for item in TWC.items()}
)


def ids(items) -> list[str]:
    return [item.id for item in items]


def problems(clean, definition, answers) -> dict[str, str]:
    with pytest.raises(InvalidAnswers) as caught:
        clean(definition, answers)
    return caught.value.problems


# --- Visible --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "visible"),
    [
        ({}, ["a", "gate"]),
        ({"gate": 1}, ["a", "gate", "b", "note"]),
        ({"gate": 0}, ["a", "gate"]),
        ({"gate": None}, ["a", "gate"]),
    ],
)
def test_a_gate_opens_what_hangs_on_it(answers, visible):
    assert ids(visible_items(SMALL, answers)) == visible


@pytest.mark.parametrize(("answers", "blocks"), [({}, ["first"]), ({"gate": 1}, ["first", "second"])])
def test_a_page_without_visible_questions_is_left_out(answers, blocks):
    assert ids(visible_blocks(SMALL, answers)) == blocks


def test_what_a_hidden_gate_would_open_stays_hidden():
    data = small_data()
    hidden_gate = {"id": "deeper", "kind": "gate", "options": "yes_no", "text": words("And?")}
    data["blocks"][1]["items"].append({**hidden_gate, "visible_when": {"item": "gate", "equals": 1}})
    behind = {"id": "deepest", "kind": "choice", "options": "agree", "text": words("How?")}
    third = {
        "id": "third",
        "title": words("Third"),
        "items": [{**behind, "visible_when": {"item": "deeper", "equals": 1}}],
    }
    definition = small(blocks=[*data["blocks"], third])
    assert "deepest" in ids(visible_items(definition, {"gate": 1, "deeper": 1}))
    assert "deepest" not in ids(visible_items(definition, {"gate": 0, "deeper": 1}))


def test_the_two_way_check_in_asks_what_happened_only_after_a_limit():
    after = next(block for block in TWC.blocks if block.id == "after_limits")
    assert ids(visible_in(TWC, after, {"limit": 1, "partner_limit": 0})) == ["p1", "p2", "p3"]
    assert ids(visible_in(TWC, after, {"limit": 2, "partner_limit": 1})) == ["q1", "q2", "q3"]
    assert ids(visible_in(TWC, after, {"limit": 0})) == []


# --- One page -------------------------------------------------------------------------------------


def test_a_page_may_be_incomplete_and_hidden_answers_wait():
    page = {"a": None, "b": 2, "note": "fine"}
    assert clean_page(SMALL, page) == page


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"zz": 1}, {"zz": "unknown_item"}),
        ({"a": 4}, {"a": "unknown_value"}),
        ({"a": "2"}, {"a": "wrong_type"}),
        ({"a": True}, {"a": "wrong_type"}),
        ({"a": 2.0}, {"a": "wrong_type"}),
        ({"gate": 7}, {"gate": "unknown_value"}),
        ({"b": None}, {"b": "not_declinable"}),
        ({"note": 3}, {"note": "wrong_type"}),
        ({"note": "x" * 21}, {"note": "too_long"}),
        ({"a": 9, "zz": 1, "b": 2}, {"a": "unknown_value", "zz": "unknown_item"}),
    ],
)
def test_what_cannot_be_an_answer_is_told_per_item(answers, expected):
    assert problems(clean_page, SMALL, answers) == expected
    assert problems(clean_answers, SMALL, answers) == expected


def test_the_error_names_items_and_keys_but_no_answer():
    error = InvalidAnswers({"note": "too_long", "a": "unknown_value"})
    assert str(error) == "note: too_long, a: unknown_value"


# --- The whole ------------------------------------------------------------------------------------


def test_every_visible_required_question_needs_an_answer():
    assert problems(clean_answers, SMALL, {"gate": 1}) == {"a": "required", "b": "required"}
    assert ids(unanswered(SMALL, {"gate": 1})) == ["a", "b"]
    assert ids(unanswered(SMALL, {"a": None, "gate": 0})) == []


def test_declining_is_an_answer_and_an_open_optional_one_is_not():
    assert clean_answers(SMALL, {"gate": 1, "b": 3, "a": None, "note": ""}) == {"a": None, "gate": 1, "b": 3}


def test_an_empty_required_text_is_no_answer():
    data = small_data()
    data["blocks"][1]["items"][1]["required"] = True
    definition = small(blocks=data["blocks"])
    assert problems(clean_answers, definition, {"a": 1, "gate": 1, "b": 1, "note": ""}) == {"note": "required"}


def test_any_question_may_be_left_open_again_and_then_opens_nothing():
    left_open = dict.fromkeys(ids(EVERY.questions()), "")
    assert clean_page(EVERY, left_open) == left_open
    assert ids(unanswered(EVERY, left_open)) == ["one", "some", "yes", "gate", "check", "rating", "day"]
    later = {"kind": "display", "text": words("Long ago.")}
    since = {**later, "id": "since", "visible_when": {"item": "day", "comparison": "below", "value": "2026-01-01"}}
    last = {"id": "last", "items": [since, {**later, "id": "end"}]}
    dated = every_kind(blocks=[*EVERY.model_dump(mode="json", exclude_defaults=True)["blocks"], last])
    assert ids(visible_in(dated, dated.blocks[-1], {"day": "2025-12-31"})) == ["since", "end"]
    assert ids(visible_in(dated, dated.blocks[-1], {"day": ""})) == ["end"]


def test_hidden_answers_are_dropped_on_submit():
    assert clean_answers(SMALL, {"b": 3, "note": "x", "gate": 0, "a": 1}) == {"a": 1, "gate": 0}
    cleaned = clean_answers(TWC, {**full_answers(), "limit": 0})
    assert {"p1", "p2", "p3"} & set(cleaned) == set()


def test_answers_are_kept_in_the_order_asked():
    assert list(clean_answers(SMALL, {"b": 1, "gate": 1, "a": 1})) == ["a", "gate", "b"]


@given(answers=valid_answers)
def test_cleaning_twice_is_cleaning_once(answers):
    cleaned = clean_answers(TWC, answers)
    assert clean_answers(TWC, cleaned) == cleaned
    assert cleaned.items() <= answers.items()


@given(answers=any_answers)
def test_whatever_comes_is_taken_as_it_is_or_refused(answers):
    with suppress(InvalidAnswers):
        assert clean_page(TWC, answers) == answers


# --- Every kind of question -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item_id", "value", "problem"),
    [
        ("some", [1, 3], None),
        ("some", [], None),
        ("some", [9], None),
        ("some", [1, 9], "too_many"),
        ("some", [1, 1], "too_many"),
        ("some", [1, 7], "unknown_value"),
        ("some", [True], "wrong_type"),
        ("some", 1, "wrong_type"),
        ("yes", 0, None),
        ("yes", 2, "unknown_value"),
        ("yes", True, "wrong_type"),
        ("count", 40, None),
        ("count", 41, "out_of_range"),
        ("count", -1, "out_of_range"),
        ("count", 1.0, "wrong_type"),
        ("amount", 0.1, None),
        ("amount", 3, None),
        ("amount", 1e12, None),
        ("amount", 1e13, "out_of_range"),
        ("amount", 0.12, "too_precise"),
        ("amount", -0.1, "out_of_range"),
        ("amount", float("nan"), "wrong_type"),
        ("amount", float("inf"), "wrong_type"),
        ("amount", "1", "wrong_type"),
        ("rating", 9, None),
        ("rating", 10, "unknown_value"),
        ("rating", "9", "wrong_type"),
        ("day", "2026-12-31", None),
        ("day", "2027-01-01", "out_of_range"),
        ("day", "2019-12-31", "out_of_range"),
        ("day", "20260101", "wrong_type"),
        ("day", "yesterday", "wrong_type"),
        ("day", 20260101, "wrong_type"),
        ("read", 1, "unknown_item"),
    ],
)
def test_each_kind_takes_its_own_answers(item_id, value, problem):
    if problem is None:
        assert clean_page(EVERY, {item_id: value}) == {item_id: value}
    else:
        assert problems(clean_page, EVERY, {item_id: value}) == {item_id: problem}


def test_no_more_may_be_chosen_than_allowed():
    few = every_kind()
    data = json.loads(few.canonical())
    data["blocks"][0]["items"][1]["at_most"] = 2
    limited = load_definition(json.dumps(data))
    assert clean_page(limited, {"some": [1, 2]}) == {"some": [1, 2]}
    assert problems(clean_page, limited, {"some": [1, 2, 3]}) == {"some": "too_many"}


def test_choosing_nothing_where_something_is_required_is_no_answer():
    assert "some" in ids(unanswered(EVERY, {"some": []}))
    assert "some" not in ids(unanswered(EVERY, {"some": [1]}))


def test_words_to_read_are_shown_and_never_awaited():
    assert "read" in ids(visible_items(EVERY, {}))
    assert "read" not in ids(visible_questions(EVERY, {}))


def test_a_closed_group_hides_all_that_is_in_it():
    assert ids(visible_blocks(EVERY, {"yes": 1})) == ["choices", "page3"]
    assert ids(visible_in(EVERY, EVERY.blocks[1], {"gate": 1, "yes": 0})) == ["count"]


# --- Order ----------------------------------------------------------------------------------------


def shuffled() -> Block:
    data = json.loads(EVERY.canonical())
    data["blocks"][0]["shuffle"] = True
    return load_definition(json.dumps(data)).blocks[0]


@given(st.text())
def test_a_shuffled_page_asks_each_question_once_and_keeps_its_order(seed):
    order = ids(asked_order(shuffled(), seed))
    assert sorted(order) == sorted(ids(EVERY.blocks[0].items))
    assert ids(asked_order(shuffled(), seed)) == order


def test_people_are_asked_in_different_orders():
    orders = {tuple(ids(asked_order(shuffled(), str(number)))) for number in range(40)}
    assert len(orders) > 10
    assert {order[0] for order in orders} == set(ids(EVERY.blocks[0].items))


@given(st.text())
def test_a_page_that_is_not_shuffled_stays_as_written(seed):
    assert asked_order(EVERY.blocks[0], seed) == EVERY.blocks[0].items


# --- In own words ---------------------------------------------------------------------------------

ROOM = every_kind(
    blocks=[
        {
            "id": "page",
            "items": [
                {"id": "one", "kind": "choice", "options": "levels", "text": words("How much?"), "own_words": True},
                {"id": "some", "kind": "multiple_choice", "options": "several", "text": words("?"), "own_words": True},
            ],
        }
    ],
    groups=[],
)


@pytest.mark.parametrize(
    ("item_id", "value", "problem"),
    [
        ("one", "Rather a lot", None),
        ("one", 2, None),
        ("one", " ", "wrong_type"),
        ("one", "x" * 501, "too_long"),
        ("some", [1, "Music"], None),
        ("some", [1, 2, 3, "Music"], None),
        ("some", ["Music", "Tea"], "too_many"),
        ("some", [9, "Music"], "too_many"),
        ("some", [1, " "], "wrong_type"),
    ],
)
def test_a_choice_with_room_takes_a_text_instead(item_id, value, problem):
    if problem is None:
        assert clean_page(ROOM, {item_id: value}) == {item_id: value}
    else:
        assert problems(clean_page, ROOM, {item_id: value}) == {item_id: problem}


def test_a_choice_without_room_takes_none():
    assert problems(clean_page, EVERY, {"one": "Rather a lot"}) == {"one": "wrong_type"}
    assert problems(clean_page, EVERY, {"some": [1, "Music"]}) == {"some": "wrong_type"}
