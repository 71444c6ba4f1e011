"""The current estimate of a tracked quantity: a two-state Kalman filter, vectorised. Pure.

One answer is a noisy, biased look at where a person or a couple stands. The state is

    level   where they stand now; wanders, so that its variance grows with the days between two waves
    bias    how the observer's view differs from it; stable, so that more waves can't average it away

and one observation is ``level + bias + offset + error``. Leaving the bias out of the state makes the stated
probabilities too sure. (Kalman 1960; the scalar-observation update of a local level model, Harvey 1989.)

One history has one observer: a person, or a couple that always reports together. Where now one partner and now both
report, each needs a bias of their own; a single one would be learned from the change of observers.

All values are in points of the scale (0-100) or of the gap (-100 to 100), variances in points squared, time in days.
Arrays are one history ``(waves,)`` or many ``(histories, waves)``; NaN is a wave without an observation.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


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


def estimate(days: ArrayLike, observed: ArrayLike, error_variance: ArrayLike, model: TrackingModel) -> Estimate:
    """Filter one history or many.

    ``days``: when each wave was, in days from any fixed day, never decreasing; shape (waves,) or as ``observed``.
    ``observed``: shape (waves,) or (histories, waves), NaN where nothing was observed. ``error_variance``: the SEM
    squared, above zero, of each observation or of all. Returns the estimate in the shape of ``observed``.
    ValueError when days decrease or an observation's variance is not positive.
    """
    value = np.asarray(observed, dtype=float)
    error = np.broadcast_to(np.asarray(error_variance, dtype=float), value.shape)
    if np.any(~np.isnan(value) & ~(error > 0)):
        raise ValueError("the error variance of an observation must be above zero")
    gaps = _gaps(np.broadcast_to(np.asarray(days, dtype=float), value.shape))
    return _filter(value - model.offset, error, gaps * (model.drift_variance / DRIFT_DAYS), model)


def normal_cdf(z: Floats) -> Floats:
    """The standard normal distribution function, exact in both tails."""
    scaled = np.asarray(-z / math.sqrt(2), dtype=float)
    return np.asarray(np.frompyfunc(math.erfc, 1, 1)(scaled), dtype=float) / 2


def _gaps(days: Floats) -> Floats:
    """Days since the wave before; the first wave has none."""
    gaps = np.diff(days, axis=-1, prepend=days[..., :1])
    if np.any(~(gaps >= 0)):
        raise ValueError("days must not decrease; give a wave without an observation NaN as its value")
    return gaps


def _filter(value: Floats, error: Floats, drift: Floats, model: TrackingModel) -> Estimate:
    """The recursion over waves, element-wise over the histories; a missing wave only lets the level wander."""
    mean, variance = np.empty_like(value), np.empty_like(value)
    histories = value.shape[:-1]
    level, bias = np.full(histories, model.prior_mean), np.zeros(histories)
    var_level, var_bias = np.full(histories, model.prior_variance), np.full(histories, model.bias_variance)
    cov = np.zeros(histories)
    for wave in range(value.shape[-1]):
        var_level = var_level + drift[..., wave]
        to_level, to_bias = var_level + cov, cov + var_bias
        surprise = value[..., wave] - level - bias
        missing = np.isnan(surprise)
        surprise = np.where(missing, 0.0, surprise)
        weight = np.where(missing, 0.0, 1 / (to_level + to_bias + error[..., wave]))
        level, bias = level + to_level * weight * surprise, bias + to_bias * weight * surprise
        var_level, var_bias = var_level - to_level**2 * weight, var_bias - to_bias**2 * weight
        cov = cov - to_level * to_bias * weight
        mean[..., wave], variance[..., wave] = level, var_level
    return Estimate(mean, variance)
