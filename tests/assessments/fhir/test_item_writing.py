from __future__ import annotations

import json

import pytest

from assessments.fhir.item_writing import ItemWriter, worded
from assessments.fhir.links import links_of
from tests.assessments.factories import every_kind, words

CORE = "http://hl7.org/fhir/StructureDefinition"
ANSWERS = "https://interdepend.example/fhir/CodeSystem/answers"


def written(definition, release="R5"):
    return ItemWriter(definition, links_of(definition), release).items()


def items_of(definition, release="R5"):
    """Everything by its linkId, wherever it stands."""
    found = {}

    def walk(items):
        for item in items:
            found[item["linkId"]] = item
            walk(item.get("item", ()))

    walk(written(definition, release))
    return found


def changed(item_id, **fields):
    """The questionnaire of every kind, one item otherwise."""
    data = json.loads(every_kind().canonical())
    for block in data["blocks"]:
        for item in block["items"]:
            if item["id"] == item_id:
                item.update(fields)
    return every_kind(blocks=data["blocks"])


def control(code):
    coding = {"system": "http://hl7.org/fhir/questionnaire-item-control", "code": code}
    return {"url": f"{CORE}/questionnaire-itemControl", "valueCodeableConcept": {"coding": [coding]}}


def test_pages_and_groups_are_groups():
    page, numbers, *rest = written(every_kind())
    assert page["extension"] == [control("page")]
    assert (page["linkId"], page["text"], page["type"]) == ("choices", "Choices", "group")
    assert [item["linkId"] for item in page["item"]] == ["one", "some", "yes", "gate", "check"]
    coding = {"system": ANSWERS, "code": "1"}
    assert numbers["enableWhen"] == [{"question": "gate", "operator": "=", "answerCoding": coding}]
    assert [item["linkId"] for item in numbers["item"]] == ["amount", "counts"]
    assert [item["linkId"] for item in rest] == ["read", "rating", "day", "line"]


def test_choices_are_listed_with_what_they_count_by_the_release_s_own_name():
    def option(code, display, score, extension):
        coding = {"system": ANSWERS, "code": code, "display": display}
        return {"valueCoding": coding, "extension": [{"url": f"{CORE}/{extension}", "valueDecimal": score}]}

    listed = (("0", "None", 0), ("1", "Some", 1), ("2", "Much", 2.5))
    for release, kind, extension in (("R4", "choice", "ordinalValue"), ("R5", "coding", "itemWeight")):
        item = items_of(every_kind(), release)["one"]
        assert item["type"] == kind
        assert item["answerOption"] == [option(*each, extension) for each in listed]
    assert "answerConstraint" not in items_of(every_kind(), "R4B")["one"]
    assert items_of(every_kind(), "R5")["one"]["answerConstraint"] == "optionsOnly"


@pytest.mark.parametrize("name", ["gate", "check"])
def test_what_is_never_scored_has_no_scores(name):
    options = items_of(every_kind())[name]["answerOption"]
    assert {field for option in options for field in option} == {"valueCoding"}


def test_several_may_be_chosen():
    item = items_of(changed("some", at_most=2))["some"]
    assert item["repeats"] is True
    assert item["extension"] == [{"url": f"{CORE}/questionnaire-maxOccurs", "valueInteger": 2}]
    assert item["answerOption"][-1]["extension"] == [
        {"url": f"{CORE}/itemWeight", "valueDecimal": 0},
        {"url": f"{CORE}/questionnaire-optionExclusive", "valueBoolean": True},
    ]
    assert "extension" not in items_of(every_kind())["some"]


def test_numbers_have_limits_places_and_units():
    items = items_of(every_kind())
    assert (items["count"]["type"], items["amount"]["type"], items["yes"]["type"]) == ("integer", "decimal", "boolean")
    assert items["count"]["extension"] == [
        {"url": f"{CORE}/minValue", "valueInteger": 0},
        {"url": f"{CORE}/maxValue", "valueInteger": 40},
    ]
    assert items["amount"]["extension"] == [
        {"url": f"{CORE}/minValue", "valueDecimal": 0},
        {"url": f"{CORE}/maxDecimalPlaces", "valueInteger": 1},
        {"url": f"{CORE}/questionnaire-unit", "valueCoding": {"display": "litres"}},
    ]


def test_a_scale_is_a_slider_with_words_at_its_ends():
    item = items_of(every_kind())["rating"]
    assert (item["type"], item["prefix"]) == ("integer", "3.")
    assert item["extension"] == [
        control("slider"),
        {"url": f"{CORE}/minValue", "valueInteger": 0},
        {"url": f"{CORE}/maxValue", "valueInteger": 10},
        {"url": f"{CORE}/questionnaire-sliderStepValue", "valueInteger": 3},
    ]
    assert item["item"] == [
        {"linkId": "rating-lower", "extension": [control("lower")], "text": "Not at all", "type": "display"},
        {"linkId": "rating-upper", "extension": [control("upper")], "text": "Fully", "type": "display"},
    ]


def test_days_have_limits():
    item = items_of(every_kind())["day"]
    assert item["type"] == "date"
    assert item["extension"] == [
        {"url": f"{CORE}/minValue", "valueDate": "2020-01-01"},
        {"url": f"{CORE}/maxValue", "valueDate": "2026-12-31"},
    ]


def test_texts_are_long_or_short():
    assert (items_of(every_kind())["line"]["type"], items_of(every_kind())["line"]["maxLength"]) == ("string", 2000)
    assert items_of(changed("line", short=False, max_length=9))["line"]["maxLength"] == 9
    assert items_of(changed("line", short=False))["line"]["type"] == "text"


def test_an_answer_is_required_only_where_nobody_may_decline():
    assert "required" not in items_of(every_kind())["one"]
    assert items_of(changed("one", declinable=False))["one"]["required"] is True
    assert "required" not in items_of(changed("one", declinable=False, required=False))["one"]


def test_help_stands_beside_what_it_helps_with():
    helped = {"linkId": "one-help", "extension": [control("help")], "text": "Guess.", "type": "display"}
    assert items_of(changed("one", help=words("Guess.")))["one"]["item"] == [helped]
    groups = json.loads(every_kind().canonical())["groups"]
    groups[1]["help"] = words("Guess.")
    assert items_of(every_kind(groups=groups))["counts"]["item"][0] == {**helped, "linkId": "counts-help"}
    blocks = json.loads(every_kind().canonical())["blocks"]
    blocks[0]["intro"] = words("Guess.")
    assert written(every_kind(blocks=blocks))[0]["item"][0] == {**helped, "linkId": "choices-help"}


def test_no_words_beside_take_the_name_of_an_item():
    data = json.loads(changed("one", help=words("Guess.")).canonical())
    data["blocks"][0]["items"][1]["link_id"] = "one-help"
    assert items_of(every_kind(blocks=data["blocks"]))["one-help-2"]["text"] == "Guess."


def test_what_the_questions_are_about_comes_first():
    first, *_ = written(every_kind(period=words("Today.")))
    assert first == {"linkId": "period", "text": "Today.", "type": "display"}


def test_codes_are_written_as_they_were_read():
    codes = [{"system": "http://loinc.org", "code": "44250-9", "display": "Interest"}, {"code": "x"}]
    assert items_of(changed("one", codes=codes))["one"]["code"] == codes


def test_other_languages_are_translations_of_the_first():
    definition = every_kind(
        languages=["es", "en"],
        title={"es": "Todo", "en": "All"},
        declined={"es": "No", "en": "No"},
        option_sets={},
        groups=[],
        blocks=[{"id": "b", "items": [{"id": "a", "kind": "boolean", "text": {"en": "Well?", "es": "¿Bien?"}}]}],
    )
    translation = {
        "url": f"{CORE}/translation",
        "extension": [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": "Well?"}],
    }
    assert items_of(definition)["a"] == {
        "linkId": "a",
        "text": "¿Bien?",
        "_text": {"extension": [translation]},
        "type": "boolean",
    }


def test_no_words_are_no_field():
    assert worded("text", None, every_kind()) == {}
