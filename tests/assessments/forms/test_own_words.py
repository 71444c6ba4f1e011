"""A choice that leaves room for what is not among its answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from assessments.forms import BlockForm, block_form
from tests.assessments.browser import posted
from tests.assessments.factories import every_kind

DATA = every_kind().model_dump(mode="json", exclude_defaults=True)
for each in DATA["blocks"][0]["items"]:
    if each["id"] in {"one", "some"}:
        each["own_words"] = True
OPEN = every_kind(blocks=DATA["blocks"])


def page(**facts: Any) -> BlockForm:
    return block_form(OPEN, OPEN.blocks[0], language="en", other_term="my partner", **facts)


def sent(**fields: Any) -> BlockForm:
    return page(data={name.replace("__", "-"): value for name, value in fields.items()})


@pytest.mark.parametrize(
    ("fields", "answers"),
    [
        ({"one__own": " 2 "}, {"one": "2"}),
        ({"one": "own", "one__own": "Other"}, {"one": "Other"}),
        ({"one": "2", "one__own": " "}, {"one": 2}),
        ({"some": ["1", "3"], "some__own": "Music"}, {"some": [1, 3, "Music"]}),
        ({"some": "", "some__own": "Music"}, {"some": ["Music"]}),
    ],
)
def test_what_is_written_is_an_answer_beside_those_listed(fields, answers):
    form = sent(**fields)
    form.is_valid()
    assert {item: form.answers.get(item) for item in answers} == answers


@pytest.mark.parametrize(
    ("fields", "item", "fault"),
    [
        ({"one": "2", "one__own": "Other"}, "one", "Choose only one answer."),
        ({"one__own": "x" * 501}, "one", "Use at most 500 characters."),
        ({"some": "9", "some__own": "Music"}, "some", "“None of these” cannot be chosen with others."),
        ({}, "one", "Choose an answer, or write your own."),
        ({"one": "own"}, "one", "Choose an answer, or write your own."),
        (
            {"one": "declined", "one__own": "Other"},
            "one",
            "There is an answer, and “Prefer not to say” is chosen too. Keep one of them.",
        ),
    ],
)
def test_what_cannot_be_is_told_and_kept(fields, item, fault):
    form = sent(**fields)
    assert form.errors[item] == [fault]
    assert posted(str(form))[f"{item}-own"] == fields.get(f"{item}__own", "")


def test_it_is_shown_in_its_box_again_and_chooses_no_answer_of_the_same_look():
    shown = str(page(initial={"one": "2", "some": [1, "<b>"]}))
    assert (posted(shown)["one-own"], posted(shown)["one"]) == ("2", "own")
    assert "&lt;b&gt;" in shown
    assert page(data=posted(shown)).data["some-own"] == "<b>"


def test_only_a_choice_that_says_so_has_the_box():
    assert str(page()).count("In your own words") == 2
    with override("es"):
        assert str(page()).count("Con sus propias palabras") == 2
