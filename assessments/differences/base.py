"""One difference in words, and the two versions that are compared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

from assessments.definition import Definition

Effect = Literal["none", "reading", "asking", "scoring"]
"""What a difference does to scores, from the least to the most:

- ``none``: they are the same and mean the same
- ``reading``: the numbers are the same; what is known of them (error, bands, cut-offs) is not
- ``asking``: computed alike, from questions that are asked in other words, at another place or of other people
- ``scoring``: computed differently
"""
EFFECTS: tuple[Effect, ...] = ("none", "reading", "asking", "scoring")


class Area(StrEnum):
    """What a difference is about, in the order it is read."""

    ALERTS = "Alerts and privacy"
    SCORING = "Scoring"
    QUESTIONS = "Questions"
    ANSWERS = "Answers to choose from"
    PAGES = "Pages and groups"
    WHOLE = "The questionnaire as a whole"


_ORDER = {area: number for number, area in enumerate(Area)}


@dataclass(frozen=True, slots=True)
class Difference:
    """``about`` names what changed ("Question n1") and ``what`` what of it ("wording (en)").

    ``before`` and ``after`` are empty where there was or is nothing. ``risk``: it touches what raises an alert.
    """

    area: Area
    about: str
    what: str
    before: str = ""
    after: str = ""
    effect: Effect = "none"
    risk: bool = False

    def __str__(self) -> str:
        arrow = " → " if self.before and self.after else ""
        colon = ": " if self.before or self.after else ""
        return f"{self.about}: {self.what}{colon}{self.before}{arrow}{self.after}"


def in_order(found: Iterable[Difference]) -> tuple[Difference, ...]:
    """What touches alerts first, then by area, each area as it was found."""
    return tuple(sorted(found, key=lambda difference: (not difference.risk, _ORDER[difference.area])))


def worst(effects: Iterable[Effect]) -> Effect:
    return max(effects, key=EFFECTS.index, default="none")


@dataclass(frozen=True)
class Versions:
    """The definition as it was and as it is."""

    old: Definition
    new: Definition

    @cached_property
    def scored(self) -> frozenset[str]:
        """The questions that some score depends on in either version: counted, paired, or deciding what is asked."""
        return frozenset(_scored(self.old)) | frozenset(_scored(self.new))

    @cached_property
    def alarming(self) -> frozenset[str]:
        """The questions that raise an alert in either version."""
        return frozenset(alert.item for version in (self.old, self.new) for alert in version.alerts)

    @cached_property
    def kept(self) -> frozenset[str]:
        """What stands on the pages of both versions."""
        return frozenset(item.id for item in self.old.items()) & frozenset(item.id for item in self.new.items())

    def asking(self, items: Iterable[str]) -> Effect:
        """The effect of asking these otherwise."""
        return "none" if self.scored.isdisjoint(items) else "asking"


def _scored(definition: Definition) -> set[str]:
    waiting = list(_counted(definition))
    found: set[str] = set()
    while waiting:
        item_id = waiting.pop()
        if item_id not in found:
            found.add(item_id)
            conditions = definition.conditions_of(definition.item(item_id))
            waiting += [leaf.item for condition in conditions for leaf in condition.comparisons()]
    return found


def _counted(definition: Definition) -> Iterator[str]:
    for scale in definition.scales:
        yield from scale.items
        if scale.complete_pairs:
            mirror = definition.mirror(scale.complete_pairs)
            yield from (mirror.counterpart(item) for item in scale.items)
