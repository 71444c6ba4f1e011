"""Answers written as a FHIR QuestionnaireResponse, and read from one. Pure.

A response mirrors its Questionnaire: what is nested there is nested here, under the same linkIds. It holds what was
asked and answered, in the words that were read, and never a score: totals are computed from answers, not exchanged.
A declined question has no answer, but the reason why (``data-absent-reason``: ``asked-declined``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from assessments.answers import visible_questions
from assessments.definition import (
    Answers,
    Block,
    BooleanItem,
    DateItem,
    DecimalItem,
    Definition,
    Item,
    TextItem,
    Texts,
    text_for,
)
from assessments.definition.items import Optioned
from assessments.fhir.codes import DATA_ABSENT_REASON
from assessments.fhir.links import Links, codings, links_of
from assessments.fhir.tree import Container, Data, nested, rows_of
from assessments.fhir.writing import canonical_of
from assessments.terms import fill

FhirResponseStatus = Literal["in-progress", "completed", "amended", "entered-in-error", "stopped"]


@dataclass(frozen=True, kw_only=True)
class ResponseValues:
    """What was answered, and how it was asked.

    ``language``: as it was shown. ``other_term``: what ``{other}`` was, "my mother". ``subject``: a reference such as
    "Patient/7", if the receiver is to know who answered; nothing here says so otherwise.
    """

    answers: Answers
    language: str
    status: FhirResponseStatus
    authored: datetime
    id: str | None = None
    subject: str | None = None
    other_term: str | None = None


def write_response(definition: Definition, response: ResponseValues, *, version_number: int | None = None) -> Data:
    """A QuestionnaireResponse, ready for JSON; its shape is the same in R4, R4B and R5.

    Hidden questions are left out, and so are those without an answer.
    """
    writer = _Writer(definition, response, links_of(definition))
    asked = {item.id for item in visible_questions(definition, response.answers)} & response.answers.keys()
    rows = [row for row in rows_of(definition) if row[1].id in asked]
    canonical = "|".join(filter(None, canonical_of(definition, version_number)))
    facts = {
        "id": response.id,
        "language": response.language,
        "questionnaire": canonical,
        "status": response.status,
        "subject": response.subject and {"reference": response.subject},
        "authored": f"{response.authored.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "item": nested(rows, writer.item, writer.container),
    }
    return {"resourceType": "QuestionnaireResponse", **{key: value for key, value in facts.items() if value}}


@dataclass(frozen=True)
class _Writer:
    definition: Definition
    response: ResponseValues
    links: Links

    def item(self, item: Item) -> Data | None:
        answer = self.response.answers[item.id]
        asked = {"linkId": self.links.items[item.id], "text": self._words(item.text)}
        if answer is None:
            return {"extension": [{"url": DATA_ABSENT_REASON, "valueCode": "asked-declined"}], **asked}
        values = answer if isinstance(answer, list | tuple) else [answer]
        answers = [self._answer(item, value) for value in values if value != ""]
        return {**asked, "answer": answers} if answers else None

    def container(self, container: Container, children: list[Data]) -> Data:
        links = self.links.pages if isinstance(container, Block) else self.links.groups
        title = {"text": self._words(container.title)} if container.title else {}
        return {"linkId": links[container.id], **title, "item": children}

    def _answer(self, item: Item, value: Any) -> Data:
        if isinstance(item, Optioned):
            return {"valueString": value} if isinstance(value, str) else {"valueCoding": self._coding(item, value)}
        match item:
            case BooleanItem():
                return {"valueBoolean": value == 1}
            case DecimalItem():
                return {"valueDecimal": value}
            case DateItem():
                return {"valueDate": value}
            case TextItem():
                return {"valueString": value}
        return {"valueInteger": value}

    def _coding(self, item: Item, value: int) -> Data:
        options = self.definition.options(item)
        words = next(option.text for option in options if option.value == value)
        return {**codings(options)[value], "display": self._words(words)}

    def _words(self, texts: Texts) -> str:
        wording = text_for(texts, self.response.language)
        return wording if self.response.other_term is None else fill(wording, self.response.other_term)
