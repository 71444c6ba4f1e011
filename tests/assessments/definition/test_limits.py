"""What no questionnaire needs and what would break a page or a sum: refused with its place and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from assessments.definition import checks, load_definition
from assessments.definition.checks import MOST_COMPARISONS, MOST_GROUPS
from assessments.definition.items import MOST_STEPS
from assessments.exceptions import InvalidDefinition
from tests.assessments.factories import EVERY_KIND, small_data, words
from tests.assessments.fhir.forms import choice, form, option, refusals, shown_as
from tests.assessments.fhir.forms import item as asked

ENORMOUS = 10**400
LOWER = "must be at most 1,000,000,000; lower it"
RAISE = "must be at least -1,000,000,000; raise it"
NO_NUMBER = "is no number that can be used; correct it"


def told(data: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDefinition) as caught:
        load_definition(json.dumps(data))
    return [(problem.path, problem.message) for problem in caught.value.problems]


def every_kind_data() -> Any:
    return deepcopy(EVERY_KIND)


def item(data: Any, item_id: str) -> Any:
    return next(item for block in data["blocks"] for item in block["items"] if item["id"] == item_id)


def first_option(data: Any) -> Any:
    return data["option_sets"]["agree"][0]


def as_sum(**changes: Any) -> Callable[[Any], object]:
    return lambda data: data["scales"][0].update(kind="sum", **changes)


NUMBERS: dict[str, tuple[Callable[[Any], object], str, str]] = {
    "a value": (lambda d: first_option(d).update(value=ENORMOUS), "$.option_sets.agree[0].value", LOWER),
    "a value below": (lambda d: first_option(d).update(value=-ENORMOUS), "$.option_sets.agree[0].value", RAISE),
    "points": (lambda d: first_option(d).update(score=1e10), "$.option_sets.agree[0].score", LOWER),
    "points that are no float": (
        lambda d: first_option(d).update(score=ENORMOUS),
        "$.option_sets.agree[0].score",
        NO_NUMBER,
    ),
    "an alert": (lambda d: d["alerts"][0].update(at_or_above=ENORMOUS), "$.alerts[0].at_or_above", LOWER),
    "a condition": (
        lambda d: item(d, "b").update(visible_when={"item": "gate", "equals": ENORMOUS}),
        "$.blocks[1].items[0].visible_when.equals",
        "is beyond ±1,000,000,000; give a smaller number",
    ),
    "a factor": (as_sum(factor=-1e12), "$.scales[0].factor", RAISE),
    "a factor of zero": (
        as_sum(factor=0),
        "$.scales[0].factor",
        "makes every score zero; give another factor, or leave it out",
    ),
    "a minimum": (as_sum(minimum=ENORMOUS), "$.scales[0].minimum", LOWER),
    "a weight": (
        lambda d: d["scales"][0].update(kind="weighted", weights={"a": 1e200, "b": 1}),
        "$.scales[0].weights.a",
        LOWER,
    ),
    "a language twice": (lambda d: d.update(languages=["en", "en"]), "$.languages", '"en" is named twice; remove one'),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_without_measure_is_told_by_its_place(name):
    change, path, message = NUMBERS[name]
    data = small_data()
    change(data)
    assert (path, message) in told(data)


@pytest.mark.parametrize(
    ("item_id", "changes", "field", "message"),
    [
        ("rating", {"maximum": 10**15}, "maximum", LOWER),
        ("rating", {"step": ENORMOUS}, "step", LOWER),
        ("count", {"maximum": ENORMOUS}, "maximum", LOWER),
        ("amount", {"minimum": -1e10}, "minimum", RAISE),
        ("some", {"at_most": ENORMOUS}, "at_most", LOWER),
    ],
)
def test_the_ends_of_a_question_have_measure_too(item_id, changes, field, message):
    data = every_kind_data()
    item(data, item_id).update(changes)
    [(path, said)] = told(data)
    assert (path.rpartition(".")[2], said) == (field, message)


def test_a_scale_has_at_most_a_thousand_steps():
    data = every_kind_data()
    item(data, "rating").update(maximum=MOST_STEPS, step=1)
    assert len(load_definition(json.dumps(data)).item("rating").values) == MOST_STEPS + 1
    item(data, "rating").update(maximum=MOST_STEPS + 1)
    advice = "is 1,001 steps above the minimum; the most is 1,000: give a larger step, or make it an integer"
    assert told(data) == [("$.blocks[2].items[1].maximum", advice)]


@pytest.mark.parametrize(
    ("most", "message"),
    [(10**15, LOWER), (10**6, "is 1,000,000 steps above the minimum; the most is 1,000: give a larger step, or make")],
)
def test_an_imported_slider_without_measure_is_refused_with_its_place(most, message):
    ends = [{"url": f"http://hl7.org/fhir/StructureDefinition/{end}Value", "valueInteger": n} for end, n in _ends(most)]
    [said] = refusals(form(asked("s", "integer", extension=[*shown_as("slider"), *ends])))
    assert said.startswith(f"Questionnaire.item[0].maximum: {message}")


def _ends(most: int) -> list[tuple[str, int]]:
    return [("min", 0), ("max", most)]


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x85", "\u202a", "\u202e", "\u2066", "\u2069"])
def test_a_character_that_cannot_be_shown_is_told_by_its_place(character):
    fault = f"has the character U+{ord(character):04X}, which cannot be shown; remove it"
    data = small_data()
    data["title"] = words(f"A{character}")
    item(data, "note").update(prefix=f"1{character}", text=words(f"{character}?"))
    item(data, "b").update(visible_when={"item": "gate", "equals": f"{character}1"})
    assert told(data) == [
        ("$.title.en", fault),
        ("$.blocks[1].items[0].visible_when.equals", fault),
        ("$.blocks[1].items[1].text.en", fault),
        ("$.blocks[1].items[1].prefix", fault),
    ]


@pytest.mark.parametrize("character", ["\t", "\n", "\r\n", "\u200e", "\u200f", "\u200d", "é", "🙂"])
def test_lines_and_every_script_are_words(character):
    data = small_data()
    data["title"] = words(f"A{character}B")
    assert load_definition(json.dumps(data)).title == data["title"]


def test_an_imported_text_that_turns_what_follows_is_refused_with_its_place():
    turning = {"valueCoding": {"code": "y", "display": "Yes\u202eon"}}
    said = refusals(form(asked("a", text="Fine\u2066?"), choice("b", turning, option("x"))))
    places = [line.partition(":")[0] for line in said]
    assert places == ["Questionnaire.item[0].text", "Questionnaire.item[1].answerOption[0].valueCoding.display"]
    assert {line.partition(": ")[2] for line in said} == {
        "has the character U+2066, which cannot be shown; remove it",
        "has the character U+202E, which cannot be shown; remove it",
    }


def test_what_is_no_text_to_read_is_refused_by_its_place_in_the_file():
    assert refusals(form(asked("a", "text", prefix="1\u202e"))) == [
        "Questionnaire.item[0].prefix: has the character U+202E, which cannot be shown; remove it"
    ]


# --- How much -------------------------------------------------------------------------------------


def test_groups_are_counted():
    data = every_kind_data()
    data["groups"] += [{"id": f"g{number}"} for number in range(MOST_GROUPS)]
    assert told(data) == [("$.groups", "has 1,002 groups; the most is 1,000: join some")]


def test_comparisons_are_counted_in_all_conditions_together():
    data = every_kind_data()
    many = {"any": [{"item": "yes", "answered": True}] * MOST_COMPARISONS}
    item(data, "day").update(visible_when=many)
    advice = "put what depends on the same answers into one group"
    assert told(data) == [
        ("$", f"has 2,002 comparisons in its conditions; the most is 2,000: {advice}"),
    ]


def test_the_questions_are_gone_through_as_often_for_many_conditions_as_for_one(monkeypatch):
    walks: list[Any] = []
    by_id = checks.by_id
    monkeypatch.setattr(checks, "by_id", lambda definition: walks.append(definition) or by_id(definition))
    counted = []
    for many in (1, 100):
        walks.clear()
        data = every_kind_data()
        item(data, "day").update(visible_when={"any": [{"item": "yes", "equals": 1}] * many})
        load_definition(json.dumps(data))
        counted.append(len(walks))
    assert counted[0] == counted[1]
