"""What is known of a published instrument's scoring: numbers and codes with their sources, never its words. Pure.

A key that could be built is consistent. The shipped ones lie beside the catalog and are read when first asked for.
"""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assessments.definition import AlertKind, Band, Cutoff, Direction, Norm, ReliableChange, Texts, Uncertainty
from assessments.definition.base import Identifier, ShortWording, Slug, Strict
from assessments.exceptions import UnknownScoringKey

SHIPPED_KEYS = Path(__file__).resolve().parents[1] / "catalog" / "keys"
LOINC = "http://loinc.org"
OWN_URL = "urn:interdepend:scoring-key:"
"""With a key's slug behind it: the URL by which a form that has no other says which key it means."""

LicenceStatus = Literal["free", "free_with_conditions", "permission_needed", "unknown"]
KeyScaleKind = Literal["sum", "mean"]
Number = Annotated[int, Field(ge=1)]
"""An item's number on the published form."""


class Licence(Strict):
    """Whether a clinic may use the form without asking, who holds the rights, and where that is said."""

    status: LicenceStatus
    holder: ShortWording | None = None
    source: ShortWording | None = None


class AnswerList(Strict):
    """The points of a form's answers in the order printed, and the LOINC codes that each may have, if there are any."""

    points: tuple[float, ...] = Field(min_length=2)
    codes: tuple[tuple[ShortWording, ...], ...] = ()

    @model_validator(mode="after")
    def _codes_for_all(self) -> Self:
        if self.codes and len(self.codes) != len(self.points):
            raise ValueError("an answer list needs codes for every answer or for none")
        return self

    @property
    def points_by_code(self) -> dict[str, float]:
        pairs = zip(self.codes, self.points, strict=False)
        return {code: points for codes, points in pairs for code in codes}


class KeyItem(Strict):
    """One question: its LOINC codes, its answer list and whether it counts from the other end."""

    number: Number
    codes: tuple[ShortWording, ...] = ()
    answers: Identifier
    reversed: bool = False


class KeyScale(Strict):
    """How the items make a score and what is known of it, as in ``definition.Scale``; None and () mean unknown.

    ``items`` left out means all. ``needed`` left out means that every item must be answered. ``scoring``,
    ``bands_source`` and ``missing`` name the sources of the range and reversals, of the bands, and of the rule for
    missing answers.
    """

    id: Identifier
    title: Texts
    kind: KeyScaleKind
    items: tuple[Number, ...] = ()
    factor: float = 1.0
    needed: int | None = Field(default=None, ge=1)
    direction: Direction
    scoring: ShortWording
    missing: ShortWording | None = None
    uncertainty: Uncertainty | None = None
    bands: tuple[Band, ...] = ()
    bands_source: ShortWording | None = None
    cutoffs: tuple[Cutoff, ...] = ()
    reliable_change: ReliableChange | None = None
    norms: tuple[Norm, ...] = ()

    @model_validator(mode="after")
    def _sources_named(self) -> Self:
        if bool(self.bands) != bool(self.bands_source):
            raise ValueError("bands need a source, and a source bands")
        if self.needed is not None and self.missing is None:
            raise ValueError("a rule for missing answers needs a source")
        return self


class KeyAlert(Strict):
    """An answer to look at, from this many points on."""

    item: Number
    points: float
    kind: AlertKind
    source: ShortWording


class ScoringKey(Strict):
    """``urls``, its own one and ``codes`` (LOINC panels) recognise a form; ``names`` (lower case) only suggest it.

    ``unscored`` are LOINC codes of questions that belong to the form but not to its score. ``cautions`` are what a
    person should check in a form before trusting the key.
    """

    slug: Slug
    title: ShortWording
    licence: Licence
    urls: tuple[ShortWording, ...] = ()
    codes: tuple[ShortWording, ...] = ()
    names: tuple[ShortWording, ...] = ()
    answers: dict[Identifier, AnswerList]
    items: tuple[KeyItem, ...] = Field(min_length=1)
    unscored: tuple[ShortWording, ...] = ()
    scales: tuple[KeyScale, ...] = Field(min_length=1)
    alerts: tuple[KeyAlert, ...] = ()
    cautions: tuple[ShortWording, ...] = ()
    references: tuple[ShortWording, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        if [item.number for item in self.items] != list(range(1, len(self.items) + 1)):
            raise ValueError("items must be numbered from 1 in the order of the form")
        if {item.answers for item in self.items} != set(self.answers):
            raise ValueError("every item needs an answer list, and every list an item")
        counts = {pair for answers in self.answers.values() for pair in answers.points_by_code.items()}
        if len({code for code, _ in counts}) != len(counts):
            raise ValueError("an answer's code must count the same in every list")
        named = {number for scale in self.scales for number in scale.items} | {alert.item for alert in self.alerts}
        if not named <= {item.number for item in self.items}:
            raise ValueError("scales and alerts may only name items of the key")
        return self

    @property
    def own_url(self) -> str:
        return OWN_URL + self.slug

    def answers_of(self, item: KeyItem) -> AnswerList:
        return self.answers[item.answers]

    def items_of(self, scale: KeyScale) -> tuple[int, ...]:
        """The numbers of the items that a scale counts."""
        return scale.items or tuple(item.number for item in self.items)

    def range_of(self, scale: KeyScale) -> tuple[float, float]:
        """The least and the most that a scale can be."""
        lists = [self.answers_of(self.items[number - 1]).points for number in self.items_of(scale)]
        share = scale.factor / (len(lists) if scale.kind == "mean" else 1)
        return share * sum(map(min, lists)), share * sum(map(max, lists))

    @cached_property
    def item_codes(self) -> frozenset[str]:
        return frozenset(code for item in self.items for code in item.codes)


@cache
def key_slugs() -> tuple[str, ...]:
    """The names of the shipped keys, without reading them."""
    return tuple(sorted(path.stem for path in SHIPPED_KEYS.glob("*.json")))


@cache
def scoring_key(slug: str) -> ScoringKey:
    """The shipped key of this name, read once; UnknownScoringKey where there is none."""
    if slug not in key_slugs():
        raise UnknownScoringKey(slug)
    return ScoringKey.model_validate_json((SHIPPED_KEYS / f"{slug}.json").read_bytes())


def scoring_keys() -> tuple[ScoringKey, ...]:
    return tuple(map(scoring_key, key_slugs()))
