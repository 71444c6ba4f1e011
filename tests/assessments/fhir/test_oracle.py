"""Exports by HL7's own models, which are generated from the specification. R4B's Questionnaire is R4's."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from fhir.resources.questionnaire import Questionnaire
from fhir.resources.questionnaireresponse import QuestionnaireResponse
from fhir.resources.R4B.questionnaire import Questionnaire as QuestionnaireR4B
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse as QuestionnaireResponseR4B
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assessments.conf import SHIPPED_CATALOG
from assessments.definition import load_definition
from assessments.fhir.responses import ResponseValues, write_response
from assessments.fhir.writing import WRITTEN_RELEASES, write_questionnaire
from tests.assessments.factories import every_kind, full_answers, two_way_check_in
from tests.assessments.fhir.any_definition import answers_to, definitions, tried

QUESTIONNAIRES = {"R4": QuestionnaireR4B, "R4B": QuestionnaireR4B, "R5": Questionnaire}
RESPONSES = (QuestionnaireResponseR4B, QuestionnaireResponse)
VALUES = {"language": "en", "status": "completed", "authored": datetime(2026, 3, 2, tzinfo=UTC)}


def accept(model, resource):
    """Read it, and write it again: nothing is lost, so nothing was taken for something else."""
    assert json.loads(model.model_validate_json(json.dumps(resource)).model_dump_json()) == resource


@pytest.mark.parametrize("release", WRITTEN_RELEASES)
@pytest.mark.parametrize("file", sorted(SHIPPED_CATALOG.glob("*.json")), ids=lambda file: file.stem)
def test_every_shipped_questionnaire_is_one(file, release):
    definition = load_definition(file.read_bytes())
    accept(QUESTIONNAIRES[release], write_questionnaire(definition, release=release, version_number=1))


@tried(60)
@given(definitions(), st.sampled_from(WRITTEN_RELEASES))
def test_any_definition_becomes_one(definition, release):
    questionnaire = write_questionnaire(definition, release=release)
    accept(QUESTIONNAIRES[release], questionnaire)
    assert list(broken_rules(questionnaire)) == []


RULES = {
    "que-1: groups have items, displays have none": lambda item: (
        item["type"] not in {"group", "display"} or ("item" in item) is (item["type"] == "group")
    ),
    "que-3, que-6, que-9: a display has no code and is not required": lambda item: (
        item["type"] != "display" or not item.keys() & {"code", "required", "repeats", "readOnly"}
    ),
    "que-5: only choices have options": lambda item: (
        ("answerOption" in item) is (item["type"] in {"choice", "open-choice", "coding"})
    ),
    "que-7: to exist is true or false": lambda item: all(
        "answerBoolean" in each for each in item.get("enableWhen", ()) if each["operator"] == "exists"
    ),
    "que-10: only texts have a length": lambda item: ("maxLength" in item) is (item["type"] in {"string", "text"}),
    "que-12: several conditions are joined": lambda item: (
        len(item.get("enableWhen", ())) < 2 or "enableBehavior" in item
    ),
}


def broken_rules(questionnaire):
    """The specification's rules between fields, which the models do not know."""
    items = list(every_item(questionnaire))
    if len({item["linkId"] for item in items}) < len(items):
        yield "que-2: linkIds are unique"
    yield from (rule for rule, holds in RULES.items() if not all(map(holds, items)))


def every_item(part):
    for item in part.get("item", ()):
        yield item
        yield from every_item(item)


@tried(60)
@given(st.data())
def test_any_answers_become_a_response(data):
    definition = data.draw(definitions())
    response = ResponseValues(answers=data.draw(answers_to(definition)), **VALUES)
    for model in RESPONSES:
        accept(model, write_response(definition, response, version_number=1))


def test_a_full_response_is_one():
    response = ResponseValues(answers=full_answers(), id="a-1", subject="Patient/7", **VALUES)
    for model in RESPONSES:
        accept(model, write_response(two_way_check_in(), response, version_number=1))


def test_the_models_do_refuse():
    """Otherwise they would show nothing."""
    questionnaire = write_questionnaire(every_kind())
    for wrong in ({"status": None}, {"made_up": 1}, {"item": [{"linkId": "a"}]}):
        with pytest.raises(ValidationError):
            Questionnaire.model_validate({**questionnaire, **wrong})
