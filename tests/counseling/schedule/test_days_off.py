from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.schedule import DaysOff, ScheduleError

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 4, day) for day in (3, 4, 5, 6))
dates = st.dates(date(2000, 1, 1), date(2060, 1, 1))
closings = st.frozensets(dates, max_size=5)


def test_an_unknown_policy_lists_the_known_ones():
    with pytest.raises(ScheduleError, match="unknown policy 'skip': use one of as_is, move, leave_out"):
        DaysOff("skip")  # type: ignore[arg-type]


def test_as_it_is_a_weekend_is_a_day_like_any_other():
    assert DaysOff().placed(SATURDAY) == SATURDAY


def test_what_moves_goes_to_the_next_working_day_past_holidays():
    assert DaysOff("move").placed(SATURDAY) == MONDAY
    assert DaysOff("move", frozenset({MONDAY})).placed(SATURDAY) == date(2026, 4, 7)
    assert DaysOff("move").placed(FRIDAY) == FRIDAY


def test_what_comes_before_something_moves_back():
    assert DaysOff("move", frozenset({FRIDAY})).placed(SUNDAY, direction=-1) == date(2026, 4, 2)


def test_what_is_left_out_is_nowhere():
    assert DaysOff("leave_out").placed(SUNDAY) is None
    assert DaysOff("leave_out", frozenset({MONDAY})).placed(MONDAY) is None


def test_a_daily_rhythm_asks_once_on_monday_and_means_mondays_own():
    week = list(enumerate((FRIDAY + timedelta(days=n) for n in range(5)), 1))
    assert list(DaysOff("move").spread(week)) == [(1, FRIDAY), (4, MONDAY), (5, date(2026, 4, 7))]
    assert list(DaysOff("leave_out").spread(week)) == [(1, FRIDAY), (4, MONDAY), (5, date(2026, 4, 7))]
    assert list(DaysOff().spread(week)) == week


def test_a_weekend_alone_moves_to_one_monday():
    assert list(DaysOff("move").spread([(1, SATURDAY), (2, SUNDAY)])) == [(2, MONDAY)]


@given(days=st.sets(dates, max_size=40), closed=closings, policy=st.sampled_from(["move", "leave_out"]))
def test_never_two_on_one_day_and_never_on_a_day_off(days, closed, policy):
    off = DaysOff(policy, closed)
    found = list(off.spread(enumerate(sorted(days), 1)))
    assert all(earlier < later for (_, earlier), (_, later) in pairwise(found))
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(found))
    assert not any(off.is_off(day) for _, day in found)
    working = {day for day in days if not off.is_off(day)}
    assert working <= {day for _, day in found}
