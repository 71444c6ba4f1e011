"""How answers become a score, and what is known about a score: its error, bands, cut-offs and norms. Pure.

The texts in here are for staff: they need not be in every language that the questionnaire is asked in.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from assessments.definition.base import LARGEST, Identifier, Number, Positive, Strict, Texts
from assessments.definition.conditions import COMPARE, Comparison

Direction = Literal["higher_is_worse", "higher_is_better", "neutral"]
ScaleKind = Literal["pomp", "sum", "mean", "weighted"]


class Uncertainty(Strict):
    """The standard error of measurement, in points of the scale, and where the number comes from.

    SEM = SD * sqrt(1 - reliability); where all three are given they agree. ``population``: whom it was estimated in.
    """

    sem: Positive
    sd: Positive | None = None
    reliability: float | None = Field(default=None, ge=0, lt=1)
    population: Texts | None = None
    source: Texts


class Band(Strict):
    """A range of scores with a name, from ``at_least`` up to the next band."""

    at_least: Number
    label: Texts


class Cutoff(Strict):
    """Where a score stops being ordinary: ``comparison`` and ``value`` describe the clinical side."""

    comparison: Comparison
    value: Number
    label: Texts
    source: Texts

    def is_clinical(self, score: float) -> bool:
        return COMPARE[self.comparison](score, self.value)


class ReliableChange(Strict):
    """A published smallest change, in points, that error alone does not explain: used where no SEM is known."""

    points: Positive
    source: Texts


class Norm(Strict):
    """How a group of people scored; cut-offs and reliable change hold for that group only."""

    group: Literal["clinical", "general"]
    population: Texts
    mean: Number
    sd: Positive
    size: int | None = Field(default=None, ge=1, le=LARGEST)
    source: Texts


class Scale(Strict):
    """Items, or other scales, scored together.

    A reversed item counts as its least plus its most, minus the answer. Of the answered items:

    - ``pomp``: the percent of maximum possible, 0-100 (Cohen et al. 1999): 100 * (mean - min) / (max - min); the
      items share one range
    - ``mean``: their mean
    - ``sum``: their mean times the number of items
    - ``weighted``: their mean weighted by ``weights``, times the sum of all weights

    and each but pomp times ``factor``. ``minimum`` answered items are needed; without ``prorate`` all of them are.
    Where ``complete_pairs`` names a mirror, an item counts only when its counterpart is answered too, and ``minimum``
    counts complete pairs. A total names ``scales`` instead of items and needs all of them.
    Of several ``cutoffs`` the first is the one that change is judged by.
    """

    id: Identifier
    title: Texts
    kind: ScaleKind
    items: tuple[Identifier, ...] = ()
    scales: tuple[Identifier, ...] = ()
    reversed: tuple[Identifier, ...] = ()
    weights: dict[Identifier, Number] = {}
    factor: Number = 1.0
    minimum: int = Field(ge=1, le=LARGEST)
    prorate: bool = True
    complete_pairs: Identifier | None = None
    direction: Direction
    uncertainty: Uncertainty | None = None
    bands: tuple[Band, ...] = ()
    cutoffs: tuple[Cutoff, ...] = ()
    reliable_change: ReliableChange | None = None
    norms: tuple[Norm, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The ids of what is scored together: items, or the scales of a total."""
        return self.items or self.scales

    @property
    def sem(self) -> float | None:
        return self.uncertainty.sem if self.uncertainty else None

    def band(self, score: float) -> Band | None:
        """The band that a score lies in, None below the first one."""
        return next((band for band in reversed(self.bands) if score >= band.at_least), None)


def span_of(scale: Scale, ends: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The ends of a mean, sum or weighted score whose parts have these ends, in the order of ``scale.parts``."""
    weights = [scale.weights.get(part, 1.0) * scale.factor for part in scale.parts]
    if scale.kind == "mean":
        corners = [scale.factor * end for pair in ends for end in pair]
        return min(corners), max(corners)
    spans = [sorted((weight * low, weight * high)) for weight, (low, high) in zip(weights, ends, strict=True)]
    return sum(low for low, _ in spans), sum(high for _, high in spans)
