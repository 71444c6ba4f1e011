"""The kinds of questions, and the number that each kind's answer counts as. Pure."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from assessments.definition.base import LARGEST, Coding, Identifier, Number, ShortWording, Strict, Texts, Whole
from assessments.definition.conditions import Condition

Points = tuple[float, float]
"""The least and the most that an answer can count."""
MOST_STEPS = 1000
"""From one end of a scale to the other."""


class Option(Strict):
    """One answer a person can choose. ``value`` is what is stored; ``score`` what it counts, where that differs.

    ``exclusive``, in a multiple choice: cannot be chosen beside others, like "none of these".
    """

    value: Whole
    text: Texts
    score: Number | None = None
    coding: Coding | None = None
    exclusive: bool = False

    @property
    def points(self) -> float:
        return float(self.value) if self.score is None else self.score


class BaseItem(Strict):
    """What stands on a page. ``link_id`` and ``codes`` are its names in the form it was imported from."""

    id: Identifier
    text: Texts
    prefix: ShortWording | None = None
    group: Identifier | None = None
    visible_when: Condition | None = None
    link_id: ShortWording | None = None
    codes: tuple[Coding, ...] = ()


class DisplayItem(BaseItem):
    """Words to read, nothing to answer."""

    kind: Literal["display"]


class BaseQuestion(BaseItem):
    """What every question has. ``declinable``: "does not apply / prefer not to say" may be chosen."""

    help: Texts | None = None
    required: bool = True
    declinable: bool = True
    sensitive: bool = False


class BaseChoice(BaseQuestion):
    """A question answered from the named option set, or, with ``own_words``, by writing what is not in it.

    What was written is stored as the text it is and counts nothing.
    """

    options: Identifier
    own_words: bool = False


class ChoiceItem(BaseChoice):
    """One of the answers. ``expected`` makes it an attention check, never scored."""

    kind: Literal["choice"]
    expected: Whole | None = None


class GateItem(BaseChoice):
    """A choice whose values are codes: it may decide what is asked next, and is never scored."""

    kind: Literal["gate"]


class MultipleChoiceItem(BaseChoice):
    """Any number of the answers; it counts the sum of those chosen."""

    kind: Literal["multiple_choice"]
    at_most: int | None = Field(default=None, ge=1, le=LARGEST)


class BooleanItem(BaseQuestion):
    """Yes (1) or no (0), in the words of the reader's language."""

    kind: Literal["boolean"]


class IntegerItem(BaseQuestion):
    kind: Literal["integer"]
    minimum: Whole | None = None
    maximum: Whole | None = None
    unit: Texts | None = None


class DecimalItem(BaseQuestion):
    """A number with at most ``places`` digits behind the point."""

    kind: Literal["decimal"]
    minimum: Number | None = None
    maximum: Number | None = None
    places: int = Field(default=6, ge=1, le=6)
    unit: Texts | None = None


class ScaleItem(BaseQuestion):
    """A whole number between two ends that have words, like 0 "not at all" to 10 "completely"."""

    kind: Literal["scale"]
    minimum: Whole
    maximum: Whole
    step: int = Field(default=1, ge=1, le=LARGEST)
    low: Texts | None = None
    high: Texts | None = None

    @property
    def values(self) -> range:
        return range(self.minimum, self.maximum + 1, self.step)


class DateItem(BaseQuestion):
    """A day, answered as "2026-11-24"."""

    kind: Literal["date"]
    earliest: date | None = None
    latest: date | None = None


class TextItem(BaseQuestion):
    """Free text in the person's own words; ``short`` asks for one line."""

    kind: Literal["text"]
    max_length: int = Field(default=2000, ge=1, le=20000)
    short: bool = False


Optioned = ChoiceItem | GateItem | MultipleChoiceItem
Question = (
    ChoiceItem
    | GateItem
    | MultipleChoiceItem
    | BooleanItem
    | IntegerItem
    | DecimalItem
    | ScaleItem
    | DateItem
    | TextItem
)
Item = Annotated[Question | DisplayItem, Field(discriminator="kind")]


def range_of(item: Any, options: tuple[Option, ...]) -> Points | None:
    """The ends of what an answer can count; None where it is never scored or has no end."""
    match item:
        case ChoiceItem(expected=None):
            points = [option.points for option in options]
            return (min(points), max(points)) if points else None
        case MultipleChoiceItem():
            points = [option.points for option in options]
            return sum(p for p in points if p < 0), sum(p for p in points if p > 0)
        case BooleanItem():
            return 0.0, 1.0
        case ScaleItem():
            return (float(item.minimum), float(item.values[-1])) if item.values else None
        case IntegerItem() | DecimalItem() if item.minimum is not None and item.maximum is not None:
            return float(item.minimum), float(item.maximum)
    return None


def can_be_scored(item: Any) -> bool:
    """Whether a scale may count this item. An attention check, a code, a date and a text count nothing."""
    if isinstance(item, ChoiceItem):
        return item.expected is None
    return isinstance(item, MultipleChoiceItem | BooleanItem | IntegerItem | DecimalItem | ScaleItem)


def listed_values(answer: Any) -> list[int]:
    """The options that were chosen, without what was written in own words."""
    given = answer if isinstance(answer, list | tuple) else [answer]
    return [value for value in given if not isinstance(value, str)]


def points_of(item: Any, options: tuple[Option, ...], answer: Any) -> float | None:
    """What one answer counts; None where it is missing, declined or never scored. No option chosen is missing."""
    if answer is None or not can_be_scored(item):
        return None
    if isinstance(item, ChoiceItem | MultipleChoiceItem):
        counts = {option.value: option.points for option in options}
        chosen = listed_values(answer)
        return sum(counts[value] for value in chosen) if chosen else None
    return float(answer)
