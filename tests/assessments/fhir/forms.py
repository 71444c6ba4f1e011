"""Small FHIR Questionnaires to read, and what reading them comes to."""

from __future__ import annotations

from typing import Any

from assessments.definition import Definition
from assessments.exceptions import UnreadableQuestionnaire
from assessments.fhir.codes import CORE, ITEM_CONTROL, ITEM_CONTROLS, TRANSLATION
from assessments.fhir.reading import Reading, read_questionnaire

Data = dict[str, Any]

WEIGHT = f"{CORE}/itemWeight"
MOODS = "http://clinic.example/moods"


def form(*items: Data, **fields: Any) -> Data:
    return {"resourceType": "Questionnaire", "language": "en", "title": "Weekly mood", "item": list(items), **fields}


def item(link_id: str, kind: str = "string", **fields: Any) -> Data:
    return {"linkId": link_id, "type": kind, "text": f"Words of {link_id}", **fields}


def group(link_id: str, *items: Data, **fields: Any) -> Data:
    return item(link_id, "group", item=list(items), **fields)


def choice(link_id: str, *options: Data, **fields: Any) -> Data:
    return item(link_id, "choice", answerOption=list(options or scored(0, 1, 2)), **fields)


def option(code: str, score: float | None = None, *, url: str = WEIGHT, **fields: Any) -> Data:
    coded = {"valueCoding": {"system": MOODS, "code": code, "display": f"Mood {code}"}, **fields}
    return coded if score is None else {**coded, "extension": [weight(score, url), *fields.get("extension", [])]}


def scored(*scores: float) -> list[Data]:
    return [option(f"m{number}", score) for number, score in enumerate(scores)]


def weight(score: Any, url: str = WEIGHT) -> Data:
    return {"url": url, "valueDecimal": score}


def translated(**texts: str) -> Data:
    """The element beside a text: its translations, by language."""
    return {
        "extension": [
            {
                "url": TRANSLATION,
                "extension": [
                    {"url": "lang", "valueCode": language.replace("_", "-")},
                    {"url": "content", "valueString": text},
                ],
            }
            for language, text in texts.items()
        ]
    }


def shown_as(code: str) -> list[Data]:
    """The extension that says how an item is to be shown."""
    return [{"url": ITEM_CONTROL, "valueCodeableConcept": {"coding": [{"system": ITEM_CONTROLS, "code": code}]}}]


def when(question: str, operator: str = "=", **answer: Any) -> Data:
    return {"question": question, "operator": operator, **answer}


def mood(code: str) -> Data:
    return {"system": MOODS, "code": code}


def reading(questionnaire: Data, **options: Any) -> Reading:
    return read_questionnaire(questionnaire, **options)


def read(questionnaire: Data, **options: Any) -> Definition:
    return reading(questionnaire, **options).definition


def notes(questionnaire: Data, **options: Any) -> list[str]:
    """What was not taken over, without what is said of every form."""
    return [str(note) for note in reading(questionnaire, **options).notes if note.path != "Questionnaire"]


def refusals(questionnaire: Any, **options: Any) -> list[str]:
    """Why it cannot be read; empty where it can."""
    try:
        read_questionnaire(questionnaire, **options)
    except UnreadableQuestionnaire as error:
        return [str(problem) for problem in error.problems]
    return []
