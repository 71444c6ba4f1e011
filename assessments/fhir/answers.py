"""One answer to choose, as a file writes it: its words, its code and what it counts. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from assessments.fhir.codes import OPTION_EXCLUSIVE, WEIGHT
from assessments.fhir.nodes import Node, Value, is_number
from assessments.fhir.wording import Texts, Tongue

Code = tuple[str | None, str]
"""A code with its system."""

LARGEST_SCORE = 1e9
LONGEST_CODE = 500


@dataclass(frozen=True)
class Choice:
    """``value``: what the file would store (a code as ``(system, code)``, a number, a text), of the type ``kind``."""

    path: str
    kind: str
    value: Any
    texts: Texts
    score: float | None = None
    exclusive: bool = False

    @property
    def coding(self) -> dict[str, str] | None:
        """The code as a definition keeps it; its words are the option's text."""
        if self.kind != "Coding":
            return None
        system, code = self.value
        return {"system": system, "code": code} if system else {"code": code}


def weight_of(node: Node) -> float | None:
    """The score on an option or concept, by any of its names; two that differ are refused."""
    found: dict[float, None] = {}
    for extension in node.extensions(*WEIGHT):
        score = checked_score(extension)
        if score is not None:
            found[score] = None
    if len(found) > 1:
        node.refuse("has two different scores; keep one", "extension")
    return next(iter(found), None)


def checked_score(place: Node) -> float | None:
    """The number in an extension or a property; None, and refused, where there is none that can be a score."""
    score = place.number()
    if score is None or not math.isfinite(score) or abs(score) > LARGEST_SCORE:
        place.refuse("must hold a number as the score; correct it")
        return None
    return float(score)


def written_choice(option: Node, tongue: Tongue) -> Choice | None:
    """An ``answerOption`` that is no code: a number, a text, a day or a time. None where it was refused."""
    value = option.value()
    if value is None or value.kind not in _PLAIN or not _PLAIN[value.kind](value):
        option.refuse("has no answer that can be chosen; give a valueCoding, valueString or valueInteger")
        return None
    wording = value.data if isinstance(value.data, str) else str(value.data)
    texts = tongue.texts(option, f"value{value.kind}") if value.kind == "String" else {tongue.base: wording}
    if texts is None:
        option.refuse("has no words; add them")
        return None
    return Choice(option.path, value.kind, value.data, texts, weight_of(option), is_exclusive(option))


def is_exclusive(option: Node) -> bool:
    flag = option.extension(OPTION_EXCLUSIVE)
    value = flag.value() if flag else None
    return value is not None and value.data is True


def code_in(coding: Node) -> Code | None:
    """A coding as ``(system, code)``; None, and refused, where it has no code."""
    code, system = coding.text("code"), coding.text("system")
    if code is None:
        coding.refuse("has no code; add it")
        return None
    if len(code) > LONGEST_CODE or len(system or "") > LONGEST_CODE:
        coding.refuse(f"has a code of more than {LONGEST_CODE} characters; shorten it")
        return None
    return system, code


def _is_text(value: Value) -> bool:
    return isinstance(value.data, str)


def _is_whole(value: Value) -> bool:
    return is_number(value.data) and isinstance(value.data, int) and abs(value.data) <= LARGEST_SCORE


_PLAIN = {"String": _is_text, "Date": _is_text, "Time": _is_text, "Integer": _is_whole}
