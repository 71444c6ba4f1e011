"""Which questions are visible, and whether answers can be accepted. Pure.

Answers are ``{item id: value}``: an absent key is not answered yet, None is "does not apply / prefer not to say",
a whole number is a choice's value, a text is a text.
"""

from collections.abc import Callable, Mapping
from typing import Any

from assessments.definition import Answers, Block, ChoiceItem, Definition, GateItem, Item, TextItem
from assessments.exceptions import InvalidAnswers


def visible_items(definition: Definition, answers: Answers) -> tuple[Item, ...]:
    """The items to ask given what is answered so far, in order. A hidden item's answer opens nothing."""
    seen: dict[str, Any] = {}
    visible = []
    for item in definition.items():
        if item.visible_when is None or item.visible_when.holds(seen):
            visible.append(item)
            if item.id in answers:
                seen[item.id] = answers[item.id]
    return tuple(visible)


def visible_blocks(definition: Definition, answers: Answers) -> tuple[Block, ...]:
    """The pages with at least one visible item, in order."""
    visible = {item.id for item in visible_items(definition, answers)}
    return tuple(block for block in definition.blocks if any(item.id in visible for item in block.items))


def visible_in(definition: Definition, block: Block, answers: Answers) -> tuple[Item, ...]:
    """The visible items of one page."""
    inside = {item.id for item in block.items}
    return tuple(item for item in visible_items(definition, answers) if item.id in inside)


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
    return {item.id: checked[item.id] for item in visible_items(definition, checked) if _answered(item, checked)}


def unanswered(definition: Definition, answers: Answers) -> tuple[Item, ...]:
    """The visible required items that were neither answered nor declined yet."""
    visible = visible_items(definition, answers)
    return tuple(item for item in visible if item.required and not _answered(item, answers))


def _answered(item: Item, answers: Answers) -> bool:
    return answers.get(item.id, "") != ""


def _problem(definition: Definition, item_id: str, value: Any) -> str | None:
    """The message key of what is wrong with one answer, None when nothing is."""
    if not definition.has_item(item_id):
        return "unknown_item"
    item = definition.item(item_id)
    if value is None:
        return None if item.declinable else "not_declinable"
    return _CHECKS[type(item)](definition, item, value)


def _choice_problem(definition: Definition, item: ChoiceItem | GateItem, value: Any) -> str | None:
    if type(value) is not int:  # True is an int to isinstance
        return "wrong_type"
    known = any(option.value == value for option in definition.options(item))
    return None if known else "unknown_value"


def _text_problem(_definition: Definition, item: TextItem, value: Any) -> str | None:
    if not isinstance(value, str):
        return "wrong_type"
    return "too_long" if len(value) > item.max_length else None


_CHECKS: Mapping[type, Callable[[Definition, Any, Any], str | None]] = {
    ChoiceItem: _choice_problem,
    GateItem: _choice_problem,
    TextItem: _text_problem,
}
