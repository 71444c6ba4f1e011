"""Lists of answers as a definition's option sets, each list once. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from assessments.fhir.answers import Choice, is_exclusive, weight_of, written_choice
from assessments.fhir.codes import ANSWERS
from assessments.fhir.nodes import Node
from assessments.fhir.shapes import options_of, value_set_of
from assessments.fhir.terminology import MOST_ANSWERS, Terminology
from assessments.fhir.wording import Tongue

Scored = Literal["all", "some", "none", "numbers"]
"""Which answers of a list have scores; in "numbers" none has, but the answers are numbers themselves."""


@dataclass(frozen=True)
class Listed:
    """The answers of one question: its option set, and which value stands for what the file would store."""

    name: str
    choices: tuple[Choice, ...]
    values: tuple[int, ...]
    scored: Scored


@dataclass
class OptionSets:
    """The sets so far: identical lists share one, named in the order of first use."""

    tongue: Tongue
    terminology: Terminology
    data: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def listed(self, item: Node, *, many: bool) -> Listed | None:
        """The answers of a question; None where it has none that can be read, which was refused."""
        choices = self._choices(item)
        if not choices:
            return None
        scored = _scored(choices)
        values = _values(choices, scored)
        options = [_option(choice, value, scored, many=many) for choice, value in zip(choices, values, strict=True)]
        text = json.dumps(options, sort_keys=True)
        name = self._names.setdefault(text, f"answers_{len(self._names) + 1}")
        self.data.setdefault(name, options)
        return Listed(name, choices, values, scored)

    def _choices(self, item: Node) -> tuple[Choice, ...]:
        named, options = value_set_of(item), options_of(item)
        if named and options:
            item.refuse("has both answers of its own and a set of answers; keep one")
        elif named:
            return self.terminology.choices(named[0], item, named[1])
        elif not options:
            item.refuse("has no answers to choose from; add them")
        elif len(options) > MOST_ANSWERS:
            item.refuse(f"has {len(options)} answers; the most is {MOST_ANSWERS}", "answerOption")
        else:
            return self._written(options)
        return ()

    def _written(self, options: Sequence[Node]) -> tuple[Choice, ...]:
        found: dict[tuple[str, Any], Choice] = {}
        for option in options:
            choice = self._choice(option)
            if choice and (choice.kind, choice.value) in found:
                option.refuse("is there twice; remove one")
            elif choice:
                found[choice.kind, choice.value] = choice
        return tuple(found.values())

    def _choice(self, option: Node) -> Choice | None:
        coding = option.coding() if "valueCoding" in option.data else None
        if coding is None:
            return written_choice(option, self.tongue)
        named = self.terminology.named(coding)
        if named is None:
            return None
        own = weight_of(option)
        score = named.score if own is None else own
        return Choice(option.path, named.kind, named.value, named.texts, score, is_exclusive(option))


def _scored(choices: Sequence[Choice]) -> Scored:
    having = sum(choice.score is not None for choice in choices)
    if having:
        return "all" if having == len(choices) else "some"
    return "numbers" if all(choice.kind == "Integer" for choice in choices) else "none"


def _values(choices: Sequence[Choice], scored: Scored) -> tuple[int, ...]:
    """What is stored for each: our own code, the number itself, a whole and unique score, else the place."""
    if ours := _our_values(choices):
        return ours
    if all(choice.kind == "Integer" for choice in choices):
        return tuple(choice.value for choice in choices)
    scores = [choice.score for choice in choices]
    if scored == "all" and len(set(scores)) == len(scores) and all(s is not None and s.is_integer() for s in scores):
        return tuple(int(score) for score in scores if score is not None)
    return tuple(range(1, len(choices) + 1))


def _our_values(choices: Sequence[Choice]) -> tuple[int, ...] | None:
    if any(choice.kind != "Coding" or choice.value[0] != ANSWERS for choice in choices):
        return None
    try:
        values = tuple(int(choice.value[1]) for choice in choices)
    except ValueError:
        return None
    return values if len(set(values)) == len(values) else None


def _option(choice: Choice, value: int, scored: Scored, *, many: bool) -> dict[str, Any]:
    option: dict[str, Any] = {"value": value, "text": choice.texts}
    score = 0.0 if many and scored == "some" and choice.score is None else choice.score
    if score is not None and (scored == "some" or score != value):
        option["score"] = float(score)
    if choice.coding and choice.coding.get("system") != ANSWERS:
        option["coding"] = choice.coding
    if choice.exclusive:
        option["exclusive"] = True
    return option
