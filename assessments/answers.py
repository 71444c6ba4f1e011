"""Which questions are visible, and whether answers can be accepted. Pure.

Answers are ``{item id: value}``: an absent key is not answered yet and "" was left open, None is "does not apply /
prefer not to say", a whole number is a choice's value or yes (1) and no (0), a list of them is a multiple choice's, a
text is a text, an ISO date, or what somebody wrote instead of choosing.
"""

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from math import isfinite
from typing import Any

from assessments.definition import (
    Answers,
    Block,
    BooleanItem,
    ChoiceItem,
    DateItem,
    DecimalItem,
    Definition,
    DisplayItem,
    GateItem,
    IntegerItem,
    Item,
    MultipleChoiceItem,
    Question,
    ScaleItem,
    TextItem,
)
from assessments.exceptions import InvalidAnswers

LONGEST_OWN_WORDS = 500
"""In characters, of an answer that is not among those listed."""
LARGEST_NUMBER = 10**12
"""Where a question names no end: beyond it every number is a slip of the finger."""


def visible_items(definition: Definition, answers: Answers) -> tuple[Item, ...]:
    """What to show given what is answered so far, in order. A hidden item's answer opens nothing."""
    seen: dict[str, Any] = {}
    visible = []
    for item in definition.items():
        if all(condition.holds(seen) for condition in definition.conditions_of(item)):
            visible.append(item)
            if _answered(item, answers):
                seen[item.id] = answers[item.id]
    return tuple(visible)


def visible_questions(definition: Definition, answers: Answers) -> tuple[Question, ...]:
    """The same without what is only read."""
    return tuple(item for item in visible_items(definition, answers) if not isinstance(item, DisplayItem))


def visible_blocks(definition: Definition, answers: Answers) -> tuple[Block, ...]:
    """The pages with at least one visible item, in order."""
    visible = {item.id for item in visible_items(definition, answers)}
    return tuple(block for block in definition.blocks if any(item.id in visible for item in block.items))


def visible_in(definition: Definition, block: Block, answers: Answers, *, seed: str = "") -> tuple[Item, ...]:
    """The visible items of one page, in the order that the person with this seed is asked them."""
    visible = {item.id for item in visible_items(definition, answers)}
    return tuple(item for item in asked_order(block, seed) if item.id in visible)


def asked_order(block: Block, seed: str) -> tuple[Item, ...]:
    """A page's items in this person's order: as written, or shuffled by the seed, the same each time."""
    if not block.shuffle:
        return block.items
    return tuple(sorted(block.items, key=lambda item: sha256(f"{seed}/{item.id}".encode()).digest()))


def clean_page(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Some of the answers, each one checked; raises InvalidAnswers. Nothing needs to be complete."""
    problems = {item_id: key for item_id, value in answers.items() if (key := _problem(definition, item_id, value))}
    if problems:
        raise InvalidAnswers(problems)
    return dict(answers)


def clean_answers(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """All answers, ready to be scored and kept, in the order asked; raises InvalidAnswers.

    Every visible required item must be answered or declined. Answers to hidden items and empty texts are dropped.
    """
    checked = clean_page(definition, answers)
    missing = {item.id: "required" for item in unanswered(definition, checked)}
    if missing:
        raise InvalidAnswers(missing)
    return {item.id: checked[item.id] for item in visible_questions(definition, checked) if _answered(item, checked)}


def unanswered(definition: Definition, answers: Answers) -> tuple[Question, ...]:
    """The visible required questions that were neither answered nor declined yet."""
    visible = visible_questions(definition, answers)
    return tuple(item for item in visible if item.required and not _answered(item, answers))


def _answered(item: Item, answers: Answers) -> bool:
    return answers.get(item.id, "") not in ("", [], ())


def _problem(definition: Definition, item_id: str, value: Any) -> str | None:
    """The message key of what is wrong with one answer, None when nothing is."""
    item = definition.question(item_id)
    if item is None:
        return "unknown_item"
    if value is None:
        return None if item.declinable else "not_declinable"
    if value == "":
        return None
    return _CHECKS[type(item)](definition, item, value)


def _choice_problem(definition: Definition, item: ChoiceItem | GateItem, value: Any) -> str | None:
    if item.own_words and isinstance(value, str):
        return _written_problem(value)
    if not _whole(value):
        return "wrong_type"
    known = any(option.value == value for option in definition.options(item))
    return None if known else "unknown_value"


def _choices_problem(definition: Definition, item: MultipleChoiceItem, chosen: Any) -> str | None:
    if not isinstance(chosen, list | tuple):
        return "wrong_type"
    written = [value for value in chosen if item.own_words and isinstance(value, str)]
    listed = [value for value in chosen if value not in written]
    if not all(map(_whole, listed)):
        return "wrong_type"
    options = {option.value: option for option in definition.options(item)}
    if not options.keys() >= set(listed):
        return "unknown_value"
    alone = any(options[value].exclusive for value in listed)
    allowed = 1 if alone else (item.at_most or len(options) + 1)
    if len(chosen) > allowed or len(set(chosen)) < len(chosen) or len(written) > 1:
        return "too_many"
    return _written_problem(written[0]) if written else None


def _written_problem(text: str) -> str | None:
    """An answer in own words beside those listed. Empty is no answer."""
    if not text.strip():
        return "wrong_type"
    return "too_long" if len(text) > LONGEST_OWN_WORDS else None


def _boolean_problem(_definition: Definition, _item: BooleanItem, value: Any) -> str | None:
    if not _whole(value):
        return "wrong_type"
    return None if value in {0, 1} else "unknown_value"


def _number_problem(_definition: Definition, item: IntegerItem | DecimalItem, value: Any) -> str | None:
    if not (_whole(value) or (isinstance(item, DecimalItem) and type(value) is float and isfinite(value))):
        return "wrong_type"
    low = -LARGEST_NUMBER if item.minimum is None else item.minimum
    high = LARGEST_NUMBER if item.maximum is None else item.maximum
    if not low <= value <= high:
        return "out_of_range"
    return "too_precise" if isinstance(item, DecimalItem) and round(value, item.places) != value else None


def _scale_problem(_definition: Definition, item: ScaleItem, value: Any) -> str | None:
    if not _whole(value):
        return "wrong_type"
    return None if value in item.values else "unknown_value"


def _date_problem(_definition: Definition, item: DateItem, value: Any) -> str | None:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return "wrong_type"
    if day.isoformat() != value:
        return "wrong_type"
    return None if (item.earliest or day) <= day <= (item.latest or day) else "out_of_range"


def _text_problem(_definition: Definition, item: TextItem, value: Any) -> str | None:
    if not isinstance(value, str):
        return "wrong_type"
    return "too_long" if len(value) > item.max_length else None


def _whole(value: Any) -> bool:
    return type(value) is int  # True is an int to isinstance


_CHECKS: Mapping[type, Callable[[Definition, Any, Any], str | None]] = {
    ChoiceItem: _choice_problem,
    GateItem: _choice_problem,
    MultipleChoiceItem: _choices_problem,
    BooleanItem: _boolean_problem,
    IntegerItem: _number_problem,
    DecimalItem: _number_problem,
    ScaleItem: _scale_problem,
    DateItem: _date_problem,
    TextItem: _text_problem,
}
