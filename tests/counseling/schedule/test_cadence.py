from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.schedule import Cadence, ScheduleError
from counseling.schedule.cadence import months_after

anchors = st.dates(date(1990, 1, 1), date(2100, 1, 1))


def first(cadence: Cadence, anchor: date, number: int) -> list[date]:
    return list(islice(cadence.dates(anchor), number))


def test_once_is_one_date():
    assert first(Cadence("once"), date(2026, 5, 4), 3) == [date(2026, 5, 4)]


def test_every_day():
    assert first(Cadence("daily"), date(2026, 2, 27), 3) == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]


def test_every_two_weeks():
    assert first(Cadence("weekly", 2), date(2026, 5, 4), 3) == [date(2026, 5, 4), date(2026, 5, 18), date(2026, 6, 1)]


def test_the_31st_is_clamped_and_never_skips_a_month():
    assert first(Cadence("monthly"), date(2026, 1, 31), 4) == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]


def test_a_leap_february():
    assert first(Cadence("monthly"), date(2028, 1, 31), 2) == [date(2028, 1, 31), date(2028, 2, 29)]


def test_every_three_months_across_a_year():
    assert first(Cadence("monthly", 3), date(2026, 11, 30), 3) == [
        date(2026, 11, 30),
        date(2027, 2, 28),
        date(2027, 5, 30),
    ]


def test_an_unknown_unit_lists_the_known_ones():
    with pytest.raises(ScheduleError, match="unknown cadence 'hourly': use one of once, daily, weekly, monthly"):
        Cadence("hourly")  # type: ignore[arg-type]


@pytest.mark.parametrize("every", [0, -1, 367, 1.5, True, "2"])
def test_every_must_be_a_sensible_number(every):
    with pytest.raises(ScheduleError, match="every must be a whole number from 1 to 366"):
        Cadence("daily", every)


@pytest.mark.parametrize("unit", ["daily", "weekly", "monthly"])
def test_the_end_of_the_calendar_is_an_error_of_ours(unit):
    with pytest.raises(ScheduleError, match="outside the calendar"):
        first(Cadence(unit), date(9999, 12, 31), 2)


@given(anchor=anchors, months=st.integers(0, 600))
def test_months_are_clamped_to_their_last_day(anchor, months):
    day = months_after(anchor, months)
    assert (day.year * 12 + day.month) - (anchor.year * 12 + anchor.month) == months
    assert day.day == min(anchor.day, monthrange(day.year, day.month)[1])


@given(anchor=anchors, every=st.integers(1, 366), unit=st.sampled_from(["daily", "weekly"]))
def test_days_and_weeks_keep_their_distance(anchor, every, unit):
    found = first(Cadence(unit, every), anchor, 4)
    step = timedelta(days=every * (7 if unit == "weekly" else 1))
    assert [later - earlier for earlier, later in pairwise(found)] == [step] * 3
