"""What becomes of every field and extension of a Questionnaire: read, noted as left out, or a reason to refuse. Pure.

``READ`` means that another module reads it. A field that is in no table is refused (a misspelt one may change what is
asked); an extension that is in none is noted, unless FHIR says that it changes the meaning (``modifierExtension``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from assessments.fhir import codes
from assessments.fhir.codes import CORE, SDC


class Decision(NamedTuple):
    what: Literal["read", "note", "refuse"]
    message: str = ""


READ = Decision("read")


def note(message: str) -> Decision:
    return Decision("note", message)


def refuse(message: str) -> Decision:
    return Decision("refuse", message)


def _each(decision: Decision, *names: str) -> Mapping[str, Decision]:
    return dict.fromkeys(names, decision)


_KEPT_OUT = note("describes the file, not what is asked; it is not kept")
_LOOKS = note("is about looks; the page looks as every page here")
_UNCHECKED = note("limits what may be answered; it is not checked here")
_RECORDS = note("is about writing answers into records; nothing is written from here")
_EXPRESSION = note("is an expression; none is run here")
_PREFILLED = note("prefills an answer; everybody starts with empty answers here")
_ELSEWHERE = note("points to something outside the file; nothing is fetched")

_ANY = _each(READ, "id", "extension", "modifierExtension")

ROOT_FIELDS: Mapping[str, Decision] = {
    **_ANY,
    **_each(READ, "resourceType", "meta", "language", "contained", "item"),
    **_each(READ, "url", "version", "name", "title", "identifier", "code", "publisher", "copyright", "status"),
    **_each(
        _KEPT_OUT,
        "text", "date", "contact", "description", "useContext", "jurisdiction", "purpose", "approvalDate",
        "subjectType", "lastReviewDate", "effectivePeriod", "experimental", "versionAlgorithmString",
        "versionAlgorithmCoding", "copyrightLabel",
    ),
    "derivedFrom": note("names the form that this one is made from; only what is in the file counts"),
    "implicitRules": refuse("changes how the file is to be read; remove it"),
}  # fmt: skip

ITEM_FIELDS: Mapping[str, Decision] = {
    **_ANY,
    **_each(READ, "linkId", "code", "prefix", "text", "type", "enableWhen", "enableBehavior", "required", "repeats"),
    **_each(READ, "readOnly", "maxLength", "answerOption", "option", "answerValueSet", "options", "answerConstraint"),
    **_each(READ, "item"),
    "definition": _ELSEWHERE,
    "initial": _PREFILLED,
    "disabledDisplay": note("shows questions that do not apply in grey; here they are not shown"),
}
STU3_INITIAL = tuple(
    f"initial{kind}"
    for kind in ("Boolean", "Decimal", "Integer", "Date", "DateTime", "Time", "String", "Uri", "Coding", "Quantity")
)

OPTION_FIELDS: Mapping[str, Decision] = {
    **_ANY,
    **_each(READ, "valueCoding", "valueString", "valueInteger", "valueDate", "valueTime", "valueReference"),
    "initialSelected": _PREFILLED,
}

CODING_FIELDS: Mapping[str, Decision] = {
    **_ANY,
    **_each(READ, "system", "code", "display", "userSelected"),
    "version": note("names a version of its code system; codes are told apart without it"),
}

CONDITION_FIELDS: Mapping[str, Decision] = {
    **_ANY,
    **_each(READ, "question", "operator", "hasAnswer", "answerBoolean", "answerDecimal", "answerInteger", "answerDate"),
    **_each(READ, "answerDateTime", "answerTime", "answerString", "answerCoding", "answerQuantity", "answerReference"),
    **_each(READ, "answerUri", "answerAttachment"),
}

FIELDS: Mapping[str, Mapping[str, Decision]] = {
    "item": {**ITEM_FIELDS, **_each(_PREFILLED, *STU3_INITIAL)},
    "answerOption": OPTION_FIELDS,
    "option": OPTION_FIELDS,
    "enableWhen": CONDITION_FIELDS,
    "valueCoding": CODING_FIELDS,
}
"""By the field that holds the objects."""

EXTENSIONS: Mapping[str, Decision] = {
    **_each(READ, *codes.WEIGHT, codes.TRANSLATION, codes.HIDDEN, codes.ITEM_CONTROL, codes.DISPLAY_CATEGORY),
    **_each(READ, codes.OPTION_EXCLUSIVE, codes.UNIT, codes.UNIT_OPTION, codes.SLIDER_STEP, codes.USAGE_MODE),
    **_each(READ, codes.MIN_VALUE, codes.MAX_VALUE, codes.MAX_DECIMAL_PLACES, codes.MAX_OCCURS, codes.MIN_OCCURS),
    **_each(READ, codes.CALCULATED, codes.DEFINITION, codes.CONCEPT_ORDER),
    **_each(
        _LOOKS,
        f"{CORE}/questionnaire-choiceOrientation",
        f"{SDC}/sdc-questionnaire-choiceColumn",
        f"{SDC}/sdc-questionnaire-width",
        f"{SDC}/sdc-questionnaire-columnCount",
        f"{SDC}/sdc-questionnaire-collapsible",
        f"{SDC}/sdc-questionnaire-keyboard",
        codes.SHORT_TEXT,
        *codes.STYLES,
        codes.STYLE_SENSITIVE,
        f"{CORE}/cqf-displaySequence",
        codes.OPTION_PREFIX,
        codes.ENTRY_FORMAT,
    ),
    **_each(
        _UNCHECKED,
        codes.REGEX,
        codes.MIN_LENGTH,
        f"{CORE}/questionnaire-constraint",
        f"{CORE}/targetConstraint",
        f"{SDC}/sdc-questionnaire-minQuantity",
        f"{SDC}/sdc-questionnaire-maxQuantity",
    ),
    **_each(
        _RECORDS,
        f"{SDC}/sdc-questionnaire-observation-extract-category",
        f"{SDC}/sdc-questionnaire-observationExtract",
        f"{SDC}/sdc-questionnaire-observationLinkPeriod",
        f"{SDC}/sdc-questionnaire-observation-extract-entry",
        f"{SDC}/sdc-questionnaire-itemExtractionContext",
        f"{SDC}/sdc-questionnaire-definitionExtract",
        f"{SDC}/sdc-questionnaire-definitionExtractValue",
        f"{SDC}/sdc-questionnaire-templateExtract",
        f"{SDC}/sdc-questionnaire-templateExtractBundle",
        f"{SDC}/sdc-questionnaire-targetStructureMap",
        f"{SDC}/sdc-questionnaire-isSubject",
    ),
    **_each(
        _EXPRESSION,
        f"{CORE}/variable",
        f"{CORE}/cqf-library",
        f"{CORE}/questionnaire-launchContext",
        f"{SDC}/sdc-questionnaire-launchContext",
        f"{SDC}/sdc-questionnaire-itemPopulationContext",
        f"{SDC}/sdc-questionnaire-itemContext",
        f"{SDC}/sdc-questionnaire-contextExpression",
        f"{SDC}/sdc-questionnaire-sourceQueries",
        f"{SDC}/sdc-questionnaire-sourceStructureMap",
    ),
    codes.INITIAL_EXPRESSION: _PREFILLED,
    **_each(
        _ELSEWHERE,
        f"{CORE}/preferredTerminologyServer",
        f"{SDC}/sdc-questionnaire-preferredTerminologyServer",
        codes.SUPPORT_LINK,
        f"{CORE}/questionnaire-supportHyperlink",
        f"{SDC}/sdc-questionnaire-endpoint",
    ),
    f"{SDC}/sdc-questionnaire-unitOpen": refuse("lets people write a unit of their own; give one unit"),
    codes.UNIT_VALUE_SET: refuse("lets people choose a unit; give one unit"),
    f"{CORE}/questionnaire-signatureRequired": refuse("asks for a signature, which cannot be given here; remove it"),
    codes.ENABLE_WHEN_EXPRESSION: refuse("shows a question by an expression, which is not run; use enableWhen"),
    **_each(
        refuse("takes the answers from an expression, which is not run; list them as answerOption"),
        f"{SDC}/sdc-questionnaire-answerExpression",
        f"{SDC}/sdc-questionnaire-candidateExpression",
        f"{SDC}/sdc-questionnaire-answerOptionsToggleExpression",
    ),
    **_each(
        refuse("takes its words from an expression, which is not run; write the words"),
        f"{CORE}/cqf-expression",
        f"{CORE}/cqf-calculatedValue",
    ),
    **_each(
        refuse("puts the form together from other files, which are not fetched; give the assembled form"),
        f"{SDC}/sdc-questionnaire-subQuestionnaire",
        f"{SDC}/sdc-questionnaire-assembleContext",
    ),
    f"{SDC}/sdc-questionnaire-questionnaireAdaptive": refuse(
        "lets a server choose the next question; only fixed forms can be asked"
    ),
    **_each(
        refuse("shows a picture or a sound, which cannot be shown here; say it in words"),
        f"{SDC}/sdc-questionnaire-itemMedia",
        f"{SDC}/sdc-questionnaire-itemAnswerMedia",
    ),
}

KINDS: Mapping[str, Decision] = {
    **_each(READ, "group", "display", "boolean", "decimal", "integer", "date", "string", "text"),
    **_each(READ, "choice", "open-choice", "coding", "quantity"),
    "optionsOrType": refuse("takes codes, numbers or days beside those listed; let people write a text instead"),
    "dateTime": refuse(
        "asks for a day and a time, which cannot be asked here; make it a date, or a string where the time matters"
    ),
    "time": refuse("asks for a time of day, which cannot be asked here; make it a string, or a choice of times"),
    "url": refuse("asks for a web address, which cannot be asked here; make it a string"),
    "attachment": refuse("asks for a file, which cannot be given here; remove it, or ask for a text about it"),
    "reference": refuse(
        "asks for a record of another system, which cannot be chosen here; list them in a choice, or remove it"
    ),
    "question": refuse("has no kind of answer; name one"),
}
"""By ``type``."""
