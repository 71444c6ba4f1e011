"""The two-state filter: exact against linear algebra, and as good as the design says it is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.tracking import (
    COUPLE_INDEX,
    RESPONDENT_GAP,
    SCALE,
    Estimate,
    Floats,
    TrackingModel,
    estimate,
    normal_cdf,
)

FORTNIGHTS = np.arange(12) * 14.0
COUPLE_ERROR = 144.0
"""SE(OS)² with a SEM of 12 on each of the four scales: (½ √(4 · 144))²."""


def by_regression(days, observed, error_variance, model) -> tuple[float, float]:
    """The same estimate from one big normal distribution: levels, bias and errors are jointly Gaussian."""
    days, observed = np.asarray(days, dtype=float), np.asarray(observed, dtype=float)
    elapsed = days - days[0]
    levels = model.prior_variance + np.minimum.outer(elapsed, elapsed) * model.drift_variance / 14
    seen = ~np.isnan(observed)
    if not seen.any():
        return model.prior_mean, levels[-1, -1]
    cov = levels[np.ix_(seen, seen)] + model.bias_variance + error_variance * np.eye(seen.sum())
    weights = np.linalg.solve(cov, levels[-1, seen])
    surprise = observed[seen] - model.prior_mean - model.offset
    return model.prior_mean + weights @ surprise, levels[-1, -1] - weights @ levels[-1, seen]


values = st.one_of(st.just(math.nan), st.floats(-100, 100))


@given(
    waves=st.lists(st.tuples(st.floats(0, 90), values), min_size=1, max_size=8),
    model=st.sampled_from([SCALE, RESPONDENT_GAP, COUPLE_INDEX]),
)
def test_it_is_the_best_linear_estimate(waves, model):
    days = np.cumsum([gap for gap, _ in waves])
    observed = [value for _, value in waves]
    result = estimate(days, observed, 144.0, model)
    mean, variance = by_regression(days, observed, 144.0, model)
    assert (result.mean[-1], result.variance[-1]) == (pytest.approx(mean), pytest.approx(variance))


@given(histories=st.lists(st.lists(values, min_size=4, max_size=4), min_size=1, max_size=5))
def test_many_histories_come_out_as_each_alone(histories):
    days = [0, 7, 21, 60]
    together = estimate(days, histories, 288.0, RESPONDENT_GAP)
    alone = [estimate(days, history, 288.0, RESPONDENT_GAP) for history in histories]
    np.testing.assert_allclose(together.mean, [one.mean for one in alone])
    np.testing.assert_allclose(together.variance, [one.variance for one in alone])


def test_the_first_wave_by_hand():
    """Prior 400, bias 64, error 144: the gain is 400/608; 30 points become 19.74 with variance 136.84."""
    result = estimate([0], [30.0], 144.0, COUPLE_INDEX)
    assert result.mean.tolist() == [pytest.approx(30 * 400 / 608)]
    assert result.variance.tolist() == [pytest.approx(400 - 400**2 / 608)]


def test_the_expected_offset_is_taken_off():
    assert estimate([0], [8.0], 288.0, RESPONDENT_GAP).mean.tolist() == [0.0]


def test_a_missing_wave_keeps_the_level_and_widens_the_band():
    result = estimate([0, 14], [30.0, math.nan], 144.0, COUPLE_INDEX)
    assert result.mean[1] == result.mean[0]
    assert result.variance[1] == pytest.approx(result.variance[0] + 9)


def test_more_waves_cannot_average_the_bias_away():
    still = TrackingModel(prior_mean=0.0, drift_variance=0.0)
    result = estimate(np.arange(10_000), np.full(10_000, 30.0), 144.0, still)
    assert result.variance[-1] == pytest.approx(400 * 64 / (400 + 64), abs=0.1)


def test_unequal_errors_weigh_unequally():
    result = estimate([0, 14], [[20.0, -20.0], [20.0, -20.0]], [[10.0, 1000.0], [1000.0, 10.0]], COUPLE_INDEX)
    assert result.mean[0, 1] > 0 > result.mean[1, 1]


@pytest.mark.parametrize("error_variance", [0.0, -1.0, math.nan])
def test_an_observation_without_error_is_refused(error_variance):
    with pytest.raises(ValueError, match="above zero"):
        estimate([0], [1.0], error_variance, SCALE)


@pytest.mark.parametrize("days", [[14, 0], [0, math.nan]])
def test_time_runs_forward(days):
    with pytest.raises(ValueError, match="must not decrease"):
        estimate(days, [1.0, 2.0], 144.0, SCALE)


def test_probabilities_and_band():
    result = Estimate(np.array([15.0, 31.45]), np.array([100.0, 100.0]))
    assert result.probability_above(15).tolist() == [0.5, pytest.approx(0.95, abs=1e-4)]
    assert result.probability_below(15).tolist() == [0.5, pytest.approx(0.05, abs=1e-4)]
    low, high = result.band()
    assert (low[0], high[0]) == (pytest.approx(-4.6), pytest.approx(34.6))


def test_the_normal_distribution_keeps_its_tails():
    assert normal_cdf(np.array([-10.0, 0.0, 1.959964])).tolist() == [
        pytest.approx(7.61985e-24, rel=1e-5),
        0.5,
        pytest.approx(0.975, abs=1e-7),
    ]


# --- The simulation in the design -----------------------------------------------------------------
# Biweekly waves of a couple index from two reports of SEM 12 and a stable perception bias of SD 8, one wave in ten
# missing; healthy couples' gaps have an SD of 8 around none, one-sided couples' an SD of 8 around 35.

COUPLES = 6000


def simulated(rng: np.random.Generator, gaps: Floats, missing: float = 0.1) -> Floats:
    """Two-way waves of couples whose true gaps are these, (couples,) or (couples, waves)."""
    bias = rng.normal(0, 8, (len(gaps), 1))
    observed = gaps.reshape(len(gaps), -1) + bias + rng.normal(0, 12, (len(gaps), len(FORTNIGHTS)))
    return np.where(rng.random(observed.shape) < missing, math.nan, observed)


def raised_by(gaps: Floats, *, wave: int, probability: float, rng: np.random.Generator) -> float:
    """The share of couples whose gap was at some wave up to this one surely enough beyond 15, to either side."""
    result = estimate(FORTNIGHTS, simulated(rng, gaps), COUPLE_ERROR, COUPLE_INDEX)
    surest = np.maximum(result.probability_above(15), result.probability_below(-15))
    return float((surest[:, :wave] >= probability).any(axis=1).mean())


@pytest.mark.parametrize(("probability", "share"), [(0.80, 0.08), (0.90, 0.03)])
def test_few_healthy_couples_are_raised_in_twelve_waves(probability, share):
    rng = np.random.default_rng(20261101)
    healthy = rng.normal(0, 8, COUPLES)
    assert raised_by(healthy, wave=12, probability=probability, rng=rng) == pytest.approx(share, abs=0.015)


@pytest.mark.parametrize(("wave", "share"), [(4, 0.74), (12, 0.87)])
def test_most_one_sided_couples_are_raised(wave, share):
    rng = np.random.default_rng(20261102)
    one_sided = rng.normal(35, 8, COUPLES)
    assert raised_by(one_sided, wave=wave, probability=0.80, rng=rng) == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("stated", [0.25, 0.50, 0.75, 0.90])
@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_stated_probabilities_match_the_truth(stated, missing):
    """Gaps drawn as the filter believes them: of the waves said to be .75, about .75 are beyond 15."""
    rng = np.random.default_rng(20261103)
    steps = np.concatenate([rng.normal(0, 20, (40_000, 1)), rng.normal(0, 3, (40_000, 11))], axis=1)
    gaps = steps.cumsum(axis=1)
    result = estimate(FORTNIGHTS, simulated(rng, gaps, missing), COUPLE_ERROR, COUPLE_INDEX)
    said_so = np.abs(result.probability_above(15) - stated) < 0.025
    assert (gaps[said_so] > 15).mean() == pytest.approx(stated, abs=0.02)
