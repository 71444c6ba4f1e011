"""One tracked quantity over a history: what was observed, and the estimate after each wave."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from assessments.tracking import TrackingModel, estimate
from counseling.patterns.base import History, Member, Missing, NotComputed, Report
from counseling.patterns.gap_filter import estimate_gap
from counseling.patterns.thresholds import Rule, Thresholds

BAND_Z = 1.96


@dataclass(frozen=True, slots=True)
class Observed:
    """One member's values, wave by wave; NaN where there is none, and then why in ``missing``."""

    member: Member
    values: list[float]
    error_variances: list[float]
    missing: tuple[NotComputed, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """The estimate of a level after each wave, with who had something to say about it in that wave."""

    reporters: list[tuple[Member, ...]]
    means: list[float]
    deviations: list[float]

    @property
    def waves_seen(self) -> list[int]:
        """Positions of the waves that had something to say."""
        return [position for position, members in enumerate(self.reporters) if members]

    def informants(self, position: int) -> set[Member]:
        """Who had reported by then; while nobody has, the estimate is only what was believed before."""
        return {member for members in self.reporters[: position + 1] for member in members}

    def probability_above(self, size: float, position: int) -> float:
        """P(level > size) after that wave."""
        return math.erfc((size - self.means[position]) / (self.deviations[position] * math.sqrt(2))) / 2

    def clears_below(self, rule: Rule, position: int) -> float:
        """The estimate under which, as sure as after that wave, the probability lies below ``rule.clear_below``."""
        return rule.size + NormalDist().inv_cdf(rule.clear_below) * self.deviations[position]

    def toward(self, member: Member) -> Track:
        """A gap that is positive when a gives more, seen as positive when this member does."""
        return self if member == "a" else Track(self.reporters, [-mean for mean in self.means], self.deviations)


def observe_scale(history: History, member: Member, scale: str, thresholds: Thresholds) -> Observed:
    """The member's scores on one scale."""
    return _observe(history, member, (scale,), thresholds)


def observe_gap(history: History, member: Member, thresholds: Thresholds) -> Observed:
    """The member's own gap, giving less receiving."""
    return _observe(history, member, ("giving", "receiving"), thresholds)


def track_scales(history: History, observed: Sequence[Observed], thresholds: Thresholds) -> list[Track]:
    """Filter several series of one history at once."""
    numbers = thresholds.tracking
    model = TrackingModel(
        prior_mean=numbers.scale_middle,
        prior_variance=numbers.prior_variance,
        bias_variance=numbers.scale_bias_variance,
        drift_variance=numbers.drift_variance,
    )
    values = np.array([series.values for series in observed])
    errors = np.array([series.error_variances for series in observed])
    found = estimate(history.days(), values, errors, model)
    means, deviations = found.mean.tolist(), np.sqrt(found.variance).tolist()
    return [Track(_reporters(series), *row) for series, *row in zip(observed, means, deviations, strict=True)]


def track_gap(history: History, by_a: Observed, by_b: Observed, thresholds: Thresholds) -> Track:
    """The couple's gap, positive when a gives more, from whoever reported."""
    found = estimate_gap(
        history.days(),
        (by_a.values, by_b.values),
        (by_a.error_variances, by_b.error_variances),
        thresholds.tracking,
    )
    return Track(_reporters(by_a, by_b), found.mean.tolist(), np.sqrt(found.variance).tolist())


def _reporters(*observed: Observed) -> list[tuple[Member, ...]]:
    waves = zip(*(series.values for series in observed), strict=True)
    return [
        tuple(series.member for series, value in zip(observed, values, strict=True) if not math.isnan(value))
        for values in waves
    ]


def standard_error(report: Report, scale: str, thresholds: Thresholds) -> float:
    """The score's own standard error of measurement, else the one that the thresholds assume for the scale."""
    own = report.scores[scale].sem
    assumed: float = getattr(thresholds.standard_errors, scale)
    return assumed if own is None else own


def _observe(history: History, member: Member, scales: tuple[str, ...], thresholds: Thresholds) -> Observed:
    values, errors, missing = [], [], []
    for wave in history.waves:
        reading = _reading(wave.report(member), scales, thresholds)
        if isinstance(reading, str):
            if member in history.members:
                missing.append(NotComputed(wave=wave.key, member=member, what=" - ".join(scales), why=reading))
            reading = math.nan, math.nan
        values.append(reading[0])
        errors.append(reading[1])
    return Observed(member, values, errors, tuple(missing))


def _reading(report: Report | None, scales: tuple[str, ...], thresholds: Thresholds) -> tuple[float, float] | Missing:
    """The first scale less the others with the variance of its error, or why there is none."""
    if report is None:
        return "no_report"
    if not report.valid:
        return "invalid_report"
    if any(scale not in report.scores for scale in scales):
        return "not_asked"
    values = [value for scale in scales if (value := report.scores[scale].value) is not None]
    if len(values) < len(scales):
        return "too_few_answers"
    return values[0] - sum(values[1:]), sum(standard_error(report, scale, thresholds) ** 2 for scale in scales)
