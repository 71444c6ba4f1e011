"""Scores for one response or a million: one vectorised implementation. Pure.

A definition is compiled once into index arrays. Scoring is then three small matrix products: for every scale the sum
of its answered items, the number of them, and the constant that reversals add. Sums of whole numbers stay exact in
floating point, so that neither the order of the items nor the size of the batch changes a score.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assessments.definition import Definition, Scale

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

SCORING_VERSION = 1
"""Raised whenever the same answers could score differently; every stored score names the version it came from."""

_ROWS_AT_ONCE = 512
"""Rows scored together in a batch: enough to amortise numpy's calls, few enough that the matrix products stay on one
thread. Longer ones wake the BLAS threads, which cost ten times the processor time when the cores are busy."""


class ScaleScore(NamedTuple):
    """One scale of one response: ``value`` is None where too little was answered.

    ``answered`` of ``total`` items (or complete pairs) went into it; ``prorated`` says that some were missing.
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


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A definition as arrays. A *slot* is one item as one kind of scale counts it.

    ``items``: the columns of the answer matrix. ``column``: slot → column. ``counterpart``: slot → the column that
    must be answered too (the slot's own where nothing else must). ``sign``, ``constant``, ``member``: (slots, scales),
    so that a scale's sum is ``answers @ sign + answered @ constant``. The rest is one number a scale.
    """

    scales: tuple[Scale, ...]
    items: tuple[str, ...]
    column: Indices
    counterpart: Indices
    sign: Floats
    constant: Floats
    member: Floats
    low: Floats
    span: Floats
    minimum: Floats
    total: Floats

    @property
    def has_pairs(self) -> bool:
        return bool(np.any(self.column != self.counterpart))


@lru_cache(maxsize=64)
def compile_definition(definition: Definition) -> Compiled:
    """The arrays that score this definition; computed once per digest."""
    slots = _slots(definition)
    items = tuple(dict.fromkeys(item for slot in slots for item in slot))
    columns = {item: number for number, item in enumerate(items)}
    ends = np.array([_ends(definition, scale) for scale in definition.scales], dtype=float).reshape(-1, 2)
    member, flipped = _membership(definition, slots)
    return Compiled(
        scales=definition.scales,
        items=items,
        column=np.array([columns[item] for item, _ in slots], dtype=np.intp),
        counterpart=np.array([columns[other] for _, other in slots], dtype=np.intp),
        sign=member - 2 * flipped,
        constant=flipped * ends.sum(axis=1),
        member=member,
        low=ends[:, 0],
        span=ends[:, 1] - ends[:, 0],
        minimum=np.array([scale.minimum for scale in definition.scales], dtype=float),
        total=np.array([len(scale.items) for scale in definition.scales], dtype=float),
    )


def answer_matrix(definition: Definition, responses: Iterable[Mapping[str, Any]]) -> Floats:
    """Answers as the matrix ``score_matrix`` reads: a row a response, a column per ``compile_definition().items``.

    Absent and declined answers are NaN. Answers are taken as given: clean them first (``answers.py``).
    """
    items = compile_definition(definition).items
    rows = [[answers.get(item) for item in items] for answers in responses]
    return np.array(rows, dtype=float).reshape(len(rows), len(items))


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
    table = score_matrix(definition, answer_matrix(definition, [answers]))
    rows = zip(definition.scales, *(part[0].tolist() for part in table), strict=True)
    return tuple(
        ScaleScore(
            scale=scale.id,
            value=value if value == value else None,  # noqa: PLR0124 - NaN is the one value that differs from itself
            answered=answered,
            total=len(scale.items),
            prorated=prorated,
            sem=scale.uncertainty.sem if scale.uncertainty else None,
        )
        for scale, value, answered, prorated in rows
    )


def _score_rows(compiled: Compiled, matrix: Floats, into: ScoreTable) -> None:
    """POMP: 100 * (mean - min) / (max - min) of the answered items, where there are enough of them."""
    answers = matrix.take(compiled.column, axis=1)
    counted = ~np.isnan(answers)
    if compiled.has_pairs:
        counted &= ~np.isnan(matrix.take(compiled.counterpart, axis=1))
    answers[~counted] = 0.0
    present = counted.astype(float)
    count = present @ compiled.member
    enough = count >= compiled.minimum
    total = answers @ compiled.sign + present @ compiled.constant
    points = 100 * (total - count * compiled.low)
    into.value[:] = np.divide(points, count * compiled.span, out=np.full(points.shape, np.nan), where=enough)
    into.answered[:] = count
    into.prorated[:] = enough & (count < compiled.total)


def _slots(definition: Definition) -> tuple[tuple[str, str], ...]:
    """Every (item, item that must be answered too) that some scale counts."""
    return tuple(dict.fromkeys(slot for scale in definition.scales for slot in _slots_of(definition, scale)))


def _slots_of(definition: Definition, scale: Scale) -> list[tuple[str, str]]:
    if scale.complete_pairs is None:
        return [(item, item) for item in scale.items]
    mirror = definition.mirror(scale.complete_pairs)
    return [(item, mirror.counterpart(item)) for item in scale.items]


def _membership(definition: Definition, slots: tuple[tuple[str, str], ...]) -> tuple[Floats, Floats]:
    """Two (slots, scales) matrices of 0 and 1: which scale counts the slot, and which counts it reversed."""
    row = {slot: number for number, slot in enumerate(slots)}
    member = np.zeros((len(slots), len(definition.scales)))
    flipped = np.zeros_like(member)
    for number, scale in enumerate(definition.scales):
        for slot in _slots_of(definition, scale):
            member[row[slot], number] = 1
            flipped[row[slot], number] = slot[0] in scale.reversed
    return member, flipped


def _ends(definition: Definition, scale: Scale) -> tuple[float, float]:
    ends = definition.ends(definition.item(scale.items[0]))
    assert ends is not None  # noqa: S101 - the definition's own rules see to it
    return ends
