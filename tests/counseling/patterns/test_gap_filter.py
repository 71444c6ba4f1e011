from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import ArrayLike

from assessments.tracking import COUPLE_INDEX, RESPONDENT_GAP, Estimate, Floats, estimate
from counseling.patterns.gap_filter import estimate_gap
from counseling.patterns.thresholds import Thresholds

NUMBERS = Thresholds().tracking
ERROR = 288.0
"""Of one report's gap: twice the SEM of 12, squared."""
reports = st.one_of(st.just(np.nan), st.floats(-100, 100))
histories = st.integers(1, 8).flatmap(
    lambda waves: st.tuples(*(st.lists(reports, min_size=waves, max_size=waves) for _ in "ab"))
)


def gap_of(seen_a: ArrayLike, seen_b: ArrayLike, days: ArrayLike | None = None) -> Estimate:
    days = np.arange(np.shape(seen_a)[-1]) * 14 if days is None else days
    errors = np.full(np.shape(seen_a), ERROR)
    return estimate_gap(days, (seen_a, seen_b), (errors, errors), NUMBERS)


def exact(seen_a: Floats, seen_b: Floats, days: ArrayLike) -> tuple[float, float]:
    """The posterior of the last wave's gap by one block of linear algebra, without any recursion."""
    days = np.asarray(days, dtype=float)
    waves = len(days)
    prior = np.zeros((waves + 2, waves + 2))
    prior[:waves, :waves] = NUMBERS.prior_variance + np.minimum.outer(days - days[0], days - days[0]) * 9 / 14
    prior[waves, waves] = NUMBERS.couple_bias_variance
    prior[waves + 1, waves + 1] = NUMBERS.gap_bias_variance - NUMBERS.couple_bias_variance
    mean = np.array([*[0.0] * waves, 0.0, NUMBERS.gap_offset])
    rows, values = [], []
    for sign, seen in ((1, seen_a), (-1, -np.asarray(seen_b))):
        for wave in np.flatnonzero(~np.isnan(seen)):
            row = np.zeros(waves + 2)
            row[np.array([int(wave), waves, waves + 1])] = 1, 1, sign
            rows.append(row)
            values.append(seen[wave])
    if not rows:
        return mean[waves - 1], prior[waves - 1, waves - 1]
    design = np.array(rows)
    gain = prior @ design.T @ np.linalg.inv(design @ prior @ design.T + ERROR * np.eye(len(rows)))
    posterior = prior - gain @ design @ prior
    return (mean + gain @ (np.array(values) - design @ mean))[waves - 1], posterior[waves - 1, waves - 1]


def test_one_wave_of_both_by_hand():
    """OS = (48 + 32) / 2 = 40, its bias 64, its error 144: 40 * 400 / 608, and 400 - 400² / 608."""
    found = gap_of([48.0], [-32.0])
    assert_allclose([found.mean[0], found.variance[0]], [40 * 400 / 608, 400 - 400**2 / 608])


def test_one_wave_of_one_partner_by_hand():
    """RG = 48, less 8, its bias 128, its error 288: 40 * 400 / 816, and 400 - 400² / 816."""
    found = gap_of([48.0], [np.nan])
    assert_allclose([found.mean[0], found.variance[0]], [40 * 400 / 816, 400 - 400**2 / 816])
    mirrored = gap_of([np.nan], [48.0])
    assert_allclose([mirrored.mean[0], mirrored.variance[0]], [-40 * 400 / 816, 400 - 400**2 / 816])


def test_a_wave_of_nobody_only_lets_the_gap_wander():
    found = gap_of([48.0, np.nan], [-32.0, np.nan])
    assert_allclose(found.mean[1], found.mean[0])
    assert_allclose(found.variance[1], found.variance[0] + 9)


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=1, max_size=10))
def test_where_both_always_report_it_is_the_filter_of_the_couple_index(pairs):
    seen_a, seen_b = np.array(pairs).T
    days = np.arange(len(pairs)) * 10
    expected = estimate(days, (seen_a - seen_b) / 2, ERROR / 2, COUPLE_INDEX)
    found = gap_of(seen_a, seen_b, days)
    assert_allclose(found.mean, expected.mean, atol=1e-8)
    assert_allclose(found.variance, expected.variance, atol=1e-8)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=10))
def test_where_one_ever_reports_it_is_the_filter_of_that_view(gaps):
    days = np.arange(len(gaps)) * 10
    expected = estimate(days, gaps, ERROR, RESPONDENT_GAP)
    found = gap_of(np.array(gaps), np.full(len(gaps), np.nan), days)
    assert_allclose(found.mean, expected.mean, atol=1e-8)
    assert_allclose(found.variance, expected.variance, atol=1e-8)


@given(histories, st.integers(1, 60))
def test_any_mixture_agrees_with_plain_linear_algebra(pair, step):
    seen_a, seen_b = map(np.array, pair)
    days = np.arange(len(seen_a)) * step
    found = gap_of(seen_a, seen_b, days)
    assert_allclose([found.mean[-1], found.variance[-1]], exact(seen_a, seen_b, days), atol=1e-6)


@given(histories, st.data())
def test_a_report_less_never_makes_the_estimate_surer(pair, data):
    seen = np.array(pair)
    fewer = seen.copy()
    fewer[data.draw(st.integers(0, 1)), data.draw(st.integers(0, seen.shape[1] - 1))] = np.nan
    assert np.all(gap_of(*fewer).variance >= gap_of(*seen).variance - 1e-9)


@given(histories)
def test_swapping_the_partners_turns_the_sign(pair):
    seen_a, seen_b = map(np.array, pair)
    one, other = gap_of(seen_a, seen_b), gap_of(seen_b, seen_a)
    assert_allclose(one.mean, -other.mean, atol=1e-8)
    assert_allclose(one.variance, other.variance, atol=1e-8)


def test_many_histories_at_once_are_each_as_alone():
    rng = np.random.default_rng(7)
    seen = rng.normal(0, 30, (2, 5, 9))
    seen[rng.random(seen.shape) < 0.3] = np.nan
    together = gap_of(*seen)
    for row in range(5):
        alone = gap_of(*seen[:, row])
        assert_allclose(together.mean[row], alone.mean)
        assert_allclose(together.variance[row], alone.variance)


def test_no_waves_no_estimate():
    assert gap_of([], []).mean.shape == (0,)


@pytest.mark.parametrize("waves", [1, 4, 40])
def test_more_waves_of_one_view_cannot_outgrow_its_bias(waves):
    """However often one partner says it, the view's own bias remains: 400 * 128 / 528 without drift."""
    still = NUMBERS.model_copy(update={"drift_variance": 0.0})
    errors = np.full(waves, ERROR)
    found = estimate_gap(np.zeros(waves), (np.full(waves, 40.0), np.full(waves, np.nan)), (errors, errors), still)
    assert found.variance[-1] > 400 * 128 / 528
