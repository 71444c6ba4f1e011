from __future__ import annotations

import pytest

from assessments.fhir import codes
from assessments.fhir.codes import CORE, SDC
from tests.assessments.fhir.forms import choice, form, item, mood, notes, option, refusals, when

ITEM = "Questionnaire.item[0]"
OTHER = "http://clinic.example/extension"


def test_fields_that_describe_the_file_are_noted():
    questionnaire = form(item("a"), date="2026-01-01", status="active", text={"status": "generated", "div": "<div/>"})
    assert notes(questionnaire) == [
        "Questionnaire.date: describes the file, not what is asked; it is not kept (here and in 1 other places)"
    ]


@pytest.mark.parametrize(
    ("questionnaire", "place"),
    [
        (form(item("a"), itemm=[]), "Questionnaire.itemm"),
        (form(item("a", enabledWhen=[])), f"{ITEM}.enabledWhen"),
        (form(item("a", _txt={})), f"{ITEM}._txt"),
        (form(choice("a", {**option("x"), "score": 1})), f"{ITEM}.answerOption[0].score"),
        (form(item("a"), item("b", enableWhen=[when("a", "exists", answer=True, answerBoolean=True)])), ".answer"),
    ],
)
def test_a_field_that_is_not_fhirs_is_refused(questionnaire, place):
    [told] = refusals(questionnaire)
    assert told.partition(": ")[0].endswith(place)
    assert told.endswith("is no field of FHIR; remove it or correct its spelling")


def test_a_version_of_a_code_system_is_noted():
    versioned = {"valueCoding": {**mood("x"), "display": "X", "version": "2"}}
    told = "names a version of its code system; codes are told apart without it"
    assert notes(form(choice("a", versioned))) == [f"{ITEM}.answerOption[0].valueCoding.version: {told}"]


def test_comments_and_the_elements_beside_fields_are_no_mistakes():
    assert refusals(form(item("a", fhir_comments=["x"], _required={"id": "1"}), _comment="y", _url={})) == []


@pytest.mark.parametrize(
    ("extension", "note"),
    [
        ({"url": codes.REGEX, "valueString": "(a+)+$"}, "limits what may be answered; it is not checked here"),
        ({"url": f"{SDC}/sdc-questionnaire-width"}, "is about looks; the page looks as every page here"),
        ({"url": f"{CORE}/variable"}, "is an expression; none is run here"),
        ({"url": codes.INITIAL_EXPRESSION}, "prefills an answer; everybody starts with empty answers here"),
        ({"url": codes.SUPPORT_LINK}, "points to something outside the file; nothing is fetched"),
        ({"url": OTHER}, f"is an extension that is not known here ({OTHER}); it is left out"),
    ],
)
def test_what_an_extension_says_is_noted_where_asking_does_not_change(extension, note):
    assert notes(form(item("a", extension=[extension]))) == [f"{ITEM}.extension[0]: {note}"]


@pytest.mark.parametrize(
    "url",
    [
        codes.ENABLE_WHEN_EXPRESSION,
        codes.UNIT_VALUE_SET,
        f"{SDC}/sdc-questionnaire-answerExpression",
        f"{SDC}/sdc-questionnaire-subQuestionnaire",
        f"{SDC}/sdc-questionnaire-questionnaireAdaptive",
        f"{SDC}/sdc-questionnaire-itemMedia",
        f"{CORE}/cqf-expression",
        f"{CORE}/questionnaire-signatureRequired",
    ],
)
def test_an_extension_that_changes_what_is_asked_is_refused(url):
    [told] = refusals(form(item("a", _text={"extension": [{"url": url}]})))
    assert told.startswith(f"{ITEM}._text.extension[0]: ")


@pytest.mark.parametrize(
    ("questionnaire", "place"),
    [
        (form(item("a"), modifierExtension=[{"url": OTHER}]), "Questionnaire"),
        (form(item("a", modifierExtension=[{"url": OTHER}])), ITEM),
        (form(choice("a", {**option("x"), "modifierExtension": [{"url": OTHER}]})), f"{ITEM}.answerOption[0]"),
    ],
)
def test_a_modifier_extension_is_refused_wherever_it_stands(questionnaire, place):
    told = "changes the meaning of what it stands on in a way that is not known here; remove it"
    assert refusals(questionnaire) == [f"{place}.modifierExtension: {told}"]


def test_implicit_rules_are_refused():
    assert refusals(form(item("a"), implicitRules="http://clinic.example/rules")) == [
        "Questionnaire.implicitRules: changes how the file is to be read; remove it"
    ]


def test_what_is_left_out_needs_no_decision():
    hidden = item("h", extension=[{"url": codes.HIDDEN, "valueBoolean": True}, {"url": codes.ENABLE_WHEN_EXPRESSION}])
    assert notes(form(hidden, item("a"))) == [f"{ITEM}: is hidden; it is not asked"]


@pytest.mark.parametrize(("sensitive", "styled", "refused"), [(True, True, 1), (True, False, 0), (False, True, 0)])
def test_words_that_need_their_formatting_are_refused(sensitive, styled, refused):
    styles = {"_text": {"extension": [{"url": codes.STYLES[1], "valueString": "<b/>"}]}} if styled else {}
    questionnaire = form(item("a", **styles), extension=[{"url": codes.STYLE_SENSITIVE, "valueBoolean": sensitive}])
    assert len(refusals(questionnaire)) == refused


@pytest.mark.parametrize("odd", ["text", [1, "x", None], [{"url": 5}], [{"url": ["x"]}]])
def test_an_extension_that_is_none_is_refused_or_passed_over(odd):
    assert all(told.startswith(f"{ITEM}.extension") for told in refusals(form(item("a", extension=odd))))
