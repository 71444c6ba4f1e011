"""Scores for one response or a million: one vectorised implementation. Pure.

A definition is compiled once into index arrays. Scoring is then a few small matrix products: for every scale the sum of
its answered items, what reversals add to it, what it is divided by, and how many there were. Sums of whole numbers stay
exact in floating point, and whatever is not whole is rounded beyond any use, so that neither the order of the items nor
the size of the batch changes a score, and 0.1 + 0.2 reaches a cut-off of 0.3.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assessments.definition import ChoiceItem, DecimalItem, Definition, Item, MultipleChoiceItem, Scale

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Slot = tuple[str, str]
"""An item, and the item that must be answered too for it to count: itself where nothing else must."""

SCORING_VERSION = 1
"""Raised by one whenever the same answers could score differently; every stored score names the version it came from.

To raise it: change the rules and the number in one commit, say in the changelog which scores differ and why, and after
the release run ``manage.py rescore``. It adds scores under the new number and leaves the old ones as the record of what
was seen at the time; readers take the newest of each scale (``queries.latest_scores``), so that nothing is missing in
between. Rescoring tells no receiver: findings are judged anew with the next answers, or when somebody asks for it.
"""

DECIMALS = 9
"""What scores that need not be whole are rounded to, below any answer's six."""

_ROWS_AT_ONCE = 512
"""Rows scored together in a batch: enough to amortise numpy's calls, few enough that the matrix products stay on one
thread. Longer ones wake the BLAS threads, which cost ten times the processor time when the cores are busy."""


class ScaleScore(NamedTuple):
    """One scale of one response: ``value`` is None where too little was answered.

    ``answered`` of ``total`` items (or complete pairs) went into it, those of its scales into a total's; ``prorated``
    says that some were missing. ``sem`` is in the score's own points, None where none is known.
    """

    scale: str
    value: float | None
    answered: int
    total: int
    prorated: bool
    sem: float | None


class ScoreTable(NamedTuple):
    """Scores of many responses: arrays of shape (responses, scales), NaN where a scale cannot be computed."""

    value: Floats
    answered: NDArray[np.int64]
    prorated: NDArray[np.bool_]

    def rows(self, part: slice) -> "ScoreTable":
        return ScoreTable(self.value[part], self.answered[part], self.prorated[part])


class Total(NamedTuple):
    """A scale of scales: its column, the columns of its parts, and how much a point of each counts."""

    column: int
    parts: Indices
    weights: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A definition as arrays.

    ``items``: the columns of the answer matrix. ``recoded``: what reads the answers that are not their own points, by
    column. ``column`` and ``counterpart``: the columns of each slot. ``weight``, ``constant``, ``share``, ``member``:
    (slots, scales), so that a scale's value is ``(answers @ weight + answered @ constant) / (answered @ share)``, of
    ``answered @ member`` items. ``minimum``, ``total``: one number a scale; no number of items is enough for one that
    counts scales. ``rounded``: the scales whose scores need not be whole before the division.
    """

    scales: tuple[Scale, ...]
    items: tuple[str, ...]
    recoded: Mapping[int, Callable[[Any], float | None]]
    column: Indices
    counterpart: Indices
    weight: Floats
    constant: Floats
    share: Floats
    member: Floats
    minimum: Floats
    total: NDArray[np.int64]
    totals: tuple[Total, ...]
    rounded: Indices

    @property
    def has_pairs(self) -> bool:
        return bool(np.any(self.column != self.counterpart))


@lru_cache(maxsize=64)
def compile_definition(definition: Definition) -> Compiled:
    """The arrays that score this definition; computed once per digest."""
    slots = tuple(dict.fromkeys(slot for scale in definition.scales for slot in _slots_of(definition, scale)))
    items = tuple(dict.fromkeys(item for slot in slots for item in slot))
    columns = {item: number for number, item in enumerate(items)}
    weight, constant, share, member = _rules(definition, slots)
    minimum = [scale.minimum if scale.items else np.inf for scale in definition.scales]
    return Compiled(
        scales=definition.scales,
        items=items,
        recoded=_recoded(definition, items),
        column=np.array([columns[item] for item, _ in slots], dtype=np.intp),
        counterpart=np.array([columns[other] for _, other in slots], dtype=np.intp),
        weight=weight,
        constant=constant,
        share=share,
        member=member,
        minimum=np.array(minimum, dtype=float),
        total=np.array([_total_of(definition, scale) for scale in definition.scales], dtype=np.int64),
        totals=tuple(_totals(definition)),
        rounded=np.flatnonzero([not _is_whole(definition, scale) for scale in definition.scales]),
    )


def answer_matrix(definition: Definition, responses: Iterable[Mapping[str, Any]]) -> Floats:
    """What the answers count, as ``score_matrix`` reads it: a row a response, a column per ``Compiled.items``.

    Absent and declined answers and empty choices are NaN. Clean answers first (``answers.py``): KeyError for a choice
    that is none of the item's options.
    """
    compiled = compile_definition(definition)
    rows = [[answers.get(item) for item in compiled.items] for answers in responses]
    for column, points in compiled.recoded.items():
        for row in rows:
            row[column] = points(row[column])
    return np.array(rows, dtype=float).reshape(len(rows), len(compiled.items))


def score_matrix(definition: Definition, matrix: Floats) -> ScoreTable:
    """Score every row of an answer matrix; NaN is missing and never counts as an answer."""
    compiled = compile_definition(definition)
    shape = (len(matrix), len(compiled.scales))
    table = ScoreTable(np.empty(shape), np.empty(shape, dtype=np.int64), np.empty(shape, dtype=bool))
    for start in range(0, len(matrix), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        _score_rows(compiled, matrix[rows], table.rows(rows))
    return table


def score_response(definition: Definition, answers: Mapping[str, Any]) -> tuple[ScaleScore, ...]:
    """The scores of one response, in the order of the definition's scales."""
    (scores,) = score_responses(definition, [answers])
    return scores


def score_responses(definition: Definition, responses: Iterable[Mapping[str, Any]]) -> Iterator[tuple[ScaleScore, ...]]:
    """The scores of each response, all computed at once."""
    compiled = compile_definition(definition)
    table = score_matrix(definition, answer_matrix(definition, responses))
    totals = compiled.total.tolist()
    for values, answered, prorated in zip(*(part.tolist() for part in table), strict=True):
        yield tuple(
            ScaleScore(
                scale=scale.id,
                value=value if value == value else None,  # noqa: PLR0124 - NaN is the one value that differs from itself
                answered=count,
                total=total,
                prorated=gaps,
                sem=_standard_error(scale, count, total, prorated=gaps),
            )
            for scale, value, count, total, gaps in zip(
                compiled.scales, values, answered, totals, prorated, strict=True
            )
        )


def _standard_error(scale: Scale, answered: int, total: int, *, prorated: bool) -> float | None:
    """That of the full scale; a score made of fewer items is as much less sure as parallel items would make it.

    SEM · √(total / answered): errors of items that are alike add up as their number's root (Lord and Novick 1968), and
    prorating blows them up with the score. That the items left open might stand elsewhere than the others comes on top.
    """
    return scale.sem * sqrt(total / answered) if scale.sem and prorated and answered else scale.sem


def _score_rows(compiled: Compiled, matrix: Floats, into: ScoreTable) -> None:
    """Scales of items first, then the totals made of them."""
    answers = matrix.take(compiled.column, axis=1)
    counted = ~np.isnan(answers)
    if compiled.has_pairs:
        counted &= ~np.isnan(matrix.take(compiled.counterpart, axis=1))
    answers[~counted] = 0.0
    present = counted.astype(float)
    count = present @ compiled.member
    enough = count >= compiled.minimum
    points = answers @ compiled.weight + present @ compiled.constant
    into.value[:] = np.divide(points, present @ compiled.share, out=np.full(points.shape, np.nan), where=enough)
    into.answered[:] = count
    into.prorated[:] = enough & (count < compiled.total)
    _round(compiled, into)
    for total in compiled.totals:
        _add_up(total, into)


def _round(compiled: Compiled, into: ScoreTable) -> None:
    if compiled.rounded.size:
        into.value[:, compiled.rounded] = np.round(into.value[:, compiled.rounded], DECIMALS)


def _add_up(total: Total, into: ScoreTable) -> None:
    """A part that cannot be computed (NaN) leaves no total; a prorated one makes it prorated."""
    value = np.round(into.value[:, total.parts] @ total.weights, DECIMALS)
    into.value[:, total.column] = value
    into.answered[:, total.column] = into.answered[:, total.parts].sum(axis=1)
    into.prorated[:, total.column] = into.prorated[:, total.parts].any(axis=1) & ~np.isnan(value)


# --- Compiling ------------------------------------------------------------------------------------


def _slots_of(definition: Definition, scale: Scale) -> list[Slot]:
    if scale.complete_pairs is None:
        return [(item, item) for item in scale.items]
    mirror = definition.mirror(scale.complete_pairs)
    return [(item, mirror.counterpart(item)) for item in scale.items]


def _rules(definition: Definition, slots: tuple[Slot, ...]) -> Floats:
    """``Compiled``'s weight, constant, share and member, stacked."""
    row = {slot: number for number, slot in enumerate(slots)}
    rules = np.zeros((4, len(slots), len(definition.scales)))
    for number, scale in enumerate(definition.scales):
        for slot in _slots_of(definition, scale):
            rules[:, row[slot], number] = _rule(definition, scale, slot[0])
    return rules


def _rule(definition: Definition, scale: Scale, item: str) -> tuple[float, float, float, float]:
    """How much a point of this item counts, what it adds when answered, its share of the divisor, and that it counts.

    POMP: 100 * (mean - min) / (max - min), of the answered items. A sum is a weighted one in which all weigh the same.
    """
    low, high = definition.ends(definition.item(item)) or (0.0, 0.0)  # an item without ends is not reversed
    sign, turn = (-1, low + high) if item in scale.reversed else (1, 0.0)
    if scale.kind == "pomp":
        return sign * 100, (turn - low) * 100, high - low, 1
    weight = scale.weights.get(item, 1.0)
    if scale.kind == "mean":
        times, share = scale.factor, 1.0
    elif scale.minimum < len(scale.items):
        times, share = scale.factor * sum(scale.weights.get(other, 1.0) for other in scale.items), weight
    else:  # nothing is prorated, so weights may be zero or below
        times, share = scale.factor * len(scale.items), 1.0
    return sign * weight * times, turn * weight * times, share, 1


def _totals(definition: Definition) -> Iterator[Total]:
    column = {scale.id: number for number, scale in enumerate(definition.scales)}
    for scale in definition.scales:
        if scale.scales:
            times = scale.factor / (len(scale.scales) if scale.kind == "mean" else 1)
            weights = [scale.weights.get(part, 1.0) * times for part in scale.scales]
            yield Total(column[scale.id], np.array([column[part] for part in scale.scales]), np.array(weights))


def _total_of(definition: Definition, scale: Scale) -> int:
    """How many items a scale counts, itself or by its scales."""
    return len(scale.items) + sum(len(definition.scale(part).items) for part in scale.scales)


def _is_whole(definition: Definition, scale: Scale) -> bool:
    """Whether all that is added up is whole numbers. A total, whose parts may be anything, is rounded on its own."""
    items = [definition.item(item) for item in scale.items]
    points = [option.points for item in items for option in definition.options(item)]
    numbers = (scale.factor, *scale.weights.values(), *points)
    return all(float(number).is_integer() for number in numbers) and not any(
        isinstance(item, DecimalItem) for item in items
    )


def _recoded(definition: Definition, items: tuple[str, ...]) -> dict[int, Callable[[Any], float | None]]:
    readers = (_reader(definition, definition.item(item)) for item in items)
    return {column: reader for column, reader in enumerate(readers) if reader is not None}


def _reader(definition: Definition, item: Item) -> Callable[[Any], float | None] | None:
    """What an answer counts; None where every answer is its own points, as it is with most questionnaires."""
    if isinstance(item, MultipleChoiceItem) or (isinstance(item, ChoiceItem) and item.own_words):
        return lambda answer: definition.points(item, answer)
    counts = {option.value: option.points for option in definition.options(item)}
    if isinstance(item, ChoiceItem) and any(value != points for value, points in counts.items()):
        return lambda value: None if value is None else counts[value]
    return None
