"""The current estimate of a tracked quantity: a two-state Kalman filter, vectorised. Pure.

One answer is a noisy, biased look at where a person or a couple stands. The state is

    level   where they stand now; wanders, so that its variance grows with the days between two waves
    bias    how this reporter's view differs from it; stable, so that more waves can't average it away

and one observation is ``level + loading * bias + offset + error``. Leaving the bias out of the state makes the
stated probabilities too sure. (Kalman 1960; the scalar-observation update of a local level model, Harvey 1989.)

All values are in points of the scale (0-100) or of the gap (-100 to 100), variances in points squared, time in days.
Arrays are one history ``(waves,)`` or many ``(histories, waves)``; NaN is a wave without an observation.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

ONE_REPORT_LOADING = math.sqrt(2)
"""One report's bias has twice the variance of the mean of two: it loads on the couple's bias by the root of 2."""


@dataclass(frozen=True, slots=True)
class TrackingModel:
    """What is believed before the first wave, and how fast a level wanders.

    ``drift_variance`` is the growth of the level's variance per 14 days. ``offset`` is the expected
    difference between a report and the level, for example that people see themselves giving more.
    """

    prior_mean: float
    prior_variance: float = 400.0
    bias_variance: float = 64.0
    drift_variance: float = 9.0
    offset: float = 0.0


SCALE = TrackingModel(prior_mean=50.0)
RESPONDENT_GAP = TrackingModel(prior_mean=0.0, bias_variance=128.0, offset=8.0)
COUPLE_INDEX = TrackingModel(prior_mean=0.0)
DRIFT_DAYS = 14.0


class Observations(NamedTuple):
    """What was seen, per wave: all arrays of one shape, or scalars that hold for every wave."""

    value: Floats
    error_variance: Floats
    loading: Floats
    offset: Floats


@dataclass(frozen=True, slots=True)
class Estimate:
    """The filtered level after each wave, with what was known by then: arrays of the observations' shape."""

    mean: Floats
    variance: Floats

    def probability_above(self, size: float) -> Floats:
        """P(level > size) after each wave."""
        return normal_cdf((self.mean - size) / np.sqrt(self.variance))

    def probability_below(self, size: float) -> Floats:
        """P(level < size) after each wave."""
        return normal_cdf((size - self.mean) / np.sqrt(self.variance))

    def band(self, z: float = 1.96) -> tuple[Floats, Floats]:
        """The lower and upper edge of the estimate's band, for charts."""
        half = z * np.sqrt(self.variance)
        return self.mean - half, self.mean + half


def estimate(
    days: ArrayLike,
    observed: ArrayLike,
    error_variance: ArrayLike,
    model: TrackingModel,
    *,
    loading: ArrayLike = 1.0,
    offset: ArrayLike | None = None,
) -> Estimate:
    """Filter one history or many.

    ``days``: when each wave was, in days from any fixed day, never decreasing; shape (waves,) or as ``observed``.
    ``observed``: shape (waves,) or (histories, waves), NaN where nothing was observed. ``error_variance`` (SEM
    squared), ``loading`` and ``offset`` (default: the model's) broadcast to it. The variances must be above zero.
    Returns the estimate in the shape of ``observed``. ValueError when days decrease or a variance is not positive.
    """
    value = np.asarray(observed, dtype=float)
    expected = model.offset if offset is None else offset
    seen = _observations(value, error_variance, loading, expected)
    gaps = _gaps(np.broadcast_to(np.asarray(days, dtype=float), value.shape))
    return _filter(seen, gaps * (model.drift_variance / DRIFT_DAYS), model)


def pool_reports(
    first: ArrayLike, second: ArrayLike, error_variance: float, *, offset_first: float, offset_second: float
) -> Observations:
    """Two reports on one level as one observation per wave; where one is missing, the other alone, noisier.

    ``first`` and ``second``: the same quantity seen by each, in the same direction (one partner's gap G - V, and
    minus the other's), NaN when missing; ``error_variance`` and the expected offsets are those of one report.
    Both: the mean, half the error variance, loading 1. One: its own value, error and offset, loading root 2.
    """
    reports = np.stack(np.broadcast_arrays(np.asarray(first, dtype=float), np.asarray(second, dtype=float)))
    there = ~np.isnan(reports)
    number = there.sum(axis=0)
    offsets = np.stack([np.full(number.shape, offset_first), np.full(number.shape, offset_second)])
    shares = np.maximum(number, 1)
    return Observations(
        value=np.where(number > 0, np.where(there, reports, 0.0).sum(axis=0) / shares, np.nan),
        error_variance=error_variance / shares,
        loading=np.where(number == 2, 1.0, ONE_REPORT_LOADING),
        offset=(offsets * there).sum(axis=0) / shares,
    )


def normal_cdf(z: Floats) -> Floats:
    """The standard normal distribution function, exact in both tails."""
    scaled = np.asarray(-z / math.sqrt(2), dtype=float)
    return np.asarray(np.frompyfunc(math.erfc, 1, 1)(scaled), dtype=float) / 2


def _observations(value: Floats, error_variance: ArrayLike, loading: ArrayLike, offset: ArrayLike) -> Observations:
    others: Sequence[ArrayLike] = (error_variance, loading, offset)
    error, load, shift = (np.broadcast_to(np.asarray(part, dtype=float), value.shape) for part in others)
    if np.any(~np.isnan(value) & ~(error > 0)):
        raise ValueError("the error variance of an observation must be above zero")
    return Observations(value, error, load, shift)


def _gaps(days: Floats) -> Floats:
    """Days since the wave before; the first wave has none."""
    gaps = np.diff(days, axis=-1, prepend=days[..., :1])
    if np.any(~(gaps >= 0)):
        raise ValueError("days must not decrease; give a wave without an observation NaN as its value")
    return gaps


def _filter(seen: Observations, drift: Floats, model: TrackingModel) -> Estimate:
    """The recursion over waves, element-wise over the histories; a missing wave only lets the level wander."""
    mean, variance = np.empty_like(seen.value), np.empty_like(seen.value)
    histories = seen.value.shape[:-1]
    level, bias = np.full(histories, model.prior_mean), np.zeros(histories)
    var_level, var_bias = np.full(histories, model.prior_variance), np.full(histories, model.bias_variance)
    cov = np.zeros(histories)
    for wave in range(seen.value.shape[-1]):
        var_level = var_level + drift[..., wave]
        load = seen.loading[..., wave]
        to_level, to_bias = var_level + load * cov, cov + load * var_bias
        total = to_level + load * to_bias + seen.error_variance[..., wave]
        surprise = seen.value[..., wave] - seen.offset[..., wave] - level - load * bias
        missing = np.isnan(surprise)
        surprise, weight = np.where(missing, 0.0, surprise), np.where(missing, 0.0, 1.0 / total)
        level, bias = level + to_level * weight * surprise, bias + to_bias * weight * surprise
        var_level, var_bias = var_level - to_level**2 * weight, var_bias - to_bias**2 * weight
        cov = cov - to_level * to_bias * weight
        mean[..., wave], variance[..., wave] = level, var_level
    return Estimate(mean, variance)
