from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.exceptions import UnreadableResponse
from assessments.fhir.codes import CALCULATED
from assessments.fhir.reading import read_questionnaire
from assessments.fhir.response_reading import read_response
from assessments.fhir.responses import ResponseValues, write_response
from tests.assessments.factories import every_kind, words
from tests.assessments.fhir.any_definition import answers_to, definitions, tried

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
VALUES = {"language": "en", "status": "completed", "authored": datetime(2026, 3, 2, tzinfo=UTC)}
HIDDEN = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden", "valueBoolean": True}
URL = "https://example.org/Questionnaire/moods"


def moods():
    """Three questions as an imported form has them, and a total that is computed and not asked."""
    options = [
        {"value": n, "text": words(f"Level {n}"), "coding": {"system": "http://loinc.org", "code": f"LA{n}"}}
        for n in range(4)
    ]
    items = [
        {"id": f"q{n}", "link_id": f"/{n}", "kind": "choice", "options": "levels", "text": words("?")}
        for n in (1, 2, 3)
    ]
    return every_kind(
        slug="moods",
        option_sets={"levels": options},
        groups=[],
        blocks=[{"id": "b", "items": items}],
        origin={"standard": "fhir", "release": "R4", "url": URL, "version": "2", "totals": ["/total"]},
    )


def coding(code, **system):
    return {"valueCoding": {**(system or {"system": "http://loinc.org"}), "code": code}}


def response(*items, **fields):
    return {"resourceType": "QuestionnaireResponse", "status": "completed", **fields, "item": list(items)}


def answered(link, *answers, **fields):
    return {"linkId": link, "answer": list(answers), **fields}


def read(*items, definition=None, **fields):
    return read_response(definition or moods(), response(*items, **fields))


def faults(*items, definition=None, **fields):
    with pytest.raises(UnreadableResponse) as caught:
        read(*items, definition=definition, **fields)
    return [tuple(problem) for problem in caught.value.problems]


@tried(150)
@given(st.data())
def test_what_was_written_reads_as_it_was(data):
    definition = data.draw(definitions())
    answers = data.draw(answers_to(definition))
    written = write_response(definition, ResponseValues(answers=answers, **VALUES), version_number=2)
    assert read_response(definition, written, version_number=2) == answers


def test_a_submitted_total_is_not_read():
    """As in HL7's PHQ-9 example, whose total is not the sum of its answers."""
    answers = [answered(f"/{n}", coding(f"LA{n}")) for n in (3, 2, 1)]
    total = answered("/total", {"valueDecimal": 13, "item": [answered("inside", {"valueDecimal": 1})]})
    assert read(*answers, total) == {"q1": 1, "q2": 2, "q3": 3}


def test_the_totals_of_an_imported_form_are_known():
    computed = {"url": CALCULATED, "valueExpression": {"language": "text/fhirpath", "expression": "1"}}
    totals = {"linkId": "box", "type": "group", "text": "Totals", "extension": [HIDDEN], "item": [
        {"linkId": "hidden", "type": "decimal", "text": "Total"},
        {"linkId": "words", "type": "string", "text": "In words"},
    ]}  # fmt: skip
    form = {"resourceType": "Questionnaire", "title": "Calm", "language": "en", "item": [
        {"linkId": "calm", "type": "boolean", "text": "Calm?"},
        {"linkId": "total", "type": "integer", "text": "Total", "extension": [computed]},
        {"linkId": "again", "type": "quantity", "text": "Total", "readOnly": True},
        totals,
    ]}  # fmt: skip
    definition = read_questionnaire(form).definition
    assert definition.origin.totals == ("total", "again", "hidden")
    numbers = [answered(link, {"valueDecimal": 13}) for link in ("total", "again", "hidden")]
    assert read(answered("calm", {"valueBoolean": True}), *numbers, definition=definition) == {"calm": 1}
    assert len(faults(answered("words", {"valueString": "Well"}), definition=definition)) == 1


def test_answers_are_found_wherever_they_are_nested():
    inner = answered("/1", coding("LA1"), item=[answered("/2", coding("LA2"))])
    outer = {"linkId": "group", "item": [inner]}
    below = answered("/3", {**coding("LA0"), "item": [{"linkId": "note", "text": "Thank you."}]})
    assert read(outer, below) == {"q1": 1, "q2": 2, "q3": 0}


def test_an_answer_under_another_name_is_refused():
    assert faults(answered("1", coding("LA1")), answered(["/1"], coding("LA1"))) == [
        ("QuestionnaireResponse.item[0]", "answers no question of this questionnaire; correct its linkId"),
        ("QuestionnaireResponse.item[1]", "answers no question of this questionnaire; correct its linkId"),
    ]


def test_a_question_is_answered_once():
    twice = [answered("/1", coding("LA1"))] * 2
    assert faults(*twice) == [
        ("QuestionnaireResponse.item[1]", "answers a question for the second time; keep one"),
    ]
    assert faults(answered("/1", coding("LA1"), coding("LA2"))) == [
        ("QuestionnaireResponse.item[0].answer", "has more than one answer to this question; keep one"),
    ]


@pytest.mark.parametrize("reason", ["asked-declined", "not-applicable"])
@pytest.mark.parametrize(
    "place",
    [
        lambda extension: {"linkId": "/1", "extension": [extension]},
        lambda extension: answered("/1", {"extension": [extension]}),
        lambda extension: answered("/1", {"valueCoding": {"extension": [extension]}}),
        lambda extension: answered("/1", {"_valueString": {"extension": [extension]}}),
    ],
)
def test_declining_may_be_said_in_several_places(place, reason):
    assert read(place({"url": ABSENT, "valueCode": reason})) == {"q1": None}


def test_any_other_reason_is_no_answer():
    unknown = {"linkId": "/1", "extension": [{"url": ABSENT, "valueCode": "unknown"}, {"url": "other"}]}
    assert read(unknown, {"linkId": "/2"}, answered("/3", coding("LA3"))) == {"q3": 3}


def test_only_a_question_that_may_be_declined_can_be():
    data = moods().model_dump()
    data["blocks"][0]["items"][0]["declinable"] = False
    definition = every_kind(**{**data, "slug": "moods"})
    declined = {"linkId": "/1", "extension": [{"url": ABSENT, "valueCode": "asked-declined"}]}
    assert faults(declined, definition=definition) == [
        ("QuestionnaireResponse.item[0]", "is not accepted: not declinable"),
    ]


def test_a_code_without_a_system_is_enough_where_only_one_answer_has_it():
    assert read(answered("/1", {"valueCoding": {"code": "LA2"}})) == {"q1": 2}
    data = moods().model_dump()
    data["option_sets"]["levels"][0]["coding"] = {"system": "http://other.example", "code": "LA2"}
    definition = every_kind(**data)
    assert faults(answered("/1", {"valueCoding": {"code": "LA2"}}), definition=definition) == [
        ("QuestionnaireResponse.item[0].answer[0]", "is no answer to a question of this kind; correct it"),
    ]


def test_an_option_that_is_words_or_a_number_is_answered_with_it():
    data = moods().model_dump()
    data["option_sets"]["levels"] = [
        {"value": 0, "text": words("Never")},
        {"value": 1, "text": words("2")},
        {"value": 2, "text": words("Twice")},
        {"value": 3, "text": words("Twice")},
    ]
    definition = every_kind(**data)
    given_answers = answered("/1", {"valueString": "Never"}), answered("/2", {"valueInteger": 2})
    assert read(*given_answers, definition=definition) == {"q1": 0, "q2": 1}
    for wrong in ({"valueString": "Ever"}, {"valueString": "Twice"}, {}):
        assert len(faults(answered("/1", wrong), definition=definition)) == 1


@pytest.mark.parametrize(
    ("link", "answer"),
    [
        ("yes", {"valueInteger": 1}),
        ("yes", {"valueBoolean": 1}),
        ("count", {"valueDecimal": 3.0}),
        ("day", {"valueString": "2026-01-02"}),
        ("line", {"valueCoding": {"code": "x"}}),
        ("one", {"valueCoding": {"system": "http://loinc.org", "code": "1"}}),
        ("some", {"valueInteger": 1}),
    ],
)
def test_an_answer_of_another_kind_is_refused(link, answer):
    assert faults(answered(link, answer), definition=every_kind()) == [
        ("QuestionnaireResponse.item[0].answer[0]", "is no answer to a question of this kind; correct it"),
    ]


@pytest.mark.parametrize(
    ("link", "answer", "fault"),
    [
        ("count", {"valueInteger": 41}, "out of range"),
        ("count", {"valueInteger": True}, "wrong type"),
        ("rating", {"valueInteger": 1}, "unknown value"),
        ("amount", {"valueDecimal": 0.55}, "too precise"),
        ("day", {"valueDate": "2026-13-01"}, "wrong type"),
        ("line", {"valueString": "x" * 2001}, "too long"),
    ],
)
def test_an_answer_that_cannot_be_given_here_is_refused(link, answer, fault):
    assert faults(answered(link, answer), definition=every_kind()) == [
        ("QuestionnaireResponse.item[0]", f"is not accepted: {fault}"),
    ]


def test_a_whole_number_is_a_decimal_too():
    assert read(answered("amount", {"valueInteger": 3}), definition=every_kind()) == {"amount": 3}


def test_answers_come_in_the_order_asked():
    given_answers = [answered(f"/{n}", coding("LA0")) for n in (3, 1, 2)]
    assert list(read(*given_answers)) == ["q1", "q2", "q3"]


@pytest.mark.parametrize("canonical", [None, URL, f"{URL}|2"])
def test_a_response_to_this_questionnaire_is_read(canonical):
    assert read(answered("/1", coding("LA1")), questionnaire=canonical) == {"q1": 1}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"questionnaire": "https://example.org/other"}, ("questionnaire", f'is not "{URL}"; ')),
        ({"questionnaire": f"{URL}|1"}, ("questionnaire", 'is not version "2"; ')),
        ({"status": "entered-in-error"}, ("status", "says that it was entered in error; ")),
    ],
)
def test_a_response_to_another_or_taken_back_is_refused(fields, fault):
    ((path, message),) = faults(answered("/1", coding("LA1")), **fields)
    assert path == f"QuestionnaireResponse.{fault[0]}"
    assert message.startswith(fault[1])


@pytest.mark.parametrize("data", [None, [], {}, {"resourceType": "Questionnaire"}])
def test_only_a_response_is_read(data):
    with pytest.raises(UnreadableResponse, match="is no QuestionnaireResponse; give one"):
        read_response(moods(), data)


@pytest.mark.parametrize(
    ("items", "path"),
    [
        ("wrong", ".item"),
        ([7], ".item[0]"),
        ([{"linkId": "/1", "item": {}}], ".item[0].item"),
        ([{"linkId": "/1", "answer": [7]}], ".item[0].answer"),
        ([{"linkId": "/1", "answer": {"valueInteger": 7}}], ".item[0].answer"),
    ],
)
def test_what_is_no_list_of_objects_is_refused(items, path):
    with pytest.raises(UnreadableResponse) as caught:
        read_response(moods(), {"resourceType": "QuestionnaireResponse", "item": items})
    assert [problem.path for problem in caught.value.problems] == [f"QuestionnaireResponse{path}"]


def test_what_is_nested_too_deep_is_refused():
    nested = answered("/1", coding("LA1"))
    for _ in range(40):
        nested = {"linkId": "group", "item": [deepcopy(nested)]}
    ((path, message),) = faults(nested)
    assert path.count(".item") == 21
    assert message == "is no list of items, or nested too deep; correct it"
