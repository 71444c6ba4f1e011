from __future__ import annotations

import pytest

from assessments.fhir.codes import CALCULATED, HIDDEN, INITIAL_EXPRESSION, USAGE_MODE
from assessments.fhir.parts import MOST_ITEMS, slugged
from tests.assessments.fhir.forms import form, group, item, notes, read, refusals

ITEM = "Questionnaire.item[0]"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("/44250-9", "q_44250_9"),
        ("H1/T1/Q1", "h1_t1_q1"),
        ("Wie geht’s Ærø?", "wie_gehts_r"),
        ("É.a", "e_a"),
        ("情绪", ""),
    ],
)
def test_a_link_id_becomes_an_id(text, slug):
    assert slugged(text, "_") == slug


def test_a_link_id_that_is_an_id_is_kept_and_the_others_make_way():
    link_ids = ["A-1", "a_1", "a.1", "1", "情绪", "q", "x" * 50, "x" * 50 + "y"]
    made = list(read(form(*map(item, link_ids))).questions())
    long = "x" * 40, "x" * 35 + "_2"
    assert [question.id for question in made] == ["a_1_2", "a_1", "a_1_3", "q_1", "q_2", "q", *long]
    assert [question.link_id for question in made] == ["A-1", None, "a.1", "1", "情绪", None, "x" * 50, "x" * 50 + "y"]


def test_what_is_left_out_takes_no_name():
    hidden = item("a-1", extension=[{"url": HIDDEN, "valueBoolean": True}])
    assert [question.id for question in read(form(hidden, item("a.1"))).questions()] == ["a_1"]


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"extension": [{"url": HIDDEN, "valueBoolean": True}]}, "is hidden; it is not asked"),
        (
            {"extension": [{"url": CALCULATED}]},
            "is computed from other answers; it is not asked, and scores are computed here",
        ),
        ({"readOnly": True}, "cannot be answered by the person (readOnly); it is not asked"),
        (
            {"extension": [{"url": USAGE_MODE, "valueCode": "display"}]},
            "is only for showing answers; it is not asked",
        ),
    ],
)
def test_what_nobody_can_answer_is_left_out(fields, note):
    questionnaire = form(item("a", "decimal", **fields), item("b"))
    assert [question.id for question in read(questionnaire).questions()] == ["b"]
    assert notes(questionnaire) == [f"{ITEM}: {note}"]


@pytest.mark.parametrize(
    "extension",
    [
        {"url": HIDDEN, "valueBoolean": False},
        {"url": USAGE_MODE, "valueCode": "capture"},
        {"url": INITIAL_EXPRESSION, "valueExpression": {"expression": "today()"}},
    ],
)
def test_what_the_person_can_answer_is_asked(extension):
    assert [question.id for question in read(form(item("a", extension=[extension]))).questions()] == ["a"]


def test_a_hidden_question_that_must_be_answered_cannot_be_left_out():
    hidden = group("g", item("sum", "decimal", required=True, readOnly=True), item("a", required=True))
    hidden["extension"] = [{"url": HIDDEN, "valueBoolean": True}]
    told = f"is hidden; it is not asked, but {ITEM}.item[1] must be answered; show it or make that optional"
    assert refusals(form(hidden, item("b"))) == [f"{ITEM}: {told}"]


def test_what_is_inside_something_left_out_is_told_once():
    hidden = group("g", item("a", "time"), item("b", "attachment"))
    hidden["extension"] = [{"url": HIDDEN, "valueBoolean": True}]
    assert notes(form(hidden, item("c"))) == [f"{ITEM}: is hidden; it is not asked"]


def test_a_computed_question_that_must_be_there_is_no_obstacle():
    assert refusals(form(item("sum", "decimal", required=True, extension=[{"url": CALCULATED}]), item("b"))) == []


def test_link_ids_are_unique_and_there():
    nameless = item("a")
    del nameless["linkId"]
    assert refusals(form(item("a"), group("g", item("a")), nameless, item("x" * 501))) == [
        "Questionnaire.item[2]: has no linkId; add one",
        "Questionnaire.item[3].linkId: is longer than 500 characters; shorten it",
        'Questionnaire.item[1].item[0].linkId: repeats the linkId "a"; rename one',
    ]


def test_the_number_of_items_is_bounded():
    assert refusals(form(*(item(f"a{number}") for number in range(MOST_ITEMS + 1)))) == [
        "Questionnaire.item: has 1001 items; the most is 1000"
    ]


def test_the_depth_of_items_is_bounded():
    inside = item("last")
    for level in range(10):
        inside = group(f"g{level}", inside)
    place = "Questionnaire" + ".item[0]" * 10
    assert refusals(form(inside)) == [f"{place}.item: has more than 10 levels of items; flatten it"]


def test_a_form_that_asks_nothing_is_refused():
    assert refusals(form()) == ["Questionnaire.item: asks nothing that can be answered here"]
    assert refusals(form(item("a", "display"))) == ["Questionnaire.item: asks nothing that can be answered here"]
