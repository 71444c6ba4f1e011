from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from assessments.cautions import cautions_in
from assessments.definition import Definition, DisplayItem, load_definition
from assessments.fhir.reading import read_questionnaire
from assessments.fhir.writing import write_questionnaire
from assessments.scoring_keys import apply_key, match_key
from assessments.scoring_keys.apart import with_alerts_apart
from tests.assessments.factories import words
from tests.assessments.fhir.any_definition import definitions, tried
from tests.assessments.scoring_keys.toy_forms import form, form_data, items_of

YES_NO = [{"value": 1, "text": words("Yes")}, {"value": 0, "text": words("No")}]


def asks(item_id: str, **fields: Any) -> dict[str, Any]:
    return {"id": item_id, "kind": "choice", "options": "yes_no", "text": words(f"{item_id}?"), **fields}


def says(item_id: str, **fields: Any) -> dict[str, Any]:
    return {"id": item_id, "kind": "display", "text": words(f"Words {item_id}"), **fields}


def built(
    *items: dict[str, Any], more: tuple[dict[str, Any], ...] = (), alerts: str = "risk", **block: Any
) -> Definition:
    """One page of these items, whose ``risk`` raises an alert, and one of what comes ``more``."""
    names = dict.fromkeys(item["group"] for item in items if "group" in item)
    blocks = [{"id": "page", "items": list(items), **block}]
    data = {
        "slug": "form",
        "title": words("Form"),
        "languages": ["en"],
        "declined": words("Rather not"),
        "option_sets": {"yes_no": YES_NO},
        "groups": [{"id": name, "title": words(name)} for name in names],
        "blocks": [*blocks, *([{"id": "page_2", "items": list(more)}] if more else [])],
        "alerts": [{"item": item, "at_or_above": 1, "kind": "safety"} for item in alerts.split()],
    }
    return load_definition(json.dumps(data))


def pages(definition: Definition) -> list[tuple[str, bool, list[str]]]:
    return [(block.id, block.private, [item.id for item in block.items]) for block in definition.blocks]


def intros(definition: Definition) -> list[str | None]:
    return [block.intro and block.intro["en"] for block in definition.blocks]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ("a b risk", [("page", False, ["a", "b"]), ("page_2", True, ["risk"])]),
        ("risk a", [("page", True, ["risk"]), ("page_2", False, ["a"])]),
        ("a risk b", [("page", False, ["a"]), ("page_2", True, ["risk"]), ("page_3", False, ["b"])]),
        ("a risk harm", [("page", False, ["a"]), ("page_2", True, ["risk", "harm"])]),
        ("risk", [("page", False, ["risk"])]),
    ],
)
def test_a_question_that_raises_an_alert_has_a_page_of_its_own(items, expected):
    definition = built(*map(asks, items.split()), alerts="risk harm" if "harm" in items else "risk")
    assert pages(with_alerts_apart(definition)) == expected


def test_the_new_page_takes_a_name_that_is_free():
    definition = built(asks("a"), asks("risk"), more=(asks("b"),))
    assert pages(with_alerts_apart(definition)) == [
        ("page", False, ["a"]),
        ("page_3", True, ["risk"]),
        ("page_2", False, ["b"]),
    ]


def test_what_the_page_opens_with_is_said_again():
    found = with_alerts_apart(built(says("stem"), asks("a"), asks("risk"), asks("b"), intro=words("Intro")))
    assert pages(found)[0] == ("page", False, ["stem", "a"])
    assert intros(found) == ["Intro", "Intro\nWords stem", "Intro\nWords stem"]


def test_words_of_a_group_are_not_said_over_another_group():
    stem = says("stem", group="g1")
    found = with_alerts_apart(built(stem, asks("a", group="g1"), asks("risk", group="g1"), asks("b", group="g2")))
    assert intros(found) == [None, "Words stem", None]
    assert [item.group for item in found.items()] == ["g1", "g1", "g1", "g2"]


def test_words_right_before_it_go_along_and_those_after_it_stay_behind():
    found = with_alerts_apart(built(asks("a"), says("now"), asks("risk"), says("then"), asks("b"), says("end")))
    assert [items for _, _, items in pages(found)] == [["a"], ["now", "risk"], ["then", "b", "end"]]
    assert intros(found) == [None, None, None]


@pytest.mark.parametrize(
    "definition",
    [
        built(asks("a"), says("stem"), asks("b"), asks("risk")),
        built(asks("a"), asks("risk"), shuffle=True),
        built(asks("a"), asks("risk"), private=True),
        built(asks("a"), asks("risk"), more=(asks("b", visible_when={"item": "risk", "equals": 1}),)),
        built(says("stem", text=words("w" * 3000)), asks("a"), asks("risk"), intro=words("i" * 3000)),
        built(asks("a"), asks("b"), alerts=""),
    ],
    ids=["words between", "shuffled", "private", "looked at", "too long to say again", "no alert"],
)
def test_where_it_would_not_be_the_same_form_the_page_stays(definition):
    assert with_alerts_apart(definition) is definition


def test_opening_words_that_come_and_go_keep_the_page_together():
    first = {"id": "first", "items": [asks("gate")]}
    stem = says("stem", visible_when={"item": "gate", "equals": 1})
    data = json.loads(built(asks("a"), asks("risk")).canonical())
    data["blocks"] = [first, {"id": "second", "items": [stem, asks("a"), asks("risk")]}]
    definition = load_definition(json.dumps(data))
    assert with_alerts_apart(definition) is definition


def test_an_imported_form_keeps_its_names_and_is_the_same_after_a_round_trip():
    data = form_data("phq-9")
    items_of(data).insert(0, {"id": "stem", "kind": "display", "text": words("How often?"), "link_id": "/stem"})
    scored = apply_key(form(data), match_key(form(data)))
    assert [len(block.items) for block in scored.blocks] == [9, 1]
    assert [block.private for block in scored.blocks] == [False, True]
    assert intros(scored) == [None, "How often?"]
    assert [item.link_id for item in scored.items()] == ["/stem", *(f"/{number}" for number in range(1, 10))]
    again = read_questionnaire(write_questionnaire(scored, release="R4")).definition
    assert again == scored
    assert apply_key(again, match_key(again)) == scored


@tried(60)
@given(definitions())
def test_of_any_definition_nothing_but_the_pages_changes(definition):
    found = with_alerts_apart(definition)
    assert list(found.items()) == list(definition.items())
    assert found.model_copy(update={"blocks": definition.blocks}) == definition
    assert with_alerts_apart(found) == found
    asked = {item.id for item in definition.questions()}
    before = {item.id for block in definition.blocks if definition.is_private(block) for item in block.items} & asked
    after = {item.id for block in found.blocks if found.is_private(block) for item in block.items} & asked
    assert {alert.item for alert in definition.alerts} <= after <= before


@given(definitions())
@tried(30)
def test_what_was_taken_apart_needs_no_caution(definition):
    raising = {alert.item for alert in definition.alerts}
    parted = [block for block in with_alerts_apart(definition).blocks if block not in definition.blocks]
    for block in parted:
        asked = {item.id for item in block.items if not isinstance(item, DisplayItem)}
        assert block.private is bool(asked & raising)
    assert len(cautions_in(with_alerts_apart(definition))) <= len(cautions_in(definition))
