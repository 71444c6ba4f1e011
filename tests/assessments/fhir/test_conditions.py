from __future__ import annotations

import pytest

from assessments.definition import AllOf, Answered, AnyOf, Compares, Equals, NoneOf
from assessments.fhir.codes import CALCULATED, HIDDEN, MAX_VALUE, MIN_VALUE, UNIT
from assessments.fhir.conditions import MOST_COMPARISONS
from tests.assessments.fhir.forms import (
    MOODS,
    choice,
    form,
    group,
    item,
    mood,
    notes,
    option,
    read,
    refusals,
    shown_as,
    when,
)

NUMBERS = [{"valueInteger": 0}, {"valueInteger": 5}]
UNITS = [{"url": UNIT, "valueCoding": {"code": "kg", "display": "kilogram"}}]
ASKED = (
    item("yes", "boolean"),
    choice("mood", option("low", 0), option("high", 3)),
    choice("moods", option("low"), option("high"), repeats=True),
    item("number", "choice", answerOption=NUMBERS),
    item("words", "choice", answerOption=[{"valueString": "now"}, {"valueString": "later"}]),
    item("count", "integer"),
    item("amount", "decimal"),
    item("mass", "quantity", extension=UNITS),
    item("day", "date"),
    item("text", "string"),
)
SLIDER = shown_as("slider")
ENDS = ((MIN_VALUE, 0), (MAX_VALUE, 10))
ROW = f"Questionnaire.item[{len(ASKED)}].enableWhen[0]"


def condition(*rows, **fields):
    return read(form(*ASKED, item("then", enableWhen=list(rows), **fields))).item("then").visible_when


def refused(*rows, **fields):
    return refusals(form(*ASKED, item("then", enableWhen=list(rows), **fields)))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (when("yes", answerBoolean=True), Equals(item="yes", equals=1)),
        (when("yes", answerBoolean=False), Equals(item="yes", equals=0)),
        (when("yes", "!=", answerBoolean=True), NoneOf(none=(Equals(item="yes", equals=1),))),
        (when("mood", answerCoding=mood("high")), Equals(item="mood", equals=3)),
        (when("moods", answerCoding=mood("high")), Equals(item="moods", equals=2)),
        (when("number", answerInteger=5), Equals(item="number", equals=5)),
        (when("number", ">", answerInteger=0), Compares(item="number", comparison="above", value=0)),
        (when("words", answerString="later"), Equals(item="words", equals=2)),
        (when("count", answerInteger=2), Equals(item="count", equals=2)),
        (when("count", ">=", answerInteger=2), Compares(item="count", comparison="at_least", value=2)),
        (when("amount", "<", answerDecimal=0.5), Compares(item="amount", comparison="below", value=0.5)),
        (
            when("mass", "<=", answerQuantity={"value": 80, "code": "kg"}),
            Compares(item="mass", comparison="at_most", value=80),
        ),
        (when("day", ">", answerDate="2026-01-01"), Compares(item="day", comparison="above", value="2026-01-01")),
        (when("text", answerString="yes"), Equals(item="text", equals="yes")),
        (when("mood", "exists", answerBoolean=True), Answered(item="mood", answered=True)),
        (when("text", "exists", answerBoolean=False), Answered(item="text", answered=False)),
    ],
)
def test_each_comparison_has_its_condition(row, expected):
    assert condition(row) == expected


TWO = (when("yes", answerBoolean=True), when("count", ">", answerInteger=1))


@pytest.mark.parametrize(("behavior", "kind", "field"), [("all", AllOf, "all"), ("any", AnyOf, "any")])
def test_several_comparisons_are_joined_as_the_file_says(behavior, kind, field):
    found = condition(*TWO, enableBehavior=behavior)
    assert (type(found), len(getattr(found, field))) == (kind, 2)


@pytest.mark.parametrize("behavior", [{}, {"enableBehavior": "none"}])
def test_several_comparisons_that_nobody_joins_are_refused(behavior):
    place = f"Questionnaire.item[{len(ASKED)}].enableBehavior"
    told = 'must be "all" or "any" where there are several conditions; add it'
    assert refused(*TWO, **behavior) == [f"{place}: {told}"]


def test_several_answers_of_one_question_can_only_mean_any():
    rows = [when("mood", answerCoding=mood("low")), when("mood", answerCoding=mood("high"))]
    assert condition(*rows) == AnyOf(any=(Equals(item="mood", equals=0), Equals(item="mood", equals=3)))
    told = 'does not say whether "all" or "any" of its conditions must hold; only "any" can'
    assert notes(form(ASKED[1], item("then", enableWhen=rows))) == [f"Questionnaire.item[1]: {told}"]


def test_several_answers_of_a_multiple_choice_may_all_be_given():
    rows = [when("moods", answerCoding=mood("low")), when("moods", answerCoding=mood("high"))]
    assert len(refused(*rows)) == 1


def test_stu3_has_no_operators_and_means_any():
    first = item("first", "choice", option=[option("low"), option("high")])
    rows = [{"question": "first", "hasAnswer": False}, {"question": "first", "answerCoding": mood("low")}]
    assert read(form(first, item("then", enableWhen=rows))).item("then").visible_when == AnyOf(
        any=(Answered(item="first", answered=False), Equals(item="first", equals=1))
    )


def test_a_code_without_a_system_is_enough_where_only_one_answer_has_it():
    assert condition(when("mood", answerCoding={"code": "high"})) == Equals(item="mood", equals=3)


def test_one_code_in_two_systems_is_told_apart():
    other = {"valueCoding": {"system": "http://other.example", "code": "m", "display": "Other"}}
    asked = choice("a", option("m"), other)
    rows = [when("a", answerCoding={"system": "http://other.example", "code": "m"})]
    assert read(form(asked, item("then", enableWhen=rows))).item("then").visible_when == Equals(item="a", equals=2)
    assert refusals(form(asked, item("then", enableWhen=[when("a", answerCoding={"code": "m"})]))) == [
        'Questionnaire.item[1].enableWhen[0]: names no answer of "a"; use its exact system and code'
    ]


@pytest.mark.parametrize(
    "answer",
    [
        {"answerCoding": {"system": f"{MOODS}/", "code": "high"}},
        {"answerCoding": {"system": MOODS, "code": "High"}},
        {"answerCoding": "high"},
        {"answerString": "high"},
        {"answerInteger": 3},
    ],
)
def test_an_answer_that_the_question_does_not_have_is_refused(answer):
    assert refused(when("mood", **answer)) == [f'{ROW}: names no answer of "mood"; use its exact system and code']


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (when("yes", answerString="yes"), "answerString"),
        (when("count", answerString="2"), "answerString"),
        (when("count", answerInteger=True), "answerInteger"),
        (when("day", answerDate="2026-01"), "answerDate"),
        (when("day", answerDateTime="2026-01-01T00:00:00Z"), "answerDateTime"),
        (when("text", answerInteger=1), "answerInteger"),
    ],
)
def test_an_answer_of_another_kind_is_refused(row, field):
    told = f'can never be an answer to "{row["question"]}"; compare with one'
    assert refused(row) == [f"{ROW}.{field}: {told}"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (when("none", answerBoolean=True), ".question: names no item of this form; use its exact linkId"),
        (when("Yes", answerBoolean=True), ".question: names no item of this form; use its exact linkId"),
        ({"operator": "=", "answerBoolean": True}, ".question: names no item of this form; use its exact linkId"),
        (when("yes", "is", answerBoolean=True), ".operator: is no operator of FHIR; correct it"),
        (when("yes"), ": has no answer to compare with; add it"),
        (when("yes", "exists"), ": needs true or false as answerBoolean; add it"),
        (
            when("mood", ">", answerCoding=mood("low")),
            ".operator: puts answers in an order that they do not have; compare with =",
        ),
        (
            when("text", ">=", answerString="a"),
            ".operator: puts answers in an order that they do not have; compare with =",
        ),
        (
            when("mass", ">", answerQuantity={"value": 1, "code": "lb"}),
            ".answerQuantity: compares with another unit than the question has; use the same",
        ),
        (when("then", answerString="x"), '.question: depends on "then", which is asked later; ask that first'),
    ],
)
def test_a_comparison_that_cannot_be_made_is_refused(row, told):
    assert refused(row) == [f"{ROW}{told}"]


def test_the_number_of_comparisons_is_bounded():
    rows = [when("yes", "exists", answerBoolean=True)] * (MOST_COMPARISONS + 1)
    told = "brings the conditions of the form to more than 2000; simplify them"
    assert refused(*rows, enableBehavior="any") == [f"{ROW.removesuffix('[0]')}: {told}"]


def test_a_condition_on_what_is_asked_later_or_not_asked_is_refused():
    rows = [[when(name, answerBoolean=True)] for name in ("g", "words", "hidden", "sum", "late")]
    questionnaire = form(
        item("words", "display"),
        item("hidden", "boolean", extension=[{"url": HIDDEN, "valueBoolean": True}]),
        item("sum", "decimal", extension=[{"url": CALCULATED}]),
        group("g", *(item(f"then{number}", enableWhen=row) for number, row in enumerate(rows))),
        item("late", "boolean"),
    )
    computed = "is computed from other answers; it is not asked, and scores are computed here"
    assert [told.partition(": ")[2] for told in refusals(questionnaire)] == [
        'depends on "g", which is a group; ask that first',
        'depends on "words", which asks nothing; name a question',
        'depends on "hidden", which is hidden; it is not asked; remove the condition',
        f'depends on "sum", which {computed}; remove the condition',
        'depends on "late", which is asked later; ask that first',
    ]


def test_a_condition_on_a_question_that_was_refused_is_not_told_again():
    questionnaire = form(item("t", "time"), item("then", enableWhen=[when("t", ">", answerTime="08:00:00")]))
    assert len(refusals(questionnaire)) == 1


def test_a_condition_on_a_choice_without_answers_is_not_told_again():
    questionnaire = form(item("c", "choice"), item("then", enableWhen=[when("c", answerCoding=mood("x"))]))
    assert refusals(questionnaire) == ["Questionnaire.item[0]: has no answers to choose from; add them"]


def test_a_scale_is_compared_by_number():
    ends = [{"url": url, "valueInteger": end} for url, end in ENDS]
    slider = item("s", "integer", extension=[*SLIDER, *ends])
    found = read(form(slider, item("then", enableWhen=[when("s", ">", answerInteger=7)])))
    assert found.item("then").visible_when == Compares(item="s", comparison="above", value=7)
