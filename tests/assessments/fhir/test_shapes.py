from __future__ import annotations

import pytest

from tests.assessments.fhir.forms import choice, form, item, option, read, when

R4 = "http://hl7.org/fhir/StructureDefinition/Questionnaire"


@pytest.mark.parametrize(
    ("questionnaire", "release"),
    [
        (form(item("a")), "R4"),
        (form(item("a"), meta={}), "R4"),
        (form(item("a"), meta={"profile": "odd"}), "R4"),
        (form(item("a"), meta={"profile": [1, "http://clinic.example/profile", f"{R4}|4.3.0"]}), "R4B"),
        (form(item("a"), meta={"profile": [f"{R4}|9.9.9"]}), "R4"),
        (form(item("a"), meta={"profile": ["http://hl7.org/fhir/3.0/StructureDefinition/Questionnaire"]}), "STU3"),
        (form(item("a"), copyrightLabel="C"), "R5"),
        (form(choice("a", type="coding")), "R5"),
        (form(choice("a", answerConstraint="optionsOnly")), "R5"),
        (form(item("a", "choice", option=[option("x")])), "STU3"),
        (form(item("a", "choice", options={"reference": "#v"}), contained=[]), "STU3"),
        (form(item("a"), item("b", enableWhen=[{"question": "a", "hasAnswer": True}])), "STU3"),
        (form(item("a"), item("b", enableWhen=[when("a", "exists", answerBoolean=True)])), "R4"),
    ],
)
def test_the_release_is_named_or_known_by_its_fields(questionnaire, release):
    values = {"resourceType": "ValueSet", "id": "v", "expansion": {"contains": [{"code": "x", "display": "X"}]}}
    if "contained" in questionnaire:
        questionnaire["contained"] = [values]
    assert read(questionnaire).origin.release == release


@pytest.mark.parametrize(
    "questionnaire",
    [
        form(choice("a")),
        form(choice("a", type="coding", answerConstraint="optionsOnly")),
        form({"linkId": "a", "type": "choice", "text": "Words of a", "option": choice("a")["answerOption"]}),
    ],
    ids=["R4", "R5", "STU3"],
)
def test_one_question_of_three_releases_is_one_question(questionnaire):
    definition = read(questionnaire)
    assert definition.model_copy(update={"origin": None}) == read(form(choice("a"))).model_copy(update={"origin": None})
