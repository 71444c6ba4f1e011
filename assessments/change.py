"""Has one person changed on one scale by more than its error? Pure.

All values are in the scale's own points. Everything given to one call is compared with everything else in it, so only
scores that mean the same belong together: another version of the instrument only where somebody decided that the two
can be compared. A reliable change is one that error alone would rarely bring about. It says nothing about its cause.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from statistics import fmean, median
from typing import Literal

from assessments.definition import Direction, Norm, Scale

RELIABLE_Z = 1.96
DIRECTION_FROM, SLOPE_FROM = 3, 4
"""From how many occasions on a trend has a direction, and from how many a slope."""

Category = Literal["recovered", "improved", "unchanged", "deteriorated", "crossed_only", "changed", "unknown"]
"""Jacobson and Truax's categories (1991), and three more.

``crossed_only``: to the other side of the cut-off, in either direction, by no more than error explains. ``changed``:
reliably, on a scale with no better or worse. ``unknown``: no error is known, so that nothing can be said.
"""

Heading = Literal["rising", "falling", "level"]
ErrorSource = Literal["sem", "points"]


@dataclass(frozen=True, slots=True)
class Point:
    """A computed score, its standard error where one is known, and its day. A score that could not be computed is none.

    Raises ValueError for a value that is no number or an error that is not above zero.
    """

    day: date
    value: float
    sem: float | None = None

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError("a score must be a number; leave out one that could not be computed")
        if self.sem is not None:
            _above_zero("a standard error", self.sem)


@dataclass(frozen=True, slots=True)
class Change:
    """From ``before`` to ``after``.

    ``error`` is what ``reliable`` rests on: the two standard errors, else the published points. Without either both are
    None, and so is ``rci`` without standard errors.
    """

    before: Point
    after: Point
    difference: float
    rci: float | None
    error: ErrorSource | None
    reliable: bool | None
    category: Category


@dataclass(frozen=True, slots=True)
class Trend:
    """Where a series is heading; ``slope`` and its standard ``error`` in points per day, None where not known."""

    occasions: int
    heading: Heading
    slope: float | None = None
    error: float | None = None

    @property
    def is_beyond_error(self) -> bool | None:
        """Whether error alone would rarely bring the slope about; None where there is no slope or no error is known."""
        if self.slope is None or self.error is None:
            return None
        return abs(self.slope) > RELIABLE_Z * self.error


# --- Error --------------------------------------------------------------------------------------


def standard_error(sd: float, reliability: float) -> float:
    """The standard error of measurement, SEM = SD · √(1 − r); ValueError unless SD > 0 and 0 ≤ r < 1."""
    _above_zero("a standard deviation", sd)
    if not 0 <= reliability < 1:
        raise ValueError(f"a reliability is from 0 to below 1, not {reliability}")
    return sd * math.sqrt(1 - reliability)


def band(
    value: float, sem: float, *, z: float = RELIABLE_Z, low: float = -math.inf, high: float = math.inf
) -> tuple[float, float]:
    """The lower and upper edge of X ± z · SEM, cut off at the ends of the scale."""
    half = z * _above_zero("a standard error", sem)
    return max(low, value - half), min(high, value + half)


def reliable_change_index(before: float, after: float, sem: float, sem_after: float | None = None) -> float:
    """RCI = (x₂ − x₁) / S_diff, with S_diff = √(SEM₁² + SEM₂²), which is √2 · SEM where both are the same.

    Jacobson and Truax (1991). ValueError unless the errors are above zero.
    """
    return (after - before) / _difference_error(sem, sem_after)


def reliable_change_criterion(sem: float, sem_after: float | None = None, *, z: float = RELIABLE_Z) -> float:
    """The points that a change has to exceed to be reliable, z · S_diff."""
    return z * _difference_error(sem, sem_after)


def _difference_error(sem: float, sem_after: float | None) -> float:
    return math.hypot(
        _above_zero("a standard error", sem),
        _above_zero("a standard error", sem if sem_after is None else sem_after),
    )


def _above_zero(what: str, number: float) -> float:
    if not 0 < number < math.inf:
        raise ValueError(f"{what} is a number above zero, not {number}")
    return number


# --- Cut-offs (Jacobson and Truax 1991) ---------------------------------------------------------


def cutoff_a(clinical: Norm, direction: Direction) -> float:
    """Two standard deviations from the clinical mean toward health. ValueError where no direction is healthier."""
    return clinical.mean + 2 * clinical.sd * _toward_health(direction)


def cutoff_b(general: Norm, direction: Direction) -> float:
    """Two standard deviations from the general mean away from health. ValueError where no direction is healthier."""
    return general.mean - 2 * general.sd * _toward_health(direction)


def cutoff_c(clinical: Norm, general: Norm) -> float:
    """Where a score is as far from one mean as from the other, each in its own standard deviations."""
    return (clinical.sd * general.mean + general.sd * clinical.mean) / (clinical.sd + general.sd)


def computed_cutoff(scale: Scale) -> float | None:
    """C where norms of both groups are known, the first of each, else A or B; None where there is none of them."""
    norms = {norm.group: norm for norm in reversed(scale.norms)}
    clinical, general = norms.get("clinical"), norms.get("general")
    if scale.direction == "neutral":
        return None
    if clinical and general:
        return cutoff_c(clinical, general)
    if clinical:
        return cutoff_a(clinical, scale.direction)
    return cutoff_b(general, scale.direction) if general else None


def _toward_health(direction: Direction) -> int:
    if direction == "neutral":
        raise ValueError("a neutral scale has no healthier end, so no such cut-off")
    return 1 if direction == "higher_is_better" else -1


def _clinical_side(scale: Scale) -> Callable[[float], bool] | None:
    """Whether a score is on the clinical side of the scale's first cut-off, else of the one that its norms give."""
    if scale.cutoffs:
        return scale.cutoffs[0].is_clinical
    cutoff = computed_cutoff(scale)
    if cutoff is None:
        return None
    return lambda score: (cutoff - score) * _toward_health(scale.direction) >= 0


# --- Change -------------------------------------------------------------------------------------


def compare(before: Point, after: Point, scale: Scale) -> Change:
    """The change between two scores on this scale, and its category."""
    difference = after.value - before.value
    rci = None
    if before.sem is not None and after.sem is not None:
        rci = reliable_change_index(before.value, after.value, before.sem, after.sem)
    error, reliable = _reliability(difference, rci, scale)
    return Change(
        before, after, difference, rci, error, reliable, _category(before.value, after.value, reliable, scale)
    )


def change_since_baseline(points: Iterable[Point], scale: Scale, *, baseline: date | None = None) -> Change | None:
    """The change from the baseline to the latest point; None as long as there are not both.

    The baseline is the first point, or the first one on or after the day of the one set as the new baseline.
    """
    series = sorted((point for point in points if baseline is None or point.day >= baseline), key=lambda one: one.day)
    return compare(series[0], series[-1], scale) if len(series) > 1 else None


def _reliability(difference: float, rci: float | None, scale: Scale) -> tuple[ErrorSource | None, bool | None]:
    """By the index, which has to exceed 1.96, else by the published points, which have to be reached."""
    if rci is not None:
        return "sem", abs(rci) > RELIABLE_Z
    if scale.reliable_change is not None:
        # Prorated scores that are exactly as many points apart may miss them by a rounding error.
        return "points", round(abs(difference), 9) >= scale.reliable_change.points
    return None, None


def _category(before: float, after: float, reliable: bool | None, scale: Scale) -> Category:
    if reliable is None:
        return "unknown"
    clinical = _clinical_side(scale)
    crossed = clinical is not None and clinical(before) != clinical(after)
    if not reliable:
        return "crossed_only" if crossed else "unchanged"
    if scale.direction == "neutral":
        return "changed"
    if (after > before) != (scale.direction == "higher_is_better"):
        return "deteriorated"
    return "recovered" if crossed else "improved"


# --- Trend --------------------------------------------------------------------------------------


def trend(days: Sequence[float], values: Sequence[float | None], *, sem: float | None = None) -> Trend | None:
    """The Theil-Sen trend (Theil 1950, Sen 1968): the median slope of all pairs of points, which few outliers bend.

    Missing values (None, NaN) are left out. Three occasions give a heading, four a slope with SE = SEM / √Σ(t − t̄)²:
    that of the least-squares slope, of which Theil-Sen's is under normal errors a little larger. Fewer give None.
    """
    both = zip(days, values, strict=True)
    seen = [(day, value) for day, value in both if value is not None and not math.isnan(value)]
    occasions = len({day for day, _ in seen})
    if occasions < DIRECTION_FROM:
        return None
    pairs = combinations(seen, 2)
    slope = median((later - sooner) / (to - since) for (since, sooner), (to, later) in pairs if to != since)
    heading: Heading = "rising" if slope > 0 else "falling" if slope < 0 else "level"
    if occasions < SLOPE_FROM:
        return Trend(occasions, heading)
    return Trend(occasions, heading, slope, None if sem is None else _slope_error([day for day, _ in seen], sem))


def _slope_error(days: list[float], sem: float) -> float:
    middle = fmean(days)
    return _above_zero("a standard error", sem) / math.hypot(*(day - middle for day in days))
