"""What a questionnaire file may be, and what its author is told when it can't be used."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from assessments.definition import Definition, digest_of, load_definition, text_for
from assessments.exceptions import InvalidDefinition
from tests.assessments.factories import small, small_data, two_way_check_in, words


def refused(data) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDefinition) as caught:
        load_definition(data if isinstance(data, str) else json.dumps(data))
    return [(problem.path, problem.message) for problem in caught.value.problems]


def broken(change) -> list[tuple[str, str]]:
    data = small_data()
    change(data)
    return refused(data)


# --- Reading --------------------------------------------------------------------------------------


def test_a_definition_finds_its_parts():
    definition = small()
    assert [item.id for item in definition.items()] == ["a", "gate", "b", "note"]
    assert (definition.item("b").kind, definition.question("z")) == ("choice", None)
    assert [option.value for option in definition.options(definition.item("a"))] == [1, 2, 3]
    assert definition.scale("sum").items == ("a", "b")
    assert (definition.mirror("sides").counterpart("a"), definition.mirror("sides").counterpart("b")) == ("b", "a")


def test_a_definition_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        small().slug = "other"  # type: ignore[misc]


def test_the_digest_is_that_of_the_canonical_text_whatever_the_files_layout():
    spread = json.dumps(dict(reversed(small_data().items())), indent=4)
    assert load_definition(spread).canonical() == small().canonical()
    assert small().digest() == digest_of(small().canonical())
    assert load_definition(small().canonical()) == small()


def test_spelling_out_a_default_changes_no_digest():
    data = small_data()
    data["blocks"][0]["items"][0] |= {"required": True, "sensitive": False}
    assert load_definition(json.dumps(data)).digest() == small().digest()


def test_any_word_changes_the_digest():
    assert small(period=words("Yesterday.")).digest() != small().digest()


def test_equal_definitions_are_one_key():
    assert len({small(), small(), two_way_check_in()}) == 2


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ({"en": "one", "es": "uno"}, "es", "uno"),
        ({"en": "one", "es": "uno"}, "es-mx", "uno"),
        ({"en": "one", "es": "uno"}, "ES", "uno"),
        ({"en": "one", "es": "uno"}, "fr", "one"),
        ({"es": "uno", "fr": "un"}, "de", "uno"),
    ],
)
def test_text_falls_back_to_english_and_then_to_what_there_is(texts, language, expected):
    assert text_for(texts, language) == expected


def test_a_questionnaire_is_asked_in_one_of_its_languages():
    definition = two_way_check_in()
    assert [definition.language_for(wanted) for wanted in ("es-ar", "en", "fr")] == ["es", "en", "en"]


# --- Shapes: the path and what to do --------------------------------------------------------------


def test_every_fault_is_told_at_once_by_its_path():
    def change(data):
        data["blocks"][0]["items"][0] |= {"text": {"en": ""}, "colour": "red"}
        data["blocks"][0]["items"][1] = {"kind": "gate", "options": "yes_no"}
        data["blocks"][1]["items"] = []
        data["option_sets"]["Agree"] = data["option_sets"].pop("agree")
        data["scales"][0] |= {"minimum": "1", "direction": "up"}

    assert broken(change) == [
        ("$.option_sets.Agree", "must match ^[a-z][a-z0-9_]*$; rename it"),
        ("$.blocks[0].items[0].text.en", "String should have at least 1 character"),
        ("$.blocks[0].items[0].colour", "is not a known field; remove it or correct its spelling"),
        ("$.blocks[0].items[1].id", "is missing; add it"),
        ("$.blocks[0].items[1].text", "is missing; add it"),
        ("$.blocks[1].items", "needs at least 1 entries; add what is missing"),
        ("$.scales[0].minimum", "Input should be a valid integer"),
        ("$.scales[0].direction", "use one of 'higher_is_worse', 'higher_is_better' or 'neutral'"),
    ]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ({}, "has no 'kind'; add it"),
        (
            {"kind": "grid"},
            (
                "\"grid\" is not a known kind; use one of 'choice', 'gate', 'multiple_choice', 'boolean', 'integer', "
                "'decimal', 'scale', 'date', 'text', 'display'"
            ),
        ),
    ],
)
def test_an_unknown_kind_of_item_is_told_with_the_known_ones(kind, message):
    def change(data):
        data["blocks"][0]["items"][0] = {"id": "a", "text": words("A"), **kind}

    assert broken(change) == [("$.blocks[0].items[0]", message)]


def test_what_is_no_json_is_told_so():
    ((path, message),) = refused("{")
    assert (path, message.split("(")[0]) == ("$", "is not valid JSON ")


def test_what_is_no_object_is_told_so():
    assert [path for path, _ in refused("[1]")] == ["$"]


# --- The rules between the parts ------------------------------------------------------------------


def item(data: Any, number: int = 0, block: int = 0) -> Any:
    return data["blocks"][block]["items"][number]


CHANGES: dict[str, tuple[Callable[[Any], object], tuple[str, str]]] = {
    "block twice": (
        lambda d: d["blocks"][1].update(id="first"),
        ("$.blocks", 'the id "first" is used twice; rename one'),
    ),
    "item twice": (
        lambda d: d["blocks"][1]["items"].append(item(d)),
        ("$.blocks[*].items", 'the id "a" is used twice; rename one'),
    ),
    "scale twice": (
        lambda d: d["scales"].append(d["scales"][0]),
        ("$.scales", 'the id "sum" is used twice; rename one'),
    ),
    "mirror twice": (
        lambda d: d["mirrors"].append(d["mirrors"][0]),
        ("$.mirrors", 'the id "sides" is used twice; rename one'),
    ),
    "value twice": (
        lambda d: d["option_sets"]["agree"][1].update(value=1),
        ("$.option_sets.agree", "the value 1 is used twice; change one"),
    ),
    "no option set": (
        lambda d: item(d, 1).update(options="maybe"),
        ("$.blocks[0].items[1].options", 'there is no option set "maybe"; add it to option_sets'),
    ),
    "impossible attention": (
        lambda d: (item(d).update(expected=9), d.update(scales=[])),
        ("$.blocks[0].items[0].expected", "is none of the item's values; use one of them"),
    ),
    "condition on nothing": (
        lambda d: item(d, 0, 1)["visible_when"].update(item="nowhere"),
        ("$.blocks[1].items[0].visible_when.item", 'there is no item "nowhere"; correct the id'),
    ),
    "condition on the same page": (
        lambda d: item(d, 0, 1)["visible_when"].update(item="b"),
        ("$.blocks[1].items[0].visible_when.item", '"b" must be asked in an earlier block; move it there'),
    ),
    "condition on no value": (
        lambda d: item(d, 0, 1)["visible_when"].update(equals=7),
        ("$.blocks[1].items[0].visible_when.equals", 'is no value of "gate"; use one of its values'),
    ),
    "scale of nothing": (
        lambda d: d["scales"][0].update(items=["a", "zz"]),
        ("$.scales[0].items", '"zz" cannot be scored; name a question with points'),
    ),
    "scale of a gate": (
        lambda d: d["scales"][0].update(items=["a", "gate"]),
        ("$.scales[0].items", '"gate" cannot be scored; name a question with points'),
    ),
    "scale of an attention item": (
        lambda d: item(d).update(expected=1),
        ("$.scales[0].items", '"a" cannot be scored; name a question with points'),
    ),
    "scale of two ranges": (
        lambda d: item(d).update(options="yes_no") or d.update(alerts=[]),
        ("$.scales[0].items", "have answers of different ranges; give them the same"),
    ),
    "item twice in a scale": (
        lambda d: d["scales"][0].update(items=["a", "b", "a"]),
        ("$.scales[0].items", '"a" is listed twice; remove one'),
    ),
    "reversal from elsewhere": (
        lambda d: d["scales"][0].update(items=["a"], reversed=["b"]),
        ("$.scales[0].reversed", '"b" is not in this scale; remove it'),
    ),
    "minimum too high": (
        lambda d: d["scales"][0].update(minimum=3),
        ("$.scales[0].minimum", "is more than the 2 items; lower it"),
    ),
    "pairs that aren't there": (
        lambda d: d["scales"][0].update(items=["a"], complete_pairs="others"),
        ("$.scales[0].complete_pairs", '"a" has no pair in "others"; add the pair'),
    ),
    "mirror of nothing": (
        lambda d: d["mirrors"][0].update(pairs=[["a", "zz"]]),
        ("$.mirrors[0].pairs", 'there is no item "zz"; correct the id'),
    ),
    "mirror of a text": (
        lambda d: d["mirrors"][0].update(pairs=[["a", "note"]]),
        ("$.mirrors[0].pairs", '"note" is no item answered with a number; correct the id'),
    ),
    "item in two pairs": (
        lambda d: d["mirrors"][0].update(pairs=[["a", "b"], ["a", "gate"]]),
        ("$.mirrors[0].pairs", '"a" is in two pairs; keep one'),
    ),
    "alert on a text": (
        lambda d: d["alerts"][0].update(item="note"),
        ("$.alerts[0].item", '"note" is no item answered with a number; correct the id'),
    ),
    "alert on nothing": (
        lambda d: d["alerts"][0].update(item="zz"),
        ("$.alerts[0].item", '"zz" is no item answered with a number; correct the id'),
    ),
    "alert out of reach": (
        lambda d: d["alerts"][0].update(at_or_above=4),
        ("$.alerts[0].at_or_above", 'is no value of "a"; use one of its values'),
    ),
    "wording missing": (
        lambda d: (
            d.update(languages=["en", "es"], blocks=d["blocks"][:1], scales=[], mirrors=[], alerts=[])
            or translate(d, leave=("period",))
        ),
        ("$.period", 'has no "es"; add the wording'),
    ),
    "wording too many": (
        lambda d: d["title"].update(fr="Petit"),
        ("$.title", '"fr" is not one of the languages; add it to $.languages or remove it'),
    ),
    "unknown placeholder": (
        lambda d: item(d)["text"].update(en="{partner} and I"),
        ("$.blocks[0].items[0].text.en", "has braces; only {other}, {Other} and {your_other} may stand in them"),
    ),
    "open brace": (
        lambda d: d["option_sets"]["agree"][0]["text"].update(en="{"),
        ("$.option_sets.agree[0].text.en", "has braces; only {other}, {Other} and {your_other} may stand in them"),
    ),
}


def translate(data: Any, leave: tuple[str, ...]) -> Any:
    """Add Spanish to every text but those left out."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        if isinstance(value, dict) and "en" in value and key not in leave:
            value["es"] = value["en"]
        elif isinstance(value, dict | list):
            translate(value, leave)
    return data


@pytest.mark.parametrize("name", CHANGES)
def test_parts_that_disagree_are_told(name):
    change, expected = CHANGES[name]
    assert broken(change) == [expected]


def test_an_item_without_options_breaks_no_other_rule():
    """The missing option set is told once, not again by every rule that would have looked into it."""
    assert broken(lambda data: data["option_sets"].pop("agree")) == [
        ("$.blocks[0].items[0].options", 'there is no option set "agree"; add it to option_sets'),
        ("$.blocks[1].items[0].options", 'there is no option set "agree"; add it to option_sets'),
    ]


def test_the_error_reads_as_a_list_of_paths():
    with pytest.raises(InvalidDefinition, match=r"^\$\.scales\[0\]\.minimum: is more than the 2 items; lower it$"):
        small(scales=[{**small_data()["scales"][0], "minimum": 9}])


def test_code_meets_the_same_rules_as_files():
    data = small().model_dump()
    with pytest.raises(ValidationError, match="parts do not agree"):
        Definition.model_validate({**data, "mirrors": data["mirrors"] * 2})
