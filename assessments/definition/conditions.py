"""What makes a question visible: comparisons with earlier answers, joined by all, any and none. Pure.

A question that was declined or not answered equals nothing and is above or below nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, ValidationError, WrapValidator
from pydantic_core import PydanticCustomError

from assessments.definition.base import LARGEST, Answers, Identifier, Number, Strict, Whole, unprintable

Comparison = Literal["above", "at_least", "below", "at_most"]


def _number_or_text(value: Any, read: Callable[[Any], Any]) -> Any:
    """One error instead of one for each kind of value."""
    if isinstance(value, str) and (fault := unprintable(value)):
        raise PydanticCustomError("unprintable", "{fault}", {"fault": fault})
    try:
        return read(value)
    except ValidationError:
        if isinstance(value, int | float) and not -LARGEST <= value <= LARGEST:
            raise PydanticCustomError("beyond", f"is beyond ±{LARGEST:,}; give a smaller number") from None
        raise PydanticCustomError("no_value", "is neither a number nor a text; give one") from None


Value = Annotated[Whole | Number | str, WrapValidator(_number_or_text)]
"""What an answer is compared with: an option's value, a number, 1 or 0 for yes or no, a text, an ISO date."""

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "above": operator.gt,
    "at_least": operator.ge,
    "below": operator.lt,
    "at_most": operator.le,
}


class Equals(Strict):
    """True when another question was answered with this value, or this value is among those chosen."""

    item: Identifier
    equals: Value

    def holds(self, answers: Answers) -> bool:
        answer = answers.get(self.item)
        return self.equals in answer if isinstance(answer, list | tuple) else answer == self.equals

    def comparisons(self) -> Iterator[Leaf]:
        yield self


class Compares(Strict):
    """True when another question was answered with a number or a date beyond this one."""

    item: Identifier
    comparison: Comparison
    value: Value

    def holds(self, answers: Answers) -> bool:
        answer = answers.get(self.item)
        if not isinstance(answer, int | float | str) or isinstance(answer, str) is not isinstance(self.value, str):
            return False
        return COMPARE[self.comparison](answer, self.value)

    def comparisons(self) -> Iterator[Leaf]:
        yield self


class Answered(Strict):
    """True when another question was answered (or, with false, was not)."""

    item: Identifier
    answered: bool

    def holds(self, answers: Answers) -> bool:
        given = answers.get(self.item)
        return (given is not None and given != "") is self.answered

    def comparisons(self) -> Iterator[Leaf]:
        yield self


class AllOf(Strict):
    all: tuple[Condition, ...] = Field(min_length=1)

    def holds(self, answers: Answers) -> bool:
        return all(condition.holds(answers) for condition in self.all)

    def comparisons(self) -> Iterator[Leaf]:
        for condition in self.all:
            yield from condition.comparisons()


class AnyOf(Strict):
    any: tuple[Condition, ...] = Field(min_length=1)

    def holds(self, answers: Answers) -> bool:
        return any(condition.holds(answers) for condition in self.any)

    def comparisons(self) -> Iterator[Leaf]:
        for condition in self.any:
            yield from condition.comparisons()


class NoneOf(Strict):
    """True when none of these holds: with one condition, its opposite."""

    none: tuple[Condition, ...] = Field(min_length=1)

    def holds(self, answers: Answers) -> bool:
        return not any(condition.holds(answers) for condition in self.none)

    def comparisons(self) -> Iterator[Leaf]:
        for condition in self.none:
            yield from condition.comparisons()


Leaf = Equals | Compares | Answered
_KNOWN_BY = ("equals", "comparison", "answered", "all", "any", "none")


def _tag(data: Any) -> str | None:
    """A condition is known by the field that only its kind has. Angle brackets: a tag must not look like a field."""
    there = data.keys() if isinstance(data, Mapping) else type(data).model_fields if isinstance(data, Strict) else ()
    return next((f"<{field}>" for field in _KNOWN_BY if field in there), None)


Condition = Annotated[
    Annotated[Equals, Tag("<equals>")]
    | Annotated[Compares, Tag("<comparison>")]
    | Annotated[Answered, Tag("<answered>")]
    | Annotated[AllOf, Tag("<all>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[NoneOf, Tag("<none>")],
    Discriminator(
        _tag,
        custom_error_type="unknown_condition",
        custom_error_message='is no condition; give it one of "equals", "comparison", "answered", "all", "any", "none"',
    ),
]
"""All conditions answer ``holds(answers)`` and name what they look at with ``comparisons()``."""

for _model in (AllOf, AnyOf, NoneOf):
    _model.model_rebuild()
