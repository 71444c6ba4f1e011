"""Answers to try a questionnaire with: every scored question at its lowest, middle or highest. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from assessments.answers import visible_questions
from assessments.definition import (
    BooleanItem,
    ChoiceItem,
    DecimalItem,
    Definition,
    Equals,
    GateItem,
    IntegerItem,
    MultipleChoiceItem,
    Option,
    Question,
    ScaleItem,
)

Level = Literal["lowest", "middle", "highest"]
LEVELS: tuple[Level, ...] = ("lowest", "middle", "highest")


def sample_answers(definition: Definition, level: Level) -> dict[str, Any]:
    """An acceptable answer to every visible question that has numbers; dates and texts stay open.

    What only decides what is asked next is answered so that more is asked.
    """
    opening = {
        leaf.item: leaf.equals
        for item in definition.items()
        for condition in definition.conditions_of(item)
        for leaf in condition.comparisons()
        if isinstance(leaf, Equals)
    }
    answers: dict[str, Any] = {}
    for item in definition.questions():
        gate = opening.get(item.id) if isinstance(item, GateItem) else None
        answer = _sample(definition, item, level) if gate is None else gate
        if answer is not None:
            answers[item.id] = answer
    return {item.id: answers[item.id] for item in visible_questions(definition, answers) if item.id in answers}


def _sample(definition: Definition, item: Question, level: Level) -> Any:
    match item:
        case ChoiceItem(expected=int()):
            return item.expected
        case ChoiceItem() | GateItem():
            return _pick(_by_points(definition.options(item)), level).value
        case MultipleChoiceItem():
            return _several(item, definition.options(item), level)
        case BooleanItem() | ScaleItem():
            return _pick(getattr(item, "values", (0, 1)), level)
        case IntegerItem() | DecimalItem():
            return _number(item, level)
    return None


def _by_points(options: Sequence[Option]) -> list[Option]:
    return sorted(options, key=lambda option: option.points)


def _pick(values: Any, level: Level) -> Any:
    return values[{"lowest": 0, "middle": (len(values) - 1) // 2, "highest": len(values) - 1}[level]]


def _several(item: MultipleChoiceItem, options: Sequence[Option], level: Level) -> list[int]:
    """The one that counts least, half of them, or all; what excludes others is chosen only where nothing else is."""
    together = [option for option in _by_points(options) if not option.exclusive] or list(options[:1])
    most = min(item.at_most or len(together), len(together))
    count = {"lowest": 1, "middle": max(1, most // 2), "highest": most}[level]
    chosen = together[:1] if level == "lowest" else together[-count:]
    return [option.value for option in chosen]


def _number(item: IntegerItem | DecimalItem, level: Level) -> int | float:
    """Where an end is open, the other one or zero stands for it."""
    low = item.minimum if item.minimum is not None else min(0, item.maximum or 0)
    high = item.maximum if item.maximum is not None else max(low, 0)
    if level == "middle":
        middle = (low + high) / 2
        return round(middle, item.places) if isinstance(item, DecimalItem) else int(middle)
    return low if level == "lowest" else high
