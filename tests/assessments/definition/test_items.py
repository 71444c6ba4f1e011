"""What each kind of question counts, and between which ends."""

from __future__ import annotations

import json

import pytest

from assessments.definition import load_definition
from tests.assessments.factories import every_kind, words

EVERY = every_kind()


@pytest.mark.parametrize(
    ("item_id", "ends"),
    [
        ("one", (0, 2.5)),
        ("some", (-1, 4)),
        ("yes", (0, 1)),
        ("rating", (0, 9)),
        ("count", (0, 40)),
        ("amount", None),
        ("gate", None),
        ("check", None),
        ("day", None),
        ("line", None),
        ("read", None),
    ],
)
def test_the_ends_of_what_an_answer_counts(item_id, ends):
    assert EVERY.ends(EVERY.item(item_id)) == ends


@pytest.mark.parametrize(
    ("item_id", "answer", "points"),
    [
        ("one", 2, 2.5),
        ("one", 1, 1),
        ("one", None, None),
        ("some", [1, 2, 3], 3),
        ("some", [], None),
        ("yes", 1, 1),
        ("rating", 7, 7),
        ("count", 3, 3),
        ("amount", 0.5, 0.5),
        ("gate", 1, None),
        ("check", 1, None),
        ("day", "2026-01-31", None),
        ("line", "3", None),
        ("read", None, None),
    ],
)
def test_what_an_answer_counts(item_id, answer, points):
    assert EVERY.points(EVERY.item(item_id), answer) == points


def test_a_scale_with_steps_ends_on_a_step():
    assert list(EVERY.item("rating").values) == [0, 3, 6, 9]


def test_words_to_read_are_no_question():
    assert "read" in [item.id for item in EVERY.items()]
    assert "read" not in [item.id for item in EVERY.questions()]
    assert (EVERY.question("read"), EVERY.question("nowhere")) == (None, None)


def test_an_items_groups_are_named_from_the_outside():
    assert [group.id for group in EVERY.groups_of(EVERY.item("count"))] == ["numbers", "counts"]
    assert EVERY.groups_of(EVERY.item("one")) == ()


def test_an_item_depends_on_its_groups_conditions_and_its_own():
    conditions = EVERY.conditions_of(EVERY.item("amount"))
    assert [leaf.item for condition in conditions for leaf in condition.comparisons()] == ["gate", "yes"]


@pytest.mark.parametrize(("block", "heading"), [(0, "Choices"), (1, "Numbers"), (2, "Every kind")])
def test_a_page_without_a_title_is_headed_by_its_group_or_the_whole(block, heading):
    assert EVERY.heading(EVERY.blocks[block]) == words(heading)


def test_every_kind_survives_its_own_text():
    assert load_definition(EVERY.canonical()) == EVERY
    assert load_definition(json.dumps(json.loads(EVERY.canonical()))).digest() == EVERY.digest()


@pytest.mark.parametrize(
    ("item_id", "answer", "points"),
    [("one", "Rather a lot", None), ("some", ["Music"], None), ("some", [1, 2, "Music"], 4)],
)
def test_what_is_said_in_own_words_counts_nothing(item_id, answer, points):
    blocks = json.loads(EVERY.canonical())["blocks"]
    for item in blocks[0]["items"][:2]:
        item["own_words"] = True
    definition = every_kind(blocks=blocks)
    assert definition.points(definition.item(item_id), answer) == points
