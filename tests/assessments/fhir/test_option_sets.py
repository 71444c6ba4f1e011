from __future__ import annotations

import pytest

from assessments.fhir import codes
from assessments.fhir.codes import ANSWERS, CORE
from tests.assessments.fhir.forms import (
    MOODS,
    choice,
    form,
    item,
    mood,
    notes,
    option,
    read,
    refusals,
    scored,
    weight,
)

ITEM = "Questionnaire.item[0]"


def kinds_and_points(definition):
    """For each question its kind, and each option's value and what it counts."""
    return [(q.kind, [(o.value, o.points) for o in definition.options(q)]) for q in definition.questions()]


@pytest.mark.parametrize("url", codes.WEIGHT)
def test_a_score_has_one_of_several_names(url):
    definition = read(form(choice("a", option("low", 0, url=url), option("high", 2, url=url))))
    assert kinds_and_points(definition) == [("choice", [(0, 0.0), (2, 2.0)])]


def test_a_score_may_stand_on_the_option_or_on_its_coding():
    on_coding = {"valueCoding": {**mood("b"), "display": "B", "extension": [weight(4)]}}
    definition = read(form(choice("a", option("a", 3), on_coding)))
    assert kinds_and_points(definition) == [("choice", [(3, 3.0), (4, 4.0)])]


def test_the_score_of_the_option_comes_before_that_of_its_coding():
    both = {"valueCoding": {**mood("b"), "display": "B", "extension": [weight(4)]}, "extension": [weight(5)]}
    assert kinds_and_points(read(form(choice("a", both)))) == [("choice", [(5, 5.0)])]


@pytest.mark.parametrize(
    ("scores", "values"),
    [
        ((0, 1, 3), [(0, 0.0), (1, 1.0), (3, 3.0)]),
        ((3.0, 2.0, -1.0), [(3, 3.0), (2, 2.0), (-1, -1.0)]),
        ((0, 0.5, 1), [(1, 0.0), (2, 0.5), (3, 1.0)]),
        ((1, 1, 0), [(1, 1.0), (2, 1.0), (3, 0.0)]),
    ],
    ids=["whole", "falling", "halves", "repeated"],
)
def test_the_stored_value_is_the_score_where_that_is_whole_and_unique_and_else_the_place(scores, values):
    definition = read(form(choice("a", *scored(*scores))))
    assert kinds_and_points(definition) == [("choice", values)]


def test_a_score_is_written_only_where_it_differs_from_the_value():
    options = read(form(choice("a", *scored(1, 1, 3)))).option_sets["answers_1"]
    assert [option.score for option in options] == [None, 1.0, None]


def test_answers_without_scores_are_codes_that_count_nothing():
    definition = read(form(choice("a", option("x"), option("y"))))
    assert kinds_and_points(definition) == [("gate", [(1, 1.0), (2, 2.0)])]
    assert definition.scales == ()


def test_a_question_with_scores_on_some_answers_is_asked_and_not_scored():
    questionnaire = form(choice("a", option("x", 0), option("y", 2), option("unsure")))
    definition = read(questionnaire)
    assert [option.score for option in definition.option_sets["answers_1"]] == [0.0, 2.0, None]
    assert (definition.item("a").kind, definition.scales) == ("gate", ())
    assert notes(questionnaire) == [f"{ITEM}: has answers with and without a score; it is asked, but not scored"]


def test_in_a_multiple_choice_an_answer_without_a_score_adds_nothing():
    definition = read(form(choice("a", option("x", 2), option("none"), repeats=True)))
    assert kinds_and_points(definition) == [("multiple_choice", [(1, 2.0), (2, 0.0)])]
    assert definition.scale("total").items == ("a",)


def test_numbers_to_choose_from_are_their_own_values():
    numbers = [{"valueInteger": number} for number in (0, 5, 10)]
    definition = read(form(item("a", "choice", answerOption=numbers), item("b", "integer", answerOption=numbers)))
    assert kinds_and_points(definition) == [("choice", [(0, 0.0), (5, 5.0), (10, 10.0)])] * 2
    assert [option.text for option in definition.option_sets["answers_1"]] == [{"en": "0"}, {"en": "5"}, {"en": "10"}]
    assert definition.scales == ()


@pytest.mark.parametrize(
    "values",
    [
        [{"valueString": "now"}, {"valueString": "later"}],
        [{"valueDate": "2026-01-01"}, {"valueDate": "2026-02-01"}],
        [{"valueTime": "08:00:00"}, {"valueTime": "20:00:00"}],
    ],
    ids=["texts", "days", "times"],
)
def test_what_is_no_code_is_shown_as_it_is_written(values):
    options = read(form(item("a", "choice", answerOption=values))).option_sets["answers_1"]
    written = [next(iter(value.values())) for value in values]
    assert [(option.value, option.text["en"], option.coding) for option in options] == [
        (1, written[0], None),
        (2, written[1], None),
    ]


def test_one_code_in_two_systems_is_two_answers():
    other = {"valueCoding": {"system": "http://other.example", "code": "m", "display": "Other"}}
    options = read(form(choice("a", option("m"), other))).option_sets["answers_1"]
    assert [option.coding.system for option in options] == [MOODS, "http://other.example"]


def test_answers_written_here_have_their_values_back():
    ours = [{"valueCoding": {"system": ANSWERS, "code": code, "display": code}} for code in ("7", "-2")]
    options = read(form(choice("a", *ours))).option_sets["answers_1"]
    assert [(option.value, option.coding) for option in options] == [(7, None), (-2, None)]


@pytest.mark.parametrize("codes_given", [("1", "x"), ("1", "01")])
def test_codes_of_ours_that_are_no_values_are_numbered(codes_given):
    ours = [{"valueCoding": {"system": ANSWERS, "code": code, "display": "x"}} for code in codes_given]
    options = read(form(choice("a", *ours))).option_sets["answers_1"]
    assert [option.value for option in options] == [1, 2]


def test_identical_lists_are_one_set_whatever_the_notation():
    values = {"resourceType": "ValueSet", "id": "v", "expansion": {"contains": [concept(n) for n in range(2)]}}
    questionnaire = form(
        choice("a", *scored(0, 1)),
        item("b", "choice", answerValueSet="#v"),
        choice("c", option("m0", 0, url=f"{CORE}/ordinalValue"), option("m1", 1)),
        choice("d", *scored(1, 0)),
        contained=[values],
    )
    assert [q.options for q in read(questionnaire).questions()] == ["answers_1", "answers_1", "answers_1", "answers_2"]


def concept(number):
    return {**mood(f"m{number}"), "display": f"Mood m{number}", "extension": [weight(number)]}


def test_an_answer_that_excludes_the_others_says_so():
    alone = option("none", exclusive=True)
    alone = {**option("none"), "extension": [{"url": codes.OPTION_EXCLUSIVE, "valueBoolean": True}]}
    options = read(form(choice("a", option("x"), alone, repeats=True))).option_sets["answers_1"]
    assert [option.exclusive for option in options] == [False, True]


def test_a_code_of_no_system_may_be_its_own_words():
    questionnaire = form(choice("a", {"valueCoding": {"code": "Yes"}}, {"valueCoding": {"code": "No"}}))
    assert [option.text["en"] for option in read(questionnaire).option_sets["answers_1"]] == ["Yes", "No"]
    assert notes(questionnaire) == [
        f"{ITEM}.answerOption[0].valueCoding: has a code and no words; the code is shown (here and in 1 other places)"
    ]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ([], f"{ITEM}: has no answers to choose from; add them"),
        ([option("x"), option("x")], f"{ITEM}.answerOption[1]: is there twice; remove one"),
        ([{"valueCoding": mood("x")}], f"{ITEM}.answerOption[0].valueCoding: has a code and no words; add a display"),
        ([{"valueCoding": {"display": "X"}}], f"{ITEM}.answerOption[0].valueCoding: has no code; add it"),
        ([{"valueString": " "}], f"{ITEM}.answerOption[0]: has no words; add them"),
        (
            [{"valueCoding": {"code": "x" * 501, "display": "x"}}],
            f"{ITEM}.answerOption[0].valueCoding: has a code of more than 500 characters; shorten it",
        ),
        (
            [option(f"m{number}") for number in range(251)],
            f"{ITEM}.answerOption: has 251 answers; the most is 250",
        ),
        (
            [{**option("x", 1), "extension": [weight(1), weight(2, f"{CORE}/ordinalValue")]}],
            f"{ITEM}.answerOption[0].extension: has two different scores; keep one",
        ),
    ],
)
def test_answers_that_cannot_be_offered_are_refused(options, reason):
    assert refusals(form(item("a", "choice", answerOption=options))) == [reason]


@pytest.mark.parametrize("value", [{}, {"valueReference": {"reference": "Patient/1"}}, {"valueInteger": "1"}])
def test_an_answer_of_another_kind_is_refused(value):
    assert refusals(form(item("a", "choice", answerOption=[value]))) == [
        f"{ITEM}.answerOption[0]: has no answer that can be chosen; give a valueCoding, valueString or valueInteger"
    ]


@pytest.mark.parametrize("score", ["2", None, True, 1e10])
def test_a_score_that_is_no_number_is_refused(score):
    assert refusals(form(choice("a", {**option("x"), "extension": [weight(score)]}))) == [
        f"{ITEM}.answerOption[0].extension[0]: must hold a number as the score; correct it"
    ]


def test_an_option_with_two_values_is_refused():
    both = {**option("x"), "valueString": "x"}
    assert f"{ITEM}.answerOption[0]: has both valueCoding and valueString; keep one" in refusals(
        form(choice("a", both))
    )


def test_answers_of_its_own_beside_a_set_are_refused():
    assert refusals(form(choice("a", answerValueSet="#v"))) == [
        f"{ITEM}: has both answers of its own and a set of answers; keep one"
    ]
