"""A FHIR QuestionnaireResponse read as answers to a definition. Pure.

LinkIds are matched strictly: an answer under any other is a fault. What a response says a total is, is never read:
HL7's own PHQ-9 example stores 13 while its answers sum to 10.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assessments.answers import clean_page
from assessments.definition import (
    BooleanItem,
    DateItem,
    DecimalItem,
    Definition,
    IntegerItem,
    MultipleChoiceItem,
    Option,
    Question,
    ScaleItem,
    TextItem,
)
from assessments.definition.items import Optioned
from assessments.exceptions import InvalidAnswers, Problem, UnreadableResponse
from assessments.fhir.codes import DATA_ABSENT_REASON
from assessments.fhir.links import codings, links_of
from assessments.fhir.tree import Data
from assessments.fhir.writing import canonical_of

DECLINED = frozenset({"asked-declined", "not-applicable"})
"""The reasons for having no answer that are "does not apply / prefer not to say"; any other is "not answered"."""
DEEPEST = 20

_FIELDS: Mapping[type, tuple[str, ...]] = {
    BooleanItem: ("valueBoolean",),
    IntegerItem: ("valueInteger",),
    ScaleItem: ("valueInteger",),
    DecimalItem: ("valueDecimal", "valueInteger"),
    DateItem: ("valueDate",),
    TextItem: ("valueString",),
}


def read_response(definition: Definition, data: Any, *, version_number: int | None = None) -> dict[str, Any]:
    """The answers by item id, each one checked, in the order asked; raises UnreadableResponse with every fault.

    Whether all that is required was answered, and what was hidden, is for ``answers.clean_answers`` to say.
    """
    reader = _Reader(definition)
    if not isinstance(data, dict) or data.get("resourceType") != "QuestionnaireResponse":
        raise UnreadableResponse([Problem("QuestionnaireResponse", "is no QuestionnaireResponse; give one")])
    reader.check_about(data, version_number)
    reader.walk(data.get("item"), "QuestionnaireResponse", DEEPEST)
    return reader.checked()


class _Reader:
    def __init__(self, definition: Definition) -> None:
        links = links_of(definition)
        self.definition = definition
        self.questions = {links.items[item.id]: item for item in definition.questions()}
        self.totals = frozenset(definition.origin.totals if definition.origin else ())
        self.answers: dict[str, Any] = {}
        self.places: dict[str, str] = {}
        self.problems: list[Problem] = []

    def check_about(self, data: Data, version_number: int | None) -> None:
        """The response must not say that it is to another questionnaire, or taken back."""
        url, _, version = str(data.get("questionnaire") or "").partition("|")
        expected, expected_version = canonical_of(self.definition, version_number)
        if url and url != expected:
            self._fault("questionnaire", f'is not "{expected}"; read it with the questionnaire that was answered')
        elif version and expected_version and version != expected_version:
            self._fault("questionnaire", f'is not version "{expected_version}"; read it with the one that was answered')
        if data.get("status") == "entered-in-error":
            self._fault("status", "says that it was entered in error; leave it out")

    def walk(self, items: Any, place: str, levels: int) -> None:
        if items is not None and (not isinstance(items, list) or levels == 0):
            self.problems.append(Problem(f"{place}.item", "is no list of items, or nested too deep; correct it"))
            return
        for number, item in enumerate(items or ()):
            here = f"{place}.item[{number}]"
            if not isinstance(item, dict):
                self.problems.append(Problem(here, "must be an object; correct it"))
            elif str(item.get("linkId")) not in self.totals:
                self._read(item, here)
                for inside, path in [(item, here), *_objects(item.get("answer"), f"{here}.answer")]:
                    self.walk(inside.get("item"), path, levels - 1)

    def checked(self) -> dict[str, Any]:
        order = [item.id for item in self.definition.questions() if item.id in self.answers]
        if not self.problems:
            try:
                return clean_page(self.definition, {item_id: self.answers[item_id] for item_id in order})
            except InvalidAnswers as error:
                faults = ((self.places[item_id], key.replace("_", " ")) for item_id, key in error.problems.items())
                self.problems += [Problem(path, f"is not accepted: {key}") for path, key in faults]
        raise UnreadableResponse(self.problems)

    def _fault(self, field: str, message: str) -> None:
        self.problems.append(Problem(f"QuestionnaireResponse.{field}", message))

    def _read(self, given: Data, place: str) -> None:
        item = self.questions.get(str(given.get("linkId")))
        written = given.get("answer") or []
        answers = list(_objects(written, f"{place}.answer"))
        if not isinstance(written, list) or len(answers) < len(written):
            self.problems.append(Problem(f"{place}.answer", "must be a list of objects; correct it"))
        elif item is None:
            if written:
                self.problems.append(Problem(place, "answers no question of this questionnaire; correct its linkId"))
        elif item.id in self.places:
            self.problems.append(Problem(place, "answers a question for the second time; keep one"))
        else:
            self.places[item.id] = place
            self._keep(item, given, answers, place)

    def _keep(self, item: Question, given: Data, answers: list[tuple[Data, str]], place: str) -> None:
        reasons = [*_reasons(given), *(reason for answer, _ in answers for reason in _reasons(answer))]
        told = [(answer, path) for answer, path in answers if not _reasons(answer)]
        if not told:
            if DECLINED & set(reasons):
                self.answers[item.id] = None
        elif isinstance(item, MultipleChoiceItem):
            self.answers[item.id] = [self._value(item, answer, path) for answer, path in told]
        elif len(told) > 1:
            self.problems.append(Problem(f"{place}.answer", "has more than one answer to this question; keep one"))
        else:
            self.answers[item.id] = self._value(item, *told[0])

    def _value(self, item: Question, answer: Data, path: str) -> Any:
        if isinstance(item, Optioned):
            value = _chosen(self.definition.options(item), answer)
            if value is None and item.own_words:
                value = answer.get("valueString")
        else:
            value = next((answer[field] for field in _FIELDS[type(item)] if field in answer), None)
            if isinstance(item, BooleanItem):
                value = int(value) if isinstance(value, bool) else None
        if value is None:
            self.problems.append(Problem(path, "is no answer to a question of this kind; correct it"))
        return value


def _chosen(options: tuple[Option, ...], answer: Data) -> int | None:
    """The option's value. A coding without a system is known by its code, where only one option has that.

    Forms whose options are texts or numbers are answered with those.
    """
    coding = answer.get("valueCoding")
    if isinstance(coding, dict):
        given = {key: coding[key] for key in ("system", "code") if key in coding}
        named = codings(options)
        exact = [value for value, own in named.items() if own == given]
        by_code = [value for value, own in named.items() if "system" not in given and own["code"] == given.get("code")]
        return next(iter(exact), by_code[0] if len(by_code) == 1 else None)
    written = str(answer.get("valueString", answer.get("valueInteger")))
    by_words = [option.value for option in options if option.coding is None and written in option.text.values()]
    return by_words[0] if len(by_words) == 1 else None


def _reasons(part: Data) -> list[str]:
    """The data-absent-reasons of an item or of an answer, where they may stand on the value that is not there."""
    values = [part, *(value for key, value in part.items() if key.lstrip("_").startswith("value"))]
    holders = [value for value in values if isinstance(value, dict)]
    found = (extension for holder in holders for extension, _ in _objects(holder.get("extension"), ""))
    return [str(each.get("valueCode")) for each in found if each.get("url") == DATA_ABSENT_REASON]


def _objects(parts: Any, path: str) -> Iterator[tuple[Data, str]]:
    for number, part in enumerate(parts if isinstance(parts, list) else ()):
        if isinstance(part, dict):
            yield part, f"{path}[{number}]"
