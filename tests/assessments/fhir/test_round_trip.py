"""What is exported and read again is the same definition: ours to the letter, anybody else's by its digest."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.conf import SHIPPED_CATALOG
from assessments.definition import load_definition
from assessments.exceptions import UnreadableQuestionnaire
from assessments.fhir.codes import DEFINITION
from assessments.fhir.reading import read_questionnaire
from assessments.fhir.writing import WRITTEN_RELEASES, write_questionnaire
from tests.assessments.factories import every_kind
from tests.assessments.fhir.any_definition import definitions, tried
from tests.assessments.fhir.any_questionnaire import questionnaires

CORE = "http://hl7.org/fhir/StructureDefinition"
LOINC = "http://loinc.org"


def exported(definition, release="R5"):
    """As another program gets it: through JSON."""
    return json.loads(json.dumps(write_questionnaire(definition, release=release)))


def translated(wording):
    parts = [{"url": "lang", "valueCode": "de"}, {"url": "content", "valueString": wording}]
    return {"extension": [{"url": f"{CORE}/translation", "extension": parts}]}


def option(code, display, score):
    coding = {"system": LOINC, "code": code, "display": display, "_display": translated(f"{display} (de)")}
    return {"valueCoding": coding, "extension": [{"url": f"{CORE}/ordinalValue", "valueDecimal": score}]}


MOODS = {
    "resourceType": "Questionnaire",
    "language": "en",
    "url": "https://example.org/Questionnaire/moods",
    "version": "2.0",
    "name": "Moods",
    "title": "Moods",
    "_title": translated("Stimmungen"),
    "status": "active",
    "code": [{"system": LOINC, "code": "1-8", "display": "Moods"}],
    "item": [
        {
            "linkId": "/1",
            "type": "choice",
            "text": "How was today?",
            "_text": translated("Wie war heute?"),
            "required": True,
            "answerOption": [option("LA1", "Bad", 0), option("LA2", "Fair", 1.5), option("LA3", "Good", 3)],
        },
        {
            "linkId": "/2",
            "type": "group",
            "text": "If it was not good",
            "_text": translated("Falls er nicht gut war"),
            "enableWhen": [{"question": "/1", "operator": "!=", "answerCoding": {"system": LOINC, "code": "LA3"}}],
            "item": [
                {"linkId": "/2/1", "type": "text", "text": "Why?", "_text": translated("Warum?")},
                {"linkId": "/2/2", "type": "integer", "text": "For days?", "_text": translated("Wie viele Tage?")},
            ],
        },
        {
            "linkId": "/3",
            "type": "boolean",
            "text": "Shall we call?",
            "_text": translated("Sollen wir anrufen?"),
            "enableBehavior": "any",
            "enableWhen": [
                {"question": "/1", "operator": "=", "answerCoding": {"system": LOINC, "code": "LA1"}},
                {"question": "/2/2", "operator": ">", "answerInteger": 3},
            ],
        },
    ],
}


@tried(100)
@given(definitions(), st.sampled_from(WRITTEN_RELEASES))
def test_any_definition_reads_as_it_was(definition, release):
    again = read_questionnaire(exported(definition, release)).definition
    assert again.canonical() == definition.canonical()


@tried(60)
@given(questionnaires(), st.sampled_from(WRITTEN_RELEASES))
def test_any_form_is_imported_exported_and_imported_the_same(form, release):
    first = read_questionnaire(form).definition
    assert read_questionnaire(exported(first, release)).definition.digest() == first.digest()


@pytest.mark.parametrize("release", WRITTEN_RELEASES)
@pytest.mark.parametrize("file", sorted(SHIPPED_CATALOG.glob("*.json")), ids=lambda file: file.stem)
def test_every_shipped_questionnaire_reads_as_it_was(file, release):
    definition = load_definition(file.read_bytes())
    reading = read_questionnaire(exported(definition, release))
    assert (reading.definition.digest(), reading.notes) == (definition.digest(), ())


@pytest.mark.parametrize("release", WRITTEN_RELEASES)
def test_what_was_imported_is_exported_and_imported_the_same(release):
    first = read_questionnaire(MOODS).definition
    again = read_questionnaire(exported(first, release)).definition
    assert again.digest() == first.digest()
    assert exported(again, release) == exported(first, release)


def test_an_imported_form_needs_next_to_no_extension():
    """So that the export is as good as the import, and not a copy that is carried along."""
    first = read_questionnaire(MOODS).definition
    for release, patch in (("R4", {}), ("R5", {"origin": {"release": "R4"}})):
        (extension,) = exported(first, release)["extension"]
        assert json.loads(extension["valueString"]) == patch


def test_the_native_part_alone_says_what_is_asked():
    """Items, answers, scores, conditions and translations reach programs that do not know our extension."""
    definition = read_questionnaire(MOODS).definition
    native = {name: value for name, value in exported(definition, "R4").items() if name != "extension"}
    assert {**native, "item": []} == {**MOODS, "status": "draft", "item": []}
    alone = read_questionnaire(native).definition
    assert alone.digest() == definition.digest()


def test_a_wording_that_is_corrected_in_the_file_is_read():
    """The extension holds what FHIR cannot say; the words are read from where everybody sees them."""
    questionnaire = exported(every_kind())
    questionnaire["item"][0]["item"][0]["text"] = "How much then?"
    read = read_questionnaire(questionnaire).definition
    assert read.item("one").text == {"en": "How much then?"}
    assert read.item("check").expected == 1


def nested_condition():
    """The questionnaire of every kind, a group of it asked by a condition that only an expression can say."""
    both = {"all": [{"item": "one", "equals": 1}, {"item": "yes", "equals": 1}]}
    groups = json.loads(every_kind().canonical())["groups"]
    groups[0]["visible_when"] = {"any": [both, {"item": "gate", "equals": 1}]}
    return every_kind(groups=groups)


def test_an_expression_that_was_changed_in_the_file_is_told():
    """It is never run: the condition that counts is the one in our extension."""
    questionnaire = exported(nested_condition())
    assert read_questionnaire(questionnaire).definition == nested_condition()
    questionnaire["item"][1]["extension"][0]["valueExpression"]["expression"] = "true"
    with pytest.raises(UnreadableQuestionnaire) as caught:
        read_questionnaire(questionnaire)
    message = "is another expression than was exported; change the condition there"
    assert caught.value.problems == (("Questionnaire.item[1].extension", message),)
    questionnaire["item"][1]["extension"][0]["valueExpression"] = "true"
    with pytest.raises(UnreadableQuestionnaire, match="is another expression than was exported"):
        read_questionnaire(questionnaire)
    del questionnaire["item"][1]["extension"]
    with pytest.raises(UnreadableQuestionnaire, match="is another expression than was exported"):
        read_questionnaire(questionnaire)


def test_a_question_that_was_taken_out_of_the_file_is_told():
    questionnaire = exported(every_kind())
    del questionnaire["item"][0]["item"][4]
    with pytest.raises(UnreadableQuestionnaire):
        read_questionnaire(questionnaire)


def test_the_extension_can_be_taken_away():
    questionnaire = exported(every_kind())
    del questionnaire["extension"]
    assert DEFINITION not in json.dumps(questionnaire)
    alone = read_questionnaire(questionnaire).definition
    assert [item.id for item in alone.questions()] == [item.id for item in every_kind().questions()]
