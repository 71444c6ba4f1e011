from __future__ import annotations

from datetime import UTC, datetime

from assessments.fhir.responses import ResponseValues, write_response
from tests.assessments.factories import every_kind, full_answers, small, two_way_check_in

ANSWERS = "https://interdepend.example/fhir/CodeSystem/answers"
EVERYTHING = {
    "one": 2,
    "some": [1, 3],
    "yes": 1,
    "gate": 1,
    "check": 1,
    "amount": 0.5,
    "count": 3,
    "rating": 9,
    "day": "2026-01-02",
    "line": "So",
}


def written(answers, definition=None, **values):
    facts = {"language": "en", "status": "completed", "authored": datetime(2026, 3, 2, 12, 30, 5, 900, tzinfo=UTC)}
    response = ResponseValues(answers=answers, **{**facts, **values})
    return write_response(definition or every_kind(), response)


def coding(code, display):
    return {"valueCoding": {"system": ANSWERS, "code": code, "display": display}}


def item(link, text, *answers):
    return {"linkId": link, "text": text, "answer": list(answers)}


def test_a_response_says_what_it_answers_and_when():
    response = written({"yes": 0}, id="7", subject="Patient/7")
    assert {name: value for name, value in response.items() if name != "item"} == {
        "resourceType": "QuestionnaireResponse",
        "id": "7",
        "language": "en",
        "questionnaire": "https://interdepend.example/fhir/Questionnaire/every-kind",
        "status": "completed",
        "subject": {"reference": "Patient/7"},
        "authored": "2026-03-02T12:30:05Z",
    }


def test_it_names_its_version():
    response = ResponseValues(answers={}, language="en", status="completed", authored=datetime(2026, 3, 2, tzinfo=UTC))
    canonical = write_response(every_kind(), response, version_number=4)["questionnaire"]
    assert canonical == "https://interdepend.example/fhir/Questionnaire/every-kind|4"


def test_every_kind_of_answer_stands_where_its_question_does():
    choices, numbers, *rest = written(EVERYTHING)["item"]
    assert (choices["linkId"], choices["text"]) == ("choices", "Choices")
    assert choices["item"] == [
        item("one", "How much?", coding("2", "Much")),
        item("some", "Which?", coding("1", "Sleep"), coding("3", "Rest")),
        item("yes", "Well?", {"valueBoolean": True}),
        item("gate", "Go on?", coding("1", "Yes")),
        item("check", "Choose Some.", coding("1", "Some")),
    ]
    counts = {"linkId": "counts", "text": "Counts", "item": [item("count", "How many?", {"valueInteger": 3})]}
    amount = item("amount", "How many litres?", {"valueDecimal": 0.5})
    assert numbers == {"linkId": "numbers", "text": "Numbers", "item": [amount, counts]}
    assert rest == [
        item("rating", "How far?", {"valueInteger": 9}),
        item("day", "Since when?", {"valueDate": "2026-01-02"}),
        item("line", "In a word?", {"valueString": "So"}),
    ]


def test_what_is_hidden_or_open_is_left_out():
    answers = {**EVERYTHING, "gate": 0, "line": "", "some": []}
    links = [part["linkId"] for part in written(answers)["item"]]
    assert links == ["choices", "rating", "day"]
    assert [part["linkId"] for part in written(answers)["item"][0]["item"]] == ["one", "yes", "gate", "check"]
    assert "item" not in written({})


def test_declining_is_a_reason_and_no_answer():
    url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    declined = {"extension": [{"url": url, "valueCode": "asked-declined"}], "linkId": "rating", "text": "How far?"}
    assert written({"rating": None})["item"] == [declined]


def test_the_words_are_those_that_were_read():
    definition = two_way_check_in()
    answers = {**full_answers(), "balance": 3}
    response = written(answers, definition, language="es", other_term="mi madre")
    first = response["item"][0]["item"][0]
    assert first["text"] == "Un día cualquiera se me hace imposible de sobrellevar cuando mi madre no está."
    balance = next(each for page in response["item"] for each in page["item"] if each["linkId"] == "balance")
    assert balance["answer"] == [coding("3", "Mi madre más que yo")]


def test_without_the_term_the_placeholder_stays():
    first = written({"a": 1}, small())["item"][0]["item"][0]
    assert first["text"] == "{Other} and I"
