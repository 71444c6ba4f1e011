"""Where a series is heading: worked examples, properties, and an independent slope."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import theilslopes

from assessments.change import (
    Trend,
    trend,
)


@pytest.mark.parametrize(
    ("days", "values", "expected"),
    [
        ([0, 14], [1, 2], None),
        ([0, 14, 28], [1, None, 2], None),
        ([0, 0, 0, 14], [1, 2, 3, 4], None),
        ([0, 14, 28], [1, 2, 3], Trend(3, "rising")),
        ([0, 14, 28, 42], [3, math.nan, 2, 1], Trend(3, "falling")),
        ([0, 14, 28], [2, 2, 2], Trend(3, "level")),
        ([0, 10, 20, 30], [5, 3, 1, -1], Trend(4, "falling", -0.2)),
        ([0, 10, 20, 20, 30], [0, 1, 2, 2, 3], Trend(4, "rising", 0.1)),
    ],
)
def test_trends(days, values, expected):
    assert trend(days, values) == expected


def test_days_and_values_belong_together():
    with pytest.raises(ValueError, match="shorter"):
        trend([0, 1, 2], [0, 1])


def test_the_error_of_a_slope_by_hand():
    """Days 0, 10, 20 and 30 are 15, 5, 5 and 15 from their mean: √500."""
    found = trend([0, 10, 20, 30], [0, 1, 2, 3], sem=5)
    assert (found.slope, found.error) == (0.1, pytest.approx(5 / math.sqrt(500)))


def test_a_slope_needs_an_error_above_zero():
    with pytest.raises(ValueError, match="a standard error is a number above zero"):
        trend([0, 10, 20, 30], [0, 1, 2, 3], sem=0)


def test_one_odd_wave_does_not_bend_it():
    days = [0, 14, 28, 42, 56, 70, 84]
    values = [day / 7 for day in days]
    assert trend(days, [*values[:3], 100, *values[4:]]).slope == pytest.approx(1 / 7)


waves = st.lists(st.integers(0, 2000), min_size=4, max_size=12, unique=True)


@given(days=waves, slope=st.integers(-50, 50), start=st.integers(-100, 100))
def test_an_exact_line_has_its_own_slope(days, slope, start):
    found = trend(days, [start + slope * day for day in days])
    assert found.slope == slope
    assert found.heading == {0: "level", 1: "rising", -1: "falling"}[(slope > 0) - (slope < 0)]


@given(st.data())
def test_order_and_start_do_not_matter_and_up_is_the_opposite_of_down(data):
    days = data.draw(waves)
    values = data.draw(st.lists(st.integers(0, 100), min_size=len(days), max_size=len(days)))
    shuffled = data.draw(st.permutations(list(zip(days, values, strict=True))))
    found = trend(days, values, sem=3)
    assert trend(*zip(*shuffled, strict=True), sem=3) == found
    assert trend([day + 5 for day in days], [value + 7 for value in values], sem=3).slope == found.slope
    assert trend(days, [-value for value in values], sem=3).slope == -found.slope


@given(
    st.lists(st.tuples(st.integers(0, 50), st.floats(-100, 100)), min_size=4, max_size=20).filter(
        lambda waves: len({day for day, _ in waves}) >= 4
    )
)
def test_the_slope_is_scipy_s(series):
    days, values = zip(*series, strict=True)
    assert trend(days, values).slope == pytest.approx(theilslopes(values, days).slope)


@pytest.mark.parametrize(
    ("slope", "error", "expected"),
    [(2.0, 1.0, True), (-2.0, 1.0, True), (1.96, 1.0, False), (None, None, None), (2.0, None, None)],
)
def test_a_slope_is_held_against_its_error(slope, error, expected):
    assert Trend(5, "rising", slope, error).is_beyond_error is expected
