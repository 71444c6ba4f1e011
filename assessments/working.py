"""How each score of one response came about, part by part: for the sandbox and for a counselor. Pure.

Reasons and kinds are keys, and formulas are numbers and signs, so that a page can say the rest in its own language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf, isnan
from typing import Any, Literal, NamedTuple, cast

from assessments.answers import visible_items
from assessments.change import band
from assessments.definition import Band, Cutoff, Definition, Item, Scale
from assessments.definition.items import Points
from assessments.scoring import ScaleScore, answer_matrix, compile_definition, score_response

LeftOut = Literal["not_asked", "missing", "declined", "own_words", "pair_incomplete"]
"""Why an item did not count: hidden by its condition; not answered; "does not apply / prefer not to say"; written
in own words rather than chosen; or its counterpart was not answered."""


class ItemWorking(NamedTuple):
    """One item of a scale: the answer as stored, its points, and what it counts: those, or turned round if reversed.

    Points are None where nothing was answered. ``ends``: the least and the most of them, where there are both.
    """

    item: Item
    answer: Any
    points: float | None
    ends: Points | None
    reversed: bool
    counts: float | None
    weight: float
    left_out: LeftOut | None


class PartWorking(NamedTuple):
    """One scale of a total, with its score."""

    scale: Scale
    value: float | None
    weight: float


class CutoffSide(NamedTuple):
    cutoff: Cutoff
    clinical: bool


@dataclass(frozen=True, slots=True)
class ScaleWorking:
    """One scale: ``items`` or, for a total, ``parts``; the formula with its numbers; and what the result means.

    Without a result (``score.value`` is None) there is no formula, no band, no side of a cut-off and no error band,
    which is X ± 1.96 · SEM within the ends of the scale.
    """

    scale: Scale
    score: ScaleScore
    items: tuple[ItemWorking, ...] = ()
    parts: tuple[PartWorking, ...] = ()
    formula: str | None = None
    band: Band | None = None
    cutoffs: tuple[CutoffSide, ...] = ()
    error_band: tuple[float, float] | None = None


def working_of(definition: Definition, answers: Mapping[str, Any]) -> tuple[ScaleWorking, ...]:
    """Every scale with its working, in the definition's order; the scores are those of ``score_response``.

    Give it what was cleaned (``answers.py``), like any other scoring.
    """
    given = _Given(definition, answers)
    scores = {score.scale: score for score in score_response(definition, answers)}
    return tuple(_scale_working(given, scale, scores) for scale in definition.scales)


class _Given:
    """One response: its answers, what those that are scored count, and what it was asked."""

    def __init__(self, definition: Definition, answers: Mapping[str, Any]) -> None:
        self.definition, self.answers = definition, answers
        (row,) = answer_matrix(definition, [answers]).tolist()
        columns = zip(compile_definition(definition).items, row, strict=True)
        self.points = {item: points for item, points in columns if not isnan(points)}
        self.asked = {item.id for item in visible_items(definition, answers)}

    def left_out(self, item_id: str, scale: Scale) -> LeftOut | None:
        if item_id in self.points:
            pairs = scale.complete_pairs and self.definition.mirror(scale.complete_pairs)
            return "pair_incomplete" if pairs and pairs.counterpart(item_id) not in self.points else None
        if item_id not in self.asked:
            return "not_asked"
        answer = self.answers.get(item_id, "")
        return "declined" if answer is None else "own_words" if answer not in ("", [], ()) else "missing"


def _scale_working(given: _Given, scale: Scale, scores: Mapping[str, ScaleScore]) -> ScaleWorking:
    score, value = scores[scale.id], scores[scale.id].value
    items = tuple(_item_working(given, scale, item) for item in scale.items)
    parts = tuple(
        PartWorking(given.definition.scale(part), scores[part].value, scale.weights.get(part, 1.0))
        for part in scale.scales
    )
    working = ScaleWorking(scale, score, items, parts)
    if value is None:
        return working
    low, high = given.definition.score_ends(scale) or (-inf, inf)
    return replace(
        working,
        formula=_formula(working),
        band=scale.band(value),
        cutoffs=tuple(CutoffSide(cutoff, cutoff.is_clinical(value)) for cutoff in scale.cutoffs),
        error_band=None if score.sem is None else band(value, score.sem, low=low, high=high),
    )


def _item_working(given: _Given, scale: Scale, item_id: str) -> ItemWorking:
    item = given.definition.item(item_id)
    ends, points, turned = given.definition.ends(item), given.points.get(item_id), item_id in scale.reversed
    return ItemWorking(
        item=item,
        answer=given.answers.get(item_id),
        points=points,
        ends=ends,
        reversed=turned,
        counts=sum(ends) - points if turned and ends and points is not None else points,
        weight=scale.weights.get(item_id, 1.0),
        left_out=given.left_out(item_id, scale),
    )


# --- Formulas -------------------------------------------------------------------------------------


def _formula(working: ScaleWorking) -> str:
    """The sum with the response's own numbers, like ``100 × ((3 + (0 + 4 − 1)) ÷ 2 − 0) ÷ (4 − 0)``."""
    scale, counted = working.scale, [item for item in working.items if item.left_out is None]
    parts = counted or working.parts
    terms = " + ".join(map(_term, parts))
    of_all = len(parts) == len(working.items or working.parts)
    if scale.kind == "pomp":
        low, high = map(_number, cast("Points", counted[0].ends))
        return f"100 × (({terms}) ÷ {len(counted)} − {low}) ÷ ({high} − {low})"
    if scale.kind == "mean":
        formula = f"({terms}) ÷ {len(parts)}"
    elif of_all:
        formula = terms if scale.factor == 1 else f"({terms})"
    else:
        answered, every = (sum(item.weight for item in items) for items in (counted, working.items))
        formula = f"({terms}) ÷ {_number(answered)} × {_number(every)}"
    return formula if scale.factor == 1 else f"{formula} × {_number(scale.factor)}"


def _term(part: ItemWorking | PartWorking) -> str:
    """A part that counts, so that its points, or its score, are there."""
    term = _number(cast("float", part.value if isinstance(part, PartWorking) else part.points))
    if isinstance(part, ItemWorking) and part.reversed:
        low, high = map(_number, cast("Points", part.ends))
        term = f"({low} + {high} − {term})"
    return term if part.weight == 1 else f"{_number(part.weight)} × {term}"


def _number(number: float) -> str:
    """At most six decimals, a number below zero in brackets."""
    text = f"{abs(number):.6f}".rstrip("0").rstrip(".")
    return f"(−{text})" if number < 0 else text
