"""The rules of scales: what they count is there and can be counted, and what is known of them agrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from math import isclose, sqrt
from typing import TYPE_CHECKING, Any

from assessments.definition.items import Optioned, can_be_scored, range_of
from assessments.exceptions import Problem

if TYPE_CHECKING:
    from assessments.definition.questionnaire import Definition
    from assessments.definition.scales import Scale

_UPPER, _LOWER = frozenset({"above", "at_least"}), frozenset({"below", "at_most"})
_CLINICAL_SIDE = {"higher_is_worse": _UPPER, "higher_is_better": _LOWER, "neutral": _UPPER | _LOWER}
_SUMS = frozenset({"sum", "weighted"})
SEM_TOLERANCE = 0.05
"""Published figures are rounded: a SEM may differ this much from what its SD and reliability say."""


def unusable_scales(definition: Definition) -> Iterator[Problem]:
    items = {item.id: item for block in definition.blocks for item in block.items}
    counted = {other.id for other in definition.scales if other.items}
    for number, scale in enumerate(definition.scales):
        path = f"$.scales[{number}]"
        yield from _unusable_parts(scale, counted, path)
        yield from _unusable_items(definition, scale, items, path)
        yield from _unusable_counts(scale, path)
        yield from _loose_pairs(definition, scale, path)
        yield from _disagreeing_knowledge(scale, path)


def _unusable_parts(scale: Scale, counted: set[str], path: str) -> Iterator[Problem]:
    if bool(scale.items) is bool(scale.scales):
        yield Problem(path, "needs either items or scales to count; give one of them")
    for part in set(scale.scales) - counted:
        yield Problem(f"{path}.scales", f'"{part}" is no scale of items; correct the id')
    for part, times in Counter(scale.parts).items():
        if times > 1:
            yield Problem(f"{path}.items", f'"{part}" is listed twice; remove one')


def _unusable_items(definition: Definition, scale: Scale, items: Mapping[str, Any], path: str) -> Iterator[Problem]:
    unknown = [item for item in scale.items if item not in items or not can_be_scored(items[item])]
    yield from (Problem(f"{path}.items", f'"{item}" cannot be scored; name a question with points') for item in unknown)
    ends = {item: _ends(definition, items[item]) for item in scale.items if item not in unknown}
    if not unknown and scale.kind == "pomp" and len(set(ends.values())) > 1:
        yield Problem(f"{path}.items", "have answers of different ranges; give them the same")
    elif not unknown and scale.kind in _SUMS and scale.minimum < len(scale.items) and len(set(ends.values())) > 1:
        yield Problem(f"{path}.minimum", "must be all where ranges differ: no answer can stand for another; raise it")
    for item in scale.items:
        needs_ends = scale.kind == "pomp" or item in scale.reversed
        if needs_ends and item in ends and _endless(definition, items[item], ends[item]):
            yield Problem(f"{path}.items", f'"{item}" needs a minimum and a maximum below it to be scored so; add them')


def _ends(definition: Definition, item: Any) -> tuple[float, float] | None:
    return range_of(item, definition.option_sets.get(getattr(item, "options", ""), ()))


def _endless(definition: Definition, item: Any, ends: tuple[float, float] | None) -> bool:
    """An item whose option set is missing was told so already."""
    if isinstance(item, Optioned) and item.options not in definition.option_sets:
        return False
    return ends is None or ends[0] == ends[1]


def _unusable_counts(scale: Scale, path: str) -> Iterator[Problem]:
    for item in set(scale.reversed) - set(scale.items):
        yield Problem(f"{path}.reversed", f'"{item}" is not in this scale; remove it')
    if scale.minimum > len(scale.parts) > 0:
        yield Problem(f"{path}.minimum", f"is more than the {len(scale.parts)} items; lower it")
    elif scale.minimum < len(scale.parts) and (scale.scales or not scale.prorate):
        yield Problem(f"{path}.minimum", f"must be {len(scale.parts)} where nothing is prorated; raise it")
    yield from _unusable_weights(scale, path)


def _unusable_weights(scale: Scale, path: str) -> Iterator[Problem]:
    weighed = scale.kind == "weighted"
    if set(scale.weights) != (set(scale.parts) if weighed else set()):
        yield Problem(f"{path}.weights", "must name every item of a weighted scale, and none of another; correct them")
    elif weighed and scale.minimum < len(scale.parts) and min(scale.weights.values()) <= 0:
        yield Problem(f"{path}.weights", "must be above zero to be prorated; set prorate to false and minimum to all")
    if scale.factor == 0:
        yield Problem(f"{path}.factor", "makes every score zero; give another factor, or leave it out")
    if scale.kind == "pomp" and (scale.factor != 1 or scale.scales):
        yield Problem(f"{path}.kind", "pomp counts items and has no factor; use another kind")


def _loose_pairs(definition: Definition, scale: Scale, path: str) -> Iterator[Problem]:
    if scale.complete_pairs is None:
        return
    if scale.scales:
        yield Problem(f"{path}.complete_pairs", "belongs to a scale of items, not to a total; remove it")
    paired = {i for m in definition.mirrors if m.id == scale.complete_pairs for pair in m.pairs for i in pair}
    for item in set(scale.items) - paired:
        yield Problem(f"{path}.complete_pairs", f'"{item}" has no pair in "{scale.complete_pairs}"; add the pair')


def _disagreeing_knowledge(scale: Scale, path: str) -> Iterator[Problem]:
    known = scale.uncertainty
    if known and known.sd and known.reliability is not None:
        expected = known.sd * sqrt(1 - known.reliability)
        if not isclose(known.sem, expected, rel_tol=SEM_TOLERANCE):
            yield Problem(f"{path}.uncertainty.sem", f"is not SD * sqrt(1 - reliability) = {expected:.2f}; correct one")
    for number, cutoff in enumerate(scale.cutoffs):
        if cutoff.comparison not in _CLINICAL_SIDE[scale.direction]:
            yield Problem(
                f"{path}.cutoffs[{number}].comparison",
                f"is not the clinical side where {scale.direction}; turn it round",
            )
    edges = [band.at_least for band in scale.bands]
    if edges != sorted(set(edges)):
        yield Problem(f"{path}.bands", "must rise from the lowest; put them in order")
