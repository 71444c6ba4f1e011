from __future__ import annotations

from datetime import date

import pytest

from assessments.definition import Compares
from assessments.fhir import codes
from tests.assessments.fhir.forms import (
    choice,
    form,
    group,
    item,
    notes,
    option,
    read,
    refusals,
    scored,
    shown_as,
    translated,
    when,
)

ITEM = "Questionnaire.item[0]"


def limit(url, value, kind="Integer"):
    return {"url": url, f"value{kind}": value}


def unit(code, display=None, url=codes.UNIT):
    coding = {"code": code} if display is None else {"code": code, "display": display}
    return {"url": url, "valueCoding": coding}


def only(*items, **fields):
    """The first question, as plain data without what every question has."""
    question = next(read(form(*items, **fields)).questions())
    return question.model_dump(exclude_defaults=True, exclude={"id", "text", "declinable", "required"})


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (item("a", "boolean"), {"kind": "boolean"}),
        (item("a", "integer"), {"kind": "integer"}),
        (item("a", "decimal"), {"kind": "decimal"}),
        (item("a", "date"), {"kind": "date"}),
        (item("a", "string"), {"kind": "text", "short": True}),
        (item("a", "text"), {"kind": "text"}),
        (item("a", "text", maxLength=99), {"kind": "text", "max_length": 99}),
        (choice("a"), {"kind": "choice", "options": "answers_1"}),
        (choice("a", type="coding"), {"kind": "choice", "options": "answers_1"}),
        (choice("a", option("x")), {"kind": "gate", "options": "answers_1"}),
        (choice("a", repeats=True), {"kind": "multiple_choice", "options": "answers_1"}),
        (
            choice("a", repeats=True, extension=[limit(codes.MAX_OCCURS, 2)]),
            {"kind": "multiple_choice", "options": "answers_1", "at_most": 2},
        ),
        (
            choice("a", repeats=True, extension=[limit(codes.MAX_OCCURS, 3)]),
            {"kind": "multiple_choice", "options": "answers_1"},
        ),
        (choice("a", repeats=True, extension=[limit(codes.MAX_OCCURS, 1)]), {"kind": "choice", "options": "answers_1"}),
    ],
)
def test_each_kind_of_item_has_its_question(asked, expected):
    assert only(asked) == expected


@pytest.mark.parametrize(
    ("extensions", "expected"),
    [
        ([limit(codes.MIN_VALUE, 1), limit(codes.MAX_VALUE, 9)], {"kind": "integer", "minimum": 1, "maximum": 9}),
        ([limit(codes.MIN_VALUE, 1.0, "Decimal")], {"kind": "integer", "minimum": 1}),
        ([unit("kg", "kilogram")], {"kind": "integer", "unit": {"en": "kilogram"}}),
        ([{"url": codes.UNIT, "valueCoding": {"system": codes.UCUM}}], {"kind": "integer"}),
        ([unit("{beats}/min")], {"kind": "integer", "unit": {"en": "beats/min"}}),
        ([unit("kg", "kilogram", codes.UNIT_OPTION)], {"kind": "integer", "unit": {"en": "kilogram"}}),
        (shown_as("slider"), {"kind": "integer"}),
        (
            [*shown_as("slider"), limit(codes.MIN_VALUE, 0), limit(codes.MAX_VALUE, 10)],
            {"kind": "scale", "minimum": 0, "maximum": 10},
        ),
        (
            [*shown_as("slider"), limit(codes.MIN_VALUE, 0), limit(codes.MAX_VALUE, 10), limit(codes.SLIDER_STEP, 5)],
            {"kind": "scale", "minimum": 0, "maximum": 10, "step": 5},
        ),
    ],
)
def test_whole_numbers_have_ends_units_and_sliders(extensions, expected):
    assert only(item("a", "integer", extension=extensions)) == expected


@pytest.mark.parametrize(
    ("extensions", "expected"),
    [
        (
            [limit(codes.MIN_VALUE, 0), limit(codes.MAX_VALUE, 1.5, "Decimal")],
            {"kind": "decimal", "minimum": 0.0, "maximum": 1.5},
        ),
        ([limit(codes.MAX_DECIMAL_PLACES, 2)], {"kind": "decimal", "places": 2}),
        ([limit(codes.MAX_DECIMAL_PLACES, 6)], {"kind": "decimal"}),
        (
            [limit(codes.MAX_DECIMAL_PLACES, 0), limit(codes.MAX_VALUE, 9), unit("g")],
            {"kind": "integer", "maximum": 9, "unit": {"en": "g"}},
        ),
    ],
)
def test_decimals_have_ends_and_places(extensions, expected):
    assert only(item("a", "decimal", extension=extensions)) == expected


def test_the_words_inside_a_question_name_its_unit_and_conditions_go_by_the_code():
    asked = item("a", "decimal", extension=[unit("kg")], item=[display("u", "unit")])
    then = item("b", enableWhen=[when("a", ">", answerQuantity={"value": 1, "code": "kg"})])
    definition = read(form(asked, then))
    assert definition.item("a").unit == {"en": "Words of u"}
    assert definition.item("b").visible_when == Compares(item="a", comparison="above", value=1)


def test_a_quantity_in_its_one_unit_is_a_number():
    questionnaire = form(item("a", "quantity", extension=[unit("cm", "centimeter")]))
    assert next(read(questionnaire).questions()).unit == {"en": "centimeter"}
    assert notes(questionnaire) == [f"{ITEM}: is a quantity; it is asked as a number in its one unit"]


@pytest.mark.parametrize(
    ("kind", "extensions", "reason"),
    [
        ("quantity", [], "asks for a number with a unit to choose; give it one unit"),
        ("decimal", [unit("cm"), unit("m", url=codes.UNIT_OPTION)], "has several units; give it one"),
    ],
)
def test_a_number_whose_unit_is_to_be_chosen_is_refused(kind, extensions, reason):
    assert refusals(form(item("a", kind, extension=extensions))) == [f"{ITEM}: {reason}"]


def test_days_have_ends():
    ends = [limit(codes.MIN_VALUE, "2020-01-01", "Date"), limit(codes.MAX_VALUE, "2026-01-01", "Date")]
    assert only(item("a", "date", extension=ends)) == {
        "kind": "date",
        "earliest": date(2020, 1, 1),
        "latest": date(2026, 1, 1),
    }


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        (item("a", "date", extension=[{"url": codes.MIN_VALUE}]), ".extension[0]: is no fixed day; it is not checked"),
        (
            item("a", "integer", extension=[limit(codes.MAX_VALUE, 1.5, "Decimal")]),
            ".extension[0]: is no fixed number of the question's kind; it is not checked",
        ),
        (
            item("a", "decimal", extension=[{"url": codes.MAX_VALUE, "_valueDecimal": {}}]),
            ".extension[0]: is no fixed number of the question's kind; it is not checked",
        ),
        (
            item("a", "decimal", extension=[limit(codes.MAX_DECIMAL_PLACES, 9)]),
            ": allows more than 6 decimal places; 6 are kept",
        ),
        (
            item("a", "text", maxLength=50_000),
            ".maxLength: is no length from 1 to 20000; the usual one is used",
        ),
        (
            item("a", "boolean", maxLength=3),
            ".maxLength: has a length, which does not go with its kind; it is left out",
        ),
        (
            item("a", "boolean", extension=[limit(codes.MIN_VALUE, 1)]),
            ": has a limit or unit that does not go with its kind; it is left out",
        ),
        (
            item("a", "text", extension=shown_as("text-box")),
            ": is to be shown in another way; the page looks as every page here",
        ),
        (
            choice("a", repeats=True, extension=[limit(codes.MIN_OCCURS, 2)]),
            ": wants several answers at least; one is enough here",
        ),
    ],
)
def test_what_is_not_kept_of_a_question_is_noted(asked, note):
    assert notes(form(asked)) == [f"{ITEM}{note}"]


def test_a_question_must_be_answered_only_where_the_file_says_so_and_is_never_declined():
    asked = read(form(item("a", required=True), item("b", required=False), item("c")))
    assert [(q.required, q.declinable) for q in asked.questions()] == [(True, False), (False, False), (False, False)]


def test_prefix_and_codes_are_kept_and_a_code_without_a_code_is_noted():
    questionnaire = form(
        item("A/1", prefix="1.", code=[{"system": "s", "code": "c", "display": "d"}, {"display": "x"}])
    )
    question = next(read(questionnaire).questions())
    assert (question.prefix, question.link_id, question.codes[0].display) == ("1.", "A/1", "d")
    assert notes(questionnaire) == [f"{ITEM}.code[1]: is a coding without a code; it is left out"]


def display(link_id, control, **fields):
    return item(link_id, "display", extension=shown_as(control), **fields)


def test_words_inside_a_question_become_its_help_or_follow_it():
    asked = choice("a", item=[display("h", "help"), display("f", "flyover"), item("d", "display"), item("b")])
    definition = read(form(asked))
    assert definition.item("a").help == {"en": "Words of h\nWords of f"}
    assert [entry.id for entry in definition.items()] == ["a", "d", "b"]


def test_help_is_offered_in_the_languages_that_all_of_it_is_in():
    es = {"_text": translated(es="Palabras")}
    asked = item("a", item=[display("h", "help", **es), display("f", "help")], **es)
    assert read(form(asked, _title=translated(es="T"))).languages == ("en",)


def test_instructions_may_be_a_category_of_the_question_or_of_words_inside_it():
    words = {"url": codes.DISPLAY_CATEGORY, "valueCodeableConcept": {"text": "In the last week", "coding": [{}]}}
    labelled = {
        "url": codes.DISPLAY_CATEGORY,
        "valueCodeableConcept": {"coding": [{"code": "instructions"}], "text": "I"},
    }
    inside = item("i", "display", extension=[labelled])
    definition = read(form(item("a", extension=[words], item=[inside]), item("b", extension=[labelled])))
    assert definition.item("a").help == {"en": "In the last week\nWords of i"}
    assert definition.item("b").help is None


def test_words_may_stand_at_the_ends_of_a_slider_and_be_a_unit():
    ends = [limit(codes.MIN_VALUE, 0), limit(codes.MAX_VALUE, 10)]
    inside = [display("l", "lower"), display("u", "upper"), display("x", "prompt")]
    definition = read(form(item("a", "integer", extension=[*shown_as("slider"), *ends], item=inside)))
    assert (definition.item("a").low, definition.item("a").high) == ({"en": "Words of l"}, {"en": "Words of u"})
    assert [entry.id for entry in definition.items()] == ["a", "x"]
    assert only(item("a", "integer", item=[display("u", "unit")]))["unit"] == {"en": "Words of u"}


def test_conditional_words_are_no_help_but_words_of_their_own():
    asked = choice(
        "a", item=[display("h", "help", enableWhen=[{"question": "a", "operator": "exists", "answerBoolean": True}])]
    )
    assert [entry.id for entry in read(form(asked)).items()] == ["a", "h"]


def test_help_without_words_is_refused():
    asked = item("a", item=[display("h", "help", text="")])
    assert refusals(form(asked)) == [f"{ITEM}.item[0]: has no text; add it"]


@pytest.mark.parametrize("kind", ["string", "boolean", "display"])
def test_an_item_without_words_is_refused(kind):
    assert refusals(form(item("a", kind, text=" "), item("b"))) == [
        f"{ITEM}: has no text, so there is nothing to ask; add it"
    ]


@pytest.mark.parametrize("kind", ["string", "integer", "date", "boolean"])
def test_a_question_to_be_answered_several_times_is_refused(kind):
    assert refusals(form(item("a", kind, repeats=True))) == [
        f"{ITEM}.repeats: may be answered several times, which cannot be asked here; set repeats to false"
    ]


def test_questions_inside_a_multiple_choice_would_be_asked_for_each_answer():
    asked = choice("a", repeats=True, item=[item("d", "display"), item("b")])
    assert refusals(form(asked)) == [
        f"{ITEM}.item[1]: would be asked once for each answer chosen; move it out of that question"
    ]


def test_nothing_stands_inside_words():
    assert refusals(form(item("a", "display", item=[item("b")]), item("c"))) == [
        f"{ITEM}.item[0]: stands inside a display, which can hold nothing; move it out"
    ]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"type": "coding", "answerConstraint": "optionsOrType"}, "takes codes, numbers or days beside those listed"),
        ({"type": "time", "answerOption": []}, "asks for a time of day"),
        ({"type": "dateTime", "answerOption": []}, "asks for a day and a time"),
        ({"type": "url", "answerOption": []}, "asks for a web address"),
        ({"type": "attachment", "answerOption": []}, "asks for a file"),
        ({"type": "reference", "answerOption": []}, "asks for a record"),
        ({"type": "question", "answerOption": []}, "has no kind of answer"),
        ({"type": "mood", "answerOption": []}, "is no kind of item"),
    ],
)
def test_a_kind_that_cannot_be_asked_is_refused(fields, reason):
    [told] = refusals(form({"linkId": "a", "type": "choice", "text": "Words", "answerOption": scored(0, 1), **fields}))
    assert told.startswith(f"{ITEM}.type: {reason}")


def test_an_item_without_a_type_is_refused():
    asked = item("a")
    del asked["type"]
    assert refusals(form(asked, item("b"))) == [f"{ITEM}: has no type; add it"]


def test_a_group_may_have_help_and_a_prefix():
    definition = read(form(group("G", display("h", "help"), item("a"), prefix="I.")))
    made = definition.groups[0]
    assert (made.id, made.link_id, made.prefix, made.help) == ("g", "G", "I.", {"en": "Words of h"})


def test_an_impossible_range_is_told_at_its_place_in_the_file():
    ends = [limit(codes.MIN_VALUE, 9), limit(codes.MAX_VALUE, 1)]
    assert refusals(form(item("a", "integer", extension=ends))) == [
        f"{ITEM}.maximum: must be above the minimum; correct one of them"
    ]


@pytest.mark.parametrize("kind", ["boolean", "group", "decimal"])
def test_answers_listed_for_another_kind_are_refused(kind):
    asked = item("a", kind, answerOption=scored(0, 1), item=[item("b")])
    assert refusals(form(asked)) == [f"{ITEM}: lists answers, which does not go with its kind; make it a choice"]


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "open-choice"},
        {"answerConstraint": "optionsOrString"},
        {"type": "coding", "answerConstraint": "optionsOrString"},
        {"type": "string", "answerConstraint": "optionsOrType", "answerOption": [{"valueString": "Tea"}]},
    ],
)
def test_a_choice_may_leave_room_for_own_words(fields):
    asked = {"linkId": "a", "type": "choice", "text": "Words", "answerOption": scored(0, 1), **fields}
    item = read(form(asked)).item("a")
    assert (item.kind, item.own_words) == ("gate" if "valueString" in str(fields) else "choice", True)


def test_several_may_be_chosen_beside_own_words():
    asked = {"linkId": "a", "type": "open-choice", "text": "Words", "answerOption": scored(0, 1), "repeats": True}
    item = read(form(asked)).item("a")
    assert (item.kind, item.own_words) == ("multiple_choice", True)
