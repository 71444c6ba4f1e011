"""A questionnaire as frozen data: what is asked, in which words, and how it is scored.

Every human text is a mapping from language to wording; ``{other}``, ``{Other}`` and ``{your_other}`` in it stand for
the person the questionnaire is about (``terms.py``). A definition that could be built is consistent:
``definition_checks.py`` holds the rules between its parts.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from assessments.definition_checks import problems_in
from assessments.definition_errors import CROSS_CHECK, problems_of
from assessments.exceptions import InvalidDefinition

FALLBACK_LANGUAGE = "en"

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Wording = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Texts = dict[str, Wording]
Answer = int | str | None
Answers = Mapping[str, Answer]
Direction = Literal["higher_is_worse", "higher_is_better", "neutral"]
AlertKind = Literal["safety", "contact_request"]


class Strict(BaseModel):
    """Frozen, no unknown fields, no silent conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A changed copy, checked like any other: pydantic's own keeps caches and skips the rules."""
        return type(self)(**{**dict(self), **(update or {})})


class Option(Strict):
    """One answer a person can choose; ``value`` is what is stored and scored."""

    value: int
    text: Texts


class Equals(Strict):
    """True when another item was answered with this value."""

    item: Identifier
    equals: int

    def holds(self, answers: Answers) -> bool:
        return answers.get(self.item) == self.equals


Condition = Equals
"""What makes an item visible. All conditions answer ``holds(answers)``; further kinds join here as a union."""


class BaseItem(Strict):
    """What every item has. ``declinable``: "does not apply / prefer not to say" may be chosen."""

    id: Identifier
    text: Texts
    help: Texts | None = None
    required: bool = True
    declinable: bool = True
    sensitive: bool = False
    visible_when: Condition | None = None


class ChoiceItem(BaseItem):
    """One of the named option set's answers. ``expected`` makes it an attention check, never scored."""

    kind: Literal["choice"]
    options: Identifier
    expected: int | None = None


class GateItem(BaseItem):
    """A choice that decides what is asked next. Its values are codes, never scored."""

    kind: Literal["gate"]
    options: Identifier


class TextItem(BaseItem):
    """Free text in the person's own words."""

    kind: Literal["text"]
    max_length: int = Field(default=2000, ge=1, le=20000)


Item = Annotated[ChoiceItem | GateItem | TextItem, Field(discriminator="kind")]


class Block(Strict):
    """One page. ``private`` pages ask what nobody else should see; ``advice`` says so to the person."""

    id: Identifier
    title: Texts
    intro: Texts | None = None
    advice: Texts | None = None
    private: bool = False
    items: tuple[Item, ...] = Field(min_length=1)


class Uncertainty(Strict):
    """The standard error of measurement, in points of the scale, and where the number comes from."""

    sem: float = Field(gt=0)
    source: Texts


class Scale(Strict):
    """Items scored together.

    ``pomp`` is the percent of maximum possible, 0-100 (Cohen et al. 1999): 100 * (mean - min) / (max - min),
    where min and max are the ends of the items' option set; a reversed item counts as min + max - x.
    ``minimum`` answered items are needed. Where ``complete_pairs`` names a mirror, an item counts only
    when its counterpart is answered too, and ``minimum`` counts complete pairs.
    """

    id: Identifier
    title: Texts
    kind: Literal["pomp"]
    items: tuple[Identifier, ...] = Field(min_length=1)
    reversed: tuple[Identifier, ...] = ()
    minimum: int = Field(ge=1)
    complete_pairs: Identifier | None = None
    direction: Direction
    uncertainty: Uncertainty | None = None


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
    """An answer a person must look at, on its own and at once. Declining may be a soft signal."""

    item: Identifier
    at_or_above: int
    kind: AlertKind
    soft_when_declined: bool = False


class Definition(Strict):
    """One questionnaire. Defaults of its fields are part of every stored digest: never change one."""

    slug: Slug
    title: Texts
    languages: tuple[Language, ...] = Field(min_length=1)
    period: Texts
    notice: Texts
    declined: Texts
    option_sets: dict[Identifier, Annotated[tuple[Option, ...], Field(min_length=2)]]
    blocks: tuple[Block, ...] = Field(min_length=1)
    scales: tuple[Scale, ...] = ()
    mirrors: tuple[Mirror, ...] = ()
    alerts: tuple[Alert, ...] = ()

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
        return _choose(self.languages, wanted)

    def items(self) -> Iterator[Item]:
        """Every item in the order asked."""
        return iter(self._items.values())

    def item(self, item_id: str) -> Item:
        return self._items[item_id]

    def has_item(self, item_id: str) -> bool:
        return item_id in self._items

    def options(self, item: Item) -> tuple[Option, ...]:
        """The answers to choose from, none for a text."""
        return () if isinstance(item, TextItem) else self.option_sets[item.options]

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
    def _scales(self) -> dict[str, Scale]:
        return {scale.id: scale for scale in self.scales}


def digest_of(canonical: str) -> str:
    return hashlib.sha256(canonical.encode()).hexdigest()


def text_for(texts: Mapping[str, str], language: str) -> str:
    """The wording in this language ("es", "es-mx"), else in English, else in the first one there is."""
    return texts[_choose(texts, language)]


def _choose(languages: Iterable[str], wanted: str) -> str:
    there = tuple(languages)
    return next((language for language in (wanted[:2].lower(), FALLBACK_LANGUAGE) if language in there), there[0])


def load_definition(text: str | bytes) -> Definition:
    """Read a definition from JSON; raises InvalidDefinition naming every path and what to do."""
    try:
        return Definition.model_validate_json(text)
    except ValidationError as error:
        raise InvalidDefinition(problems_of(error, _data(text))) from error


def _data(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
