from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from counseling.admin.chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, draw_path
from tests.factories import NOW


@dataclass(frozen=True)
class Point:
    at: datetime
    value: float
    low: float
    high: float


def point(day, value, half=10.0):
    return Point(NOW + timedelta(days=day), value, value - half, value + half)


def test_a_scale_runs_from_0_to_100_from_the_first_day_to_the_last():
    chart = draw_path([point(0, 0), point(14, 50), point(28, 100)], size=55, is_gap=False)
    middle = (LEFT + WIDTH - RIGHT) / 2
    assert chart.points == (
        (LEFT, HEIGHT - BOTTOM),
        (middle, (TOP + HEIGHT - BOTTOM) / 2),
        (WIDTH - RIGHT, TOP),
    )
    assert [mark.value for mark in chart.values] == [0, 20, 40, 60, 80, 100]
    assert [mark.value for mark in chart.days] == [NOW, NOW + timedelta(days=28)]


def test_a_gap_shows_what_it_spans_with_zero_and_the_size_inside():
    chart = draw_path([point(0, 30), point(14, 38)], size=15, is_gap=True)
    assert [mark.value for mark in chart.values] == [0, 20, 40, 60]
    below = draw_path([point(0, -30), point(14, 5)], size=15, is_gap=True)
    assert [mark.value for mark in below.values] == [-40, -20, 0, 20]


def test_one_wave_is_no_path():
    assert draw_path([point(0, 30)], size=15, is_gap=True) is None
    assert draw_path([], size=15, is_gap=True) is None


def test_two_answers_at_one_instant_are_drawn():
    assert len(draw_path([point(0, 30), point(0, 31)], size=15, is_gap=True).points) == 2


values = st.floats(-150, 150)


@given(
    st.lists(st.tuples(st.integers(0, 400), values, st.floats(0, 60)), min_size=2, max_size=30),
    st.floats(-100, 100),
    st.booleans(),
)
def test_everything_stays_inside_the_box(waves, size, is_gap):
    path = [point(day, value, half) for day, value, half in sorted(waves)]
    chart = draw_path(path, size=size, is_gap=is_gap)
    band = [tuple(map(float, pair.split(","))) for pair in chart.band.split()]
    assert len(band) == 2 * len(path)
    for x, y in (*chart.points, *band):
        assert LEFT <= x <= WIDTH - RIGHT
        assert TOP <= y <= HEIGHT - BOTTOM
    assert TOP <= chart.limit <= HEIGHT - BOTTOM
    assert 2 <= len(chart.values) <= 7
