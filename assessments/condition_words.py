"""What makes a question visible, in words: "limit is Yes (1) and age is at least 18". Pure."""

from assessments.definition import AllOf, Answered, AnyOf, Compares, Condition, Definition, Equals, text_for
from assessments.definition.conditions import Comparison

COMPARISONS: dict[Comparison, str] = {
    "above": "is above",
    "at_least": "is at least",
    "below": "is below",
    "at_most": "is at most",
}


def in_words(condition: Condition, definition: Definition, language: str) -> str:
    """The condition with the ids of its questions, and the words of the answers it looks for in this language."""
    match condition:
        case Equals():
            return f"{condition.item} is {_answer(condition, definition, language)}"
        case Compares():
            return f"{condition.item} {COMPARISONS[condition.comparison]} {condition.value}"
        case Answered():
            return f"{condition.item} was {'answered' if condition.answered else 'not answered'}"
        case AllOf():
            return _joined(condition.all, " and ", definition, language)
        case AnyOf():
            return _joined(condition.any, " or ", definition, language)
    return f"not ({_joined(condition.none, ' or ', definition, language)})"


def _joined(conditions: tuple[Condition, ...], joint: str, definition: Definition, language: str) -> str:
    parts = (in_words(part, definition, language) for part in conditions)
    return joint.join(f"({part})" if " and " in part or " or " in part else part for part in parts)


def _answer(condition: Equals, definition: Definition, language: str) -> str:
    """The option's words with its value behind them, else the value."""
    options = definition.options(definition.item(condition.item))
    words = (text_for(option.text, language) for option in options if option.value == condition.equals)
    return next((f"“{text}” ({condition.equals})" for text in words), str(condition.equals))
