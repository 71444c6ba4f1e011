"""``enableWhen`` as a definition's conditions. Questions are matched by linkId, answers by code and system. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from assessments.fhir.constructs import KINDS, READ
from assessments.fhir.nodes import Node, Value, is_number
from assessments.fhir.questions import Question, is_day
from assessments.fhir.shapes import operator_of

Data = dict[str, Any]

MOST_COMPARISONS = 2000
COMPARISONS = {">": "above", ">=": "at_least", "<": "below", "<=": "at_most"}
_JOINS = ("all", "any")


class Conditions:
    """Reads conditions over the questions asked so far: ``asked`` by linkId, ``left_out`` why others are not."""

    def __init__(self, left_out: Mapping[str, str], later: Mapping[str, str], *, stu3: bool) -> None:
        self.asked: dict[str, Question] = {}
        self._count = 0
        self._left_out, self._later, self._stu3 = left_out, later, stu3

    def condition(self, item: Node) -> Data | None:
        """The condition's data; None where there is none or it was refused."""
        rows = item.nodes("enableWhen")
        self._count += len(rows)
        if self._count > MOST_COMPARISONS:
            item.refuse(
                f"brings the conditions of the form to more than {MOST_COMPARISONS}; simplify them", "enableWhen"
            )
            return None
        parts = [self._row(row) for row in rows]
        found = [part for part in parts if part is not None]
        if len(rows) < 2 or len(found) < len(rows):
            return found[0] if found else None
        behavior = item.text("enableBehavior") or self._meant(item, rows, found)
        if behavior not in _JOINS:
            item.refuse('must be "all" or "any" where there are several conditions; add it', "enableBehavior")
            return None
        return {behavior: found}

    def _meant(self, item: Node, rows: list[Node], found: list[Data]) -> str:
        """STU3 means "any". So does a file whose conditions cannot all hold: one question equal to several answers."""
        if self._stu3:
            return "any"
        asked = self.asked[rows[0].text("question") or ""]
        equal = all("equals" in part and part["item"] == asked.part.id for part in found)
        if not equal or asked.data["kind"] == "multiple_choice":
            return ""
        item.note('does not say whether "all" or "any" of its conditions must hold; only "any" can')
        return "any"

    def _row(self, row: Node) -> Data | None:
        question = self._question(row)
        operator, answer = operator_of(row), row.value("answer")
        if question is None:
            return None
        if operator == "exists":
            return self._exists(row, question)
        if operator not in {"=", "!=", *COMPARISONS}:
            row.refuse("is no operator of FHIR; correct it", "operator")
        elif answer is None:
            row.refuse("has no answer to compare with; add it")
        elif (value := _VALUES[question.data["kind"]](question, answer, row)) is not None:
            return _comparison(question, operator, value, row)
        return None

    def _question(self, row: Node) -> Question | None:
        name = row.text("question") or ""
        if name in self.asked:
            question = self.asked[name]
            if KINDS.get(question.part.kind) != READ:
                return None  # its kind was refused already
            if question.data["kind"] != "display":
                return question
            row.refuse(f'depends on "{name}", which asks nothing; name a question', "question")
        elif name in self._left_out:
            row.refuse(f'depends on "{name}", which {self._left_out[name]}; remove the condition', "question")
        elif name in self._later:
            row.refuse(f'depends on "{name}", which is {self._later[name]}; ask that first', "question")
        else:
            row.refuse("names no item of this form; use its exact linkId", "question")
        return None

    def _exists(self, row: Node, question: Question) -> Data | None:
        wanted = row.data.get("answerBoolean", row.data.get("hasAnswer"))
        if isinstance(wanted, bool):
            return {"item": question.part.id, "answered": wanted}
        row.refuse("needs true or false as answerBoolean; add it")
        return None


def _comparison(question: Question, operator: str, value: Any, row: Node) -> Data | None:
    item = question.part.id
    if operator in COMPARISONS:
        if _ordered(question):
            return {"item": item, "comparison": COMPARISONS[operator], "value": value}
        row.refuse("puts answers in an order that they do not have; compare with =", "operator")
        return None
    equal = {"item": item, "equals": value}
    return equal if operator == "=" else {"none": [equal]}


def _ordered(question: Question) -> bool:
    if question.listed is not None:
        return all(choice.kind == "Integer" for choice in question.listed.choices)
    return question.data["kind"] in {"integer", "decimal", "scale", "date"}


def _chosen(question: Question, answer: Value, row: Node) -> int | None:
    """The value of the option that the answer names; a code without a system is enough where only one has it."""
    listed = question.listed
    if listed is None:
        return None
    wanted = answer.data
    if answer.kind == "Coding" and isinstance(wanted, dict):
        wanted = (wanted.get("system"), wanted.get("code"))
    pairs = list(zip(listed.choices, listed.values, strict=True))
    exact = [value for choice, value in pairs if choice.kind == answer.kind and choice.value == wanted]
    if not exact and answer.kind == "Coding" and isinstance(wanted, tuple) and wanted[0] is None:
        exact = [value for choice, value in pairs if choice.kind == "Coding" and choice.value[1] == wanted[1]]
    if len(exact) == 1:
        return exact[0]
    row.refuse(f'names no answer of "{question.part.link_id}"; use its exact system and code')
    return None


def _boolean(question: Question, answer: Value, row: Node) -> Any:
    if answer.kind == "Boolean" and isinstance(answer.data, bool):
        return int(answer.data)
    return _no_value(question, answer, row)


def _number(question: Question, answer: Value, row: Node) -> Any:
    value = answer.data
    if answer.kind == "Quantity" and isinstance(value, dict):
        if question.unit not in (value.get("code"), value.get("unit")):
            row.refuse("compares with another unit than the question has; use the same", "answerQuantity")
            return None
        value = value.get("value")
    return value if is_number(value) else _no_value(question, answer, row)


def _day(question: Question, answer: Value, row: Node) -> Any:
    return str(answer.data) if is_day(answer.data) else _no_value(question, answer, row)


def _words(question: Question, answer: Value, row: Node) -> Any:
    return answer.data if isinstance(answer.data, str) else _no_value(question, answer, row)


def _no_value(question: Question, answer: Value, row: Node) -> Any:
    row.refuse(f'can never be an answer to "{question.part.link_id}"; compare with one', f"answer{answer.kind}")


_VALUES: Mapping[str, Callable[[Question, Value, Node], Any]] = {
    "choice": _chosen,
    "open-choice": _chosen,
    "gate": _chosen,
    "multiple_choice": _chosen,
    "boolean": _boolean,
    "integer": _number,
    "decimal": _number,
    "scale": _number,
    "date": _day,
    "text": _words,
}
