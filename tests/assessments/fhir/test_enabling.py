"""Conditions in FHIR's words mean what they mean here: checked by a reading of ``enableWhen`` that is written anew."""

from __future__ import annotations

import operator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from assessments.answers import visible_questions
from assessments.definition import Condition
from assessments.fhir.enabling import enabling, fhirpath
from assessments.fhir.links import links_of
from assessments.fhir.responses import ResponseValues, write_response
from tests.assessments.factories import every_kind, words
from tests.assessments.fhir.any_definition import answers_to, definitions, tried

ANSWERS = "https://interdepend.example/fhir/CodeSystem/answers"
LEVEL = {value: {"answerCoding": {"system": ANSWERS, "code": str(value)}} for value in range(10)}
ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def condition(data):
    return TypeAdapter(Condition).validate_python(data, strict=False)


def enabled_by(data, definition=None):
    definition = definition or every_kind()
    return enabling(definition, links_of(definition), condition(data))


def row(question, sign, **answer):
    return {"question": question, "operator": sign, **answer}


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ({"item": "one", "equals": 2}, [row("one", "=", **LEVEL[2])]),
        ({"item": "some", "equals": 9}, [row("some", "=", **LEVEL[9])]),
        ({"item": "yes", "equals": 0}, [row("yes", "=", answerBoolean=False)]),
        ({"item": "count", "equals": 3}, [row("count", "=", answerInteger=3)]),
        ({"item": "amount", "equals": 0.5}, [row("amount", "=", answerDecimal=0.5)]),
        ({"item": "day", "equals": "2026-01-02"}, [row("day", "=", answerDate="2026-01-02")]),
        ({"item": "line", "equals": "so"}, [row("line", "=", answerString="so")]),
        ({"item": "rating", "answered": True}, [row("rating", "exists", answerBoolean=True)]),
        ({"item": "rating", "comparison": "above", "value": 3}, [row("rating", ">", answerInteger=3)]),
        ({"item": "amount", "comparison": "at_most", "value": 1.5}, [row("amount", "<=", answerDecimal=1.5)]),
        ({"item": "day", "comparison": "below", "value": "2026-01-02"}, [row("day", "<", answerDate="2026-01-02")]),
        ({"item": "one", "comparison": "at_least", "value": 2}, [row("one", "=", **LEVEL[2])]),
        ({"item": "yes", "comparison": "below", "value": 1}, [row("yes", "=", answerBoolean=False)]),
        ({"none": [{"item": "one", "equals": 2}]}, [row("one", "!=", **LEVEL[2])]),
        ({"none": [{"item": "one", "answered": True}]}, [row("one", "exists", answerBoolean=False)]),
        ({"none": [{"none": [{"item": "one", "equals": 2}]}]}, [row("one", "=", **LEVEL[2])]),
        ({"all": [{"none": [{"item": "one", "equals": 2}]}]}, [row("one", "!=", **LEVEL[2])]),
    ],
)
def test_one_comparison_is_one_row(data, rows):
    assert enabled_by(data) == {"enableWhen": rows}


ONE = {"item": "one", "equals": 1}
YES = {"item": "yes", "equals": 1}


@pytest.mark.parametrize(
    ("data", "signs", "behavior"),
    [
        ({"all": [ONE, YES]}, "==", "all"),
        ({"any": [ONE, YES]}, "==", "any"),
        ({"none": [ONE, YES]}, ["!=", "!="], "all"),
        ({"any": [{"none": [ONE]}, YES]}, ["!=", "="], "any"),
        ({"item": "one", "comparison": "at_least", "value": 1}, "==", "any"),
        ({"all": [{"all": [ONE, YES]}, ONE]}, "===", "all"),
        ({"any": [{"item": "one", "comparison": "at_least", "value": 1}, YES]}, "===", "any"),
        ({"all": [ONE, {"none": [YES, {"any": [ONE, YES]}]}]}, ["=", "!=", "!=", "!="], "all"),
        ({"none": [{"all": [ONE, YES]}]}, ["!=", "!="], "any"),
    ],
)
def test_several_are_joined_by_all_or_any(data, signs, behavior):
    written = enabled_by(data)
    assert [each["operator"] for each in written["enableWhen"]] == list(signs)
    assert written["enableBehavior"] == behavior


LINE = "%resource.repeat(item).where(linkId='line').answer"
LEVELS = "%resource.repeat(item).where(linkId='one').answer"
YESES = "%resource.repeat(item).where(linkId='yes').answer.where(value = true).exists()"


def level(value):
    return f"(value.code = '{value}' and value.system = '{ANSWERS}')"


@pytest.mark.parametrize(
    ("data", "expression"),
    [
        ({"all": [YES, {"any": [YES, YES]}]}, f"({YESES} and ({YESES} or {YESES}))"),
        ({"none": [{"all": [YES, {"any": [ONE, YES]}]}]}, None),
        ({"all": [{"any": [YES, {"all": [YES]}]}, {"none": [{"any": [YES]}]}]}, None),
        ({"none": [{"item": "count", "comparison": "above", "value": 3}]}, None),
        (
            {"all": [YES, {"item": "one", "comparison": "at_least", "value": 1}]},
            f"({YESES} and {LEVELS}.where({level(1)} or {level(2)}).exists())",
        ),
        ({"item": "one", "comparison": "above", "value": 2}, f"{LEVELS}.where(false).exists()"),
        ({"item": "line", "comparison": "above", "value": "m"}, f"{LINE}.where(value > 'm').exists()"),
        ({"item": "line", "equals": " "}, f"{LINE}.where(value = ' ').exists()"),
        ({"item": "rating", "equals": 0.5}, None),
    ],
)
def test_what_rows_cannot_say_is_an_expression(data, expression):
    definition = every_kind()
    written = enabled_by(data)
    assert written.keys() == {"extension"}
    (extension,) = written["extension"]
    assert extension["url"] == "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
    assert extension["valueExpression"]["language"] == "text/fhirpath"
    said = extension["valueExpression"]["expression"]
    assert said == fhirpath(definition, links_of(definition), condition(data))
    assert expression is None or said == expression


@pytest.mark.parametrize(
    ("leaf", "test"),
    [
        ({"item": "count", "comparison": "above", "value": 3}, "value > 3"),
        ({"item": "rating", "equals": 0.5}, "value = 0.5"),
        ({"item": "day", "comparison": "at_most", "value": "2026-01-02"}, "value <= @2026-01-02"),
        ({"item": "yes", "comparison": "at_least", "value": 0}, "value = false or value = true"),
        ({"item": "some", "comparison": "at_least", "value": 0}, "false"),
        ({"item": "line", "equals": "O'Neil\\\n\r\t"}, "value = 'O\\'Neil\\\\\\n\\r\\t'"),
    ],
)
def test_an_expression_compares_values_of_the_same_kind(leaf, test):
    definition = every_kind()
    said = fhirpath(definition, links_of(definition), condition(leaf))
    assert said == f"%resource.repeat(item).where(linkId='{leaf['item']}').answer.where({test}).exists()"


def test_an_expression_says_no_as_not_and_open_as_empty():
    definition = every_kind()
    said = fhirpath(definition, links_of(definition), condition({"none": [{"item": "line", "answered": False}, YES]}))
    assert said == f"({LINE}.empty() or {YESES}).not()"
    said = fhirpath(definition, links_of(definition), condition({"any": [{"item": "line", "answered": True}]}))
    assert said == f"({LINE}.exists())"


def test_a_code_without_a_system_is_one_without_a_system():
    coded = {"levels": [{"value": 1, "text": words("x"), "coding": {"code": "y"}}]}
    definition = every_kind(option_sets=coded, blocks=[BLOCK], groups=[])
    said = fhirpath(definition, links_of(definition), condition(ONE))
    assert said == f"{LEVELS}.where((value.code = 'y' and value.system.empty())).exists()"


BLOCK = {"id": "b", "items": [{"id": "one", "kind": "choice", "options": "levels", "text": words("x")}]}


def test_what_is_always_asked_has_no_condition():
    assert enabling(every_kind(), links_of(every_kind()), None) == {}


def answers_in(part):
    """By linkId, the values in a QuestionnaireResponse."""
    found = {}
    for item in part.get("item", ()):
        found[item["linkId"]] = [next(iter(answer.values())) for answer in item.get("answer", ())]
        found |= answers_in(item)
    return found


def as_fhir_says(written, given):
    """Whether the rows of ``enableWhen`` let an item be asked."""
    met = []
    for each in written["enableWhen"]:
        wanted = next(value for key, value in each.items() if key.startswith("answer"))
        values = given.get(each["question"], [])
        codes = [(v.get("system"), v["code"]) if isinstance(v, dict) else v for v in values]
        wanted = (wanted.get("system"), wanted["code"]) if isinstance(wanted, dict) else wanted
        sign = each["operator"]
        if sign == "exists":
            met.append(bool(codes) is wanted)
        elif sign in {"=", "!="}:
            met.append((wanted in codes) is (sign == "="))
        else:
            met.append(any(ORDER[sign](value, wanted) for value in codes))
    return any(met) if written.get("enableBehavior") == "any" else all(met)


@tried(100)
@given(st.data())
def test_rows_hold_exactly_when_the_condition_does(data):
    definition = data.draw(definitions())
    links = links_of(definition)
    answers = data.draw(answers_to(definition))
    asked = {item.id for item in visible_questions(definition, answers)}
    values = {"language": "en", "status": "completed", "authored": datetime(2026, 3, 2, tzinfo=UTC)}
    given_answers = answers_in(write_response(definition, ResponseValues(answers=answers, **values)))
    for part in (*definition.items(), *definition.groups):
        written = enabling(definition, links, part.visible_when)
        if "enableWhen" in written:
            holds = part.visible_when.holds({key: value for key, value in answers.items() if key in asked})
            assert as_fhir_says(written, given_answers) is holds
