from __future__ import annotations

import json

import pytest

from assessments.exceptions import UnreadableQuestionnaire
from assessments.fhir.files import DEEPEST, MOST_BYTES, MOST_VALUES, parse_json, source_of, terminology_in
from tests.assessments.fhir.forms import form, item

FORM = form(item("a"))
VALUE_SET = {"resourceType": "ValueSet", "url": "http://clinic.example/set"}


def why_not(content: bytes) -> str:
    with pytest.raises(UnreadableQuestionnaire) as caught:
        parse_json(content)
    [problem] = caught.value.problems
    return str(problem)


def test_json_is_parsed_with_or_without_a_byte_order_mark():
    content = json.dumps(FORM).encode()
    assert parse_json(content) == parse_json(b"\xef\xbb\xbf" + content) == FORM


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b" " * (MOST_BYTES + 1), "file: is larger than 5 MB; remove pictures and unused value sets"),
        ("{}".encode("utf-16"), "file: is not UTF-8; save it in that encoding"),
        (b" <Questionnaire/>", "file: is XML; export it as JSON"),
        (b"[]", "file: must be a JSON object with a resourceType; give a FHIR Questionnaire"),
        (b'{"a": "\\u0000"}', "file: has a text with characters that cannot be shown; remove them"),
        (b'{"a\\ud800": 1}', "file: has a text with characters that cannot be shown; remove them"),
    ],
)
def test_what_is_no_json_object_is_refused(content, reason):
    assert why_not(content) == reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Expecting value"),
        (b'{"a": 1, "a": 2}', 'the field "a" is given twice'),
        (b'{"a": NaN}', "NaN is no number that can be used"),
        (b'{"a": 1e999}', "1e999 is no number that can be used"),
        (b'{"a": ' + b"9" * 5000 + b"}", "9" * 18 + " is no number that can be used"),
    ],
)
def test_json_that_programs_understand_in_two_ways_is_refused(content, reason):
    assert reason in why_not(content)


@pytest.mark.parametrize("levels", [DEEPEST, 100_000])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_depth_is_bounded(levels, opening):
    closing = "]" if opening == "[" else "}"
    content = '{"a":' + opening * levels + "1" + closing * levels + "}"
    assert why_not(content.encode()) == "file: is nested too deep; it cannot be a questionnaire"


def test_the_number_of_values_is_bounded():
    content = json.dumps({"a": [1] * MOST_VALUES}).encode()
    assert why_not(content) == "file: holds more than 300000 values; remove unused value sets"


def test_a_questionnaire_is_its_own_source():
    assert source_of(FORM) == (FORM, ())


def test_the_only_questionnaire_of_a_bundle_is_read_with_the_sets_beside_it():
    entries = [{"resource": FORM}, {"resource": VALUE_SET}, {"resource": {"resourceType": "Patient"}}, {}, "odd"]
    assert source_of({"resourceType": "Bundle", "entry": entries}) == (FORM, (VALUE_SET,))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"resourceType": "QuestionnaireResponse"}, "file: is a QuestionnaireResponse; give a Questionnaire"),
        ({"item": []}, "file: is no FHIR resource; give a Questionnaire"),
        ({"resourceType": ["Questionnaire"]}, "file: is no FHIR resource; give a Questionnaire"),
        ({"resourceType": "Bundle"}, "file: holds 0 Questionnaires; give a file with one"),
        (
            {"resourceType": "Bundle", "entry": [{"resource": FORM}] * 2},
            "file: holds 2 Questionnaires; give a file with one",
        ),
        ("text", "file: must be a JSON object with a resourceType; give a FHIR Questionnaire"),
    ],
)
def test_what_is_no_single_questionnaire_is_refused(data, reason):
    with pytest.raises(UnreadableQuestionnaire, match=reason):
        source_of(data)


def test_terminology_is_a_set_or_a_bundle_of_sets():
    bundle = {"resourceType": "Bundle", "entry": [{"resource": VALUE_SET}, {"resource": FORM}]}
    assert terminology_in(VALUE_SET) == terminology_in(bundle) == (VALUE_SET,)
    with pytest.raises(UnreadableQuestionnaire, match="holds no ValueSet and no CodeSystem"):
        terminology_in(FORM)
