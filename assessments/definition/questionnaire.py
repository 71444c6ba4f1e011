"""The whole questionnaire: pages, groups, scales and alerts around its questions.

Every human text is a mapping from language to wording; ``{other}``, ``{Other}`` and ``{your_other}`` in it stand for
the person the questionnaire is about (``terms.py``). A definition that could be built is consistent:
``checks.py`` holds the rules between its parts.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from assessments.definition.base import (
    Coding,
    Identifier,
    Language,
    ShortWording,
    Slug,
    Strict,
    Texts,
    Whole,
    Wording,
    choose_language,
)
from assessments.definition.checks import problems_in
from assessments.definition.conditions import Condition
from assessments.definition.errors import CROSS_CHECK, problems_of
from assessments.definition.items import (
    DisplayItem,
    Item,
    Option,
    Optioned,
    Points,
    Question,
    points_of,
    range_of,
)
from assessments.definition.scales import Scale, span_of
from assessments.exceptions import InvalidDefinition

AlertKind = Literal["safety", "contact_request"]


class Group(Strict):
    """Questions under one heading, ``within`` another group or none. Its condition holds for all that is in it.

    Items name their group; those of one group stand together.
    """

    id: Identifier
    title: Texts | None = None
    help: Texts | None = None
    prefix: ShortWording | None = None
    within: Identifier | None = None
    visible_when: Condition | None = None
    link_id: ShortWording | None = None
    codes: tuple[Coding, ...] = ()


class Block(Strict):
    """One page. ``private`` pages ask what nobody else should see; ``advice`` says so to the person.

    Without a title it is a page break only, not a part of the questionnaire. ``shuffle`` asks its items in another
    order for each respondent (``answers.asked_order``).
    """

    id: Identifier
    title: Texts | None = None
    intro: Texts | None = None
    advice: Texts | None = None
    private: bool = False
    shuffle: bool = False
    items: tuple[Item, ...] = Field(min_length=1)


class Mirror(Strict):
    """Pairs of items that ask the same thing from the two sides: mine first, the other's second."""

    id: Identifier
    pairs: tuple[tuple[Identifier, Identifier], ...] = Field(min_length=1)

    def counterpart(self, item_id: str) -> str:
        """The other half of this item's pair; KeyError when it has none."""
        return self._counterparts[item_id]

    @cached_property
    def _counterparts(self) -> dict[str, str]:
        return {a: b for pair in self.pairs for a, b in (pair, pair[::-1])}


class Alert(Strict):
    """An answer a person must look at, on its own and at once. Declining may be a soft signal.

    ``at_or_above`` is compared with the stored answer; in a multiple choice with each value that was chosen.
    """

    item: Identifier
    at_or_above: Whole
    kind: AlertKind
    soft_when_declined: bool = False


class Privacy(Strict):
    """An answer which says that somebody else was there, or could read along."""

    item: Identifier
    equals: Whole


class Origin(Strict):
    """The form a definition was imported from, as far as it must be known to write it back.

    ``totals``: the linkIds it has computed totals under. They are not asked, and in a response they are not read.
    """

    standard: Literal["fhir"]
    release: ShortWording
    url: ShortWording | None = None
    version: ShortWording | None = None
    name: ShortWording | None = None
    identifiers: tuple[Coding, ...] = ()
    codes: tuple[Coding, ...] = ()
    publisher: ShortWording | None = None
    copyright: Wording | None = None
    totals: tuple[ShortWording, ...] = ()


class Definition(Strict):
    """One questionnaire. Defaults of its fields are part of every stored digest: never change one."""

    slug: Slug
    title: Texts
    languages: tuple[Language, ...] = Field(min_length=1)
    period: Texts | None = None
    notice: Texts | None = None
    declined: Texts | None = None
    option_sets: dict[Identifier, Annotated[tuple[Option, ...], Field(min_length=1)]] = {}
    groups: tuple[Group, ...] = ()
    blocks: tuple[Block, ...] = Field(min_length=1)
    scales: tuple[Scale, ...] = ()
    mirrors: tuple[Mirror, ...] = ()
    alerts: tuple[Alert, ...] = ()
    privacy: tuple[Privacy, ...] = ()
    origin: Origin | None = None
    scoring_key: Slug | None = None

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        problems = tuple(problems_in(self))
        if problems:
            raise PydanticCustomError(CROSS_CHECK, "the parts do not agree", {"problems": problems})
        return self

    def __hash__(self) -> int:
        return hash(self.digest())

    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON: what identifies these words and rules for good."""
        return self._digest

    def canonical(self) -> str:
        """The one JSON text of this definition: sorted keys, no spaces, defaults left out."""
        data = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def language_for(self, wanted: str) -> str:
        """The language to ask in: the one wanted ("es-mx" is "es"), else the one that texts fall back to."""
        return choose_language(self.languages, wanted)

    def items(self) -> Iterator[Item]:
        """Everything that stands on the pages, in order."""
        return iter(self._items.values())

    def questions(self) -> Iterator[Question]:
        """Every item that can be answered, in the order asked."""
        return (item for item in self.items() if not isinstance(item, DisplayItem))

    def item(self, item_id: str) -> Item:
        return self._items[item_id]

    def question(self, item_id: str) -> Question | None:
        """The question of this name; None where there is none, or only words to read."""
        item = self._items.get(item_id)
        return None if isinstance(item, DisplayItem) else item

    def options(self, item: Item) -> tuple[Option, ...]:
        """The answers to choose from; none for what is not a choice."""
        return self.option_sets[item.options] if isinstance(item, Optioned) else ()

    def points(self, item: Item, answer: Any) -> float | None:
        """What one answer counts; None where it is missing, declined or never scored."""
        return points_of(item, self.options(item), answer)

    def ends(self, item: Item) -> Points | None:
        """The least and the most that an answer can count; None where it is never scored or has no end."""
        return range_of(item, self.options(item))

    def is_private(self, block: Block) -> bool:
        """Whether a page's answers must never be shown again: it says so, or asks what is sensitive or raises an alert.

        Whoever else holds the link could read them; an imported form does not know of that.
        """
        return block.private or any(item.id in self._guarded for item in block.items)

    def score_ends(self, scale: Scale) -> Points | None:
        """The least and the most that a scale's score can be; None where one of its parts has no end."""
        if scale.kind == "pomp":
            return 0.0, 100.0
        found = [self.ends(self.item(item)) for item in scale.items] or [
            self.score_ends(self.scale(part)) for part in scale.scales
        ]
        ends = [each for each in found if each is not None]
        return span_of(scale, ends) if len(ends) == len(found) else None

    def groups_of(self, item: Item) -> tuple[Group, ...]:
        """The groups around an item, the outermost first."""
        path: list[Group] = []
        inside = item.group
        while inside is not None:
            path.append(self._groups[inside])
            inside = path[-1].within
        return tuple(reversed(path))

    def conditions_of(self, item: Item) -> tuple[Condition, ...]:
        """All that must hold for an item to be asked: its groups' conditions and its own."""
        asked = (part.visible_when for part in (*self.groups_of(item), item))
        return tuple(condition for condition in asked if condition is not None)

    def heading(self, block: Block) -> Texts:
        """A page's title: its own, else that of the outermost group it begins in, else the questionnaire's."""
        groups = (group.title for group in self.groups_of(block.items[0]))
        return block.title or next(filter(None, groups), self.title)

    def scale(self, scale_id: str) -> Scale:
        return self._scales[scale_id]

    def mirror(self, mirror_id: str) -> Mirror:
        return next(mirror for mirror in self.mirrors if mirror.id == mirror_id)

    @cached_property
    def _digest(self) -> str:
        return digest_of(self.canonical())

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.id: item for block in self.blocks for item in block.items}

    @cached_property
    def _guarded(self) -> frozenset[str]:
        sensitive = {item.id for item in self.questions() if item.sensitive}
        return frozenset(sensitive | {alert.item for alert in self.alerts})

    @cached_property
    def _groups(self) -> dict[str, Group]:
        return {group.id: group for group in self.groups}

    @cached_property
    def _scales(self) -> dict[str, Scale]:
        return {scale.id: scale for scale in self.scales}


def digest_of(canonical: str) -> str:
    return hashlib.sha256(canonical.encode()).hexdigest()


def load_definition(text: str | bytes) -> Definition:
    """Read a definition from JSON; raises InvalidDefinition naming every path and what to do."""
    try:
        return Definition.model_validate_json(text)
    except ValidationError as error:
        raise InvalidDefinition(problems_of(error, _data(text))) from error


def _data(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
