from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.schedule import (
    MINIMUM_LIFE,
    Cadence,
    DaysOff,
    Occurrence,
    Schedule,
    ScheduleError,
    Shift,
    occurrences,
)

ZONES = sorted(available_timezones())
cadences = st.builds(Cadence, unit=st.sampled_from(["daily", "weekly", "monthly"]), every=st.integers(1, 13))
schedules = st.builds(
    Schedule,
    start=st.dates(date(1970, 1, 1), date(2050, 1, 1)),
    at=st.times(),
    zone=st.sampled_from(ZONES),
    cadence=cadences,
    count=st.integers(1, 30),
    offset_days=st.integers(-30, 30),
    open_days=st.integers(1, 30),
)


def schedule(**changes: Any) -> Schedule:
    values: dict[str, Any] = {
        "start": date(2026, 3, 27),
        "at": time(9),
        "zone": "Europe/Madrid",
        "cadence": Cadence("daily"),
    }
    return Schedule(**(values | changes))


def test_a_daily_schedule_keeps_its_local_hour_across_the_change_of_clocks():
    found = occurrences(schedule(count=4, open_days=2))
    assert [one.due_at for one in found] == [
        datetime(2026, 3, 27, 8, tzinfo=UTC),
        datetime(2026, 3, 28, 8, tzinfo=UTC),
        datetime(2026, 3, 29, 7, tzinfo=UTC),
        datetime(2026, 3, 30, 7, tzinfo=UTC),
    ]
    assert found[0] == Occurrence(
        number=1,
        local_date=date(2026, 3, 27),
        local_time=time(9),
        zone="Europe/Madrid",
        due_at=datetime(2026, 3, 27, 8, tzinfo=UTC),
        expires_at=datetime(2026, 3, 29, 7, tzinfo=UTC),
    )


def test_the_offset_moves_the_first_date():
    found = occurrences(schedule(cadence=Cadence("weekly", 2), offset_days=7, count=2))
    assert [one.local_date for one in found] == [date(2026, 4, 3), date(2026, 4, 17)]


def test_monthly_from_the_31st_of_january():
    found = occurrences(schedule(start=date(2026, 1, 31), cadence=Cadence("monthly"), count=3))
    assert [one.local_date for one in found] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


def test_after_a_discharge_months_are_counted_from_the_day_itself():
    """31 August: one, three, six and twelve months later."""
    days = [
        occurrences(schedule(start=date(2026, 8, 31), cadence=Cadence("once"), offset_months=months))[0].local_date
        for months in (1, 3, 6, 12)
    ]
    assert days == [date(2026, 9, 30), date(2026, 11, 30), date(2027, 2, 28), date(2027, 8, 31)]


def test_a_monthly_rhythm_that_begins_months_later_is_not_clamped_for_good():
    found = occurrences(schedule(start=date(2026, 1, 31), cadence=Cadence("monthly"), offset_months=1, count=2))
    assert [one.local_date for one in found] == [date(2026, 2, 28), date(2026, 3, 31)]


def test_weeks_run_from_the_month_they_begin_in():
    found = occurrences(schedule(start=date(2026, 1, 31), cadence=Cadence("weekly"), offset_months=1, count=2))
    assert [one.local_date for one in found] == [date(2026, 2, 28), date(2026, 3, 7)]


def test_the_last_day_cuts_the_rhythm():
    found = occurrences(schedule(count=10, until=date(2026, 3, 29)))
    assert [one.local_date.day for one in found] == [27, 28, 29]


def test_a_pause_moves_what_is_left_by_its_length_and_keeps_the_numbers():
    shifts = (Shift(date(2026, 3, 29), 3), Shift(date(2026, 4, 2), 1))
    found = occurrences(schedule(count=5, shifts=shifts))
    assert [(one.number, one.local_date) for one in found] == [
        (1, date(2026, 3, 27)),
        (2, date(2026, 3, 28)),
        (3, date(2026, 4, 1)),
        (4, date(2026, 4, 3)),
        (5, date(2026, 4, 4)),
    ]


def test_what_a_day_off_takes_away_leaves_a_gap_in_the_numbers():
    found = occurrences(schedule(count=5, days_off=DaysOff("leave_out", frozenset({date(2026, 3, 30)}))))
    assert [(one.number, one.local_date) for one in found] == [(1, date(2026, 3, 27)), (5, date(2026, 3, 31))]


def test_a_moved_occasion_past_the_last_day_is_left_out():
    assert occurrences(schedule(start=date(2026, 3, 28), days_off=DaysOff("move"), until=date(2026, 3, 29))) == ()


def test_an_hour_in_the_gap_keeps_its_intent():
    (found,) = occurrences(schedule(start=date(2026, 3, 29), at=time(2, 30), cadence=Cadence("once")))
    assert (found.local_date, found.local_time) == (date(2026, 3, 29), time(2, 30))
    assert found.due_at == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_form_over_a_skipped_date_still_lives_twenty_hours():
    """Kwajalein skipped 21 August 1993: one local day later is the same instant as midnight of the skipped one."""
    (found,) = occurrences(
        schedule(start=date(1993, 8, 21), at=time(0), zone="Pacific/Kwajalein", cadence=Cadence("once"), open_days=1)
    )
    assert found.expires_at - found.due_at == timedelta(hours=20)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"count": 0}, "count must be a whole number from 1 to 3660, not 0"),
        ({"count": 3661}, "count must be a whole number"),
        ({"offset_days": 4000}, "offset_days must be a whole number"),
        ({"offset_months": -1}, "offset_months must be a whole number"),
        ({"open_days": 0}, "open_days must be a whole number from 1 to 366, not 0"),
        ({"at": time(9, tzinfo=timezone.utc)}, "at must be a plain local time"),  # noqa: UP017 (any fixed zone)
        ({"zone": "Nowhere"}, "unknown time zone 'Nowhere'"),
        ({"cadence": Cadence("once"), "count": 2}, "count must be 1 for a schedule that happens once, not 2"),
    ],
)
def test_values_without_a_meaning_are_refused(changes, message):
    with pytest.raises(ScheduleError, match=message):
        schedule(**changes)


def test_a_schedule_past_the_calendar_is_refused():
    with pytest.raises(ScheduleError, match="outside the calendar"):
        occurrences(schedule(start=date(9999, 12, 30)))


@given(plan=schedules)
def test_count_numbers_and_order(plan):
    found = occurrences(plan)
    assert [one.number for one in found] == list(range(1, plan.count + 1))
    assert all(earlier.due_at < later.due_at for earlier, later in pairwise(found))
    assert all(earlier.local_date < later.local_date for earlier, later in pairwise(found))


@given(plan=schedules)
def test_the_local_hour_always_matches_except_in_a_gap(plan):
    zone = ZoneInfo(plan.zone)
    for one in occurrences(plan):
        intent = datetime.combine(one.local_date, one.local_time)
        reading = one.due_at.astimezone(zone).replace(tzinfo=None)
        exists = intent.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == intent
        assert (reading == intent) if exists else (reading > intent)


@given(plan=schedules)
def test_every_form_lives_long_enough(plan):
    assert all(one.expires_at - one.due_at >= MINIMUM_LIFE for one in occurrences(plan))


@given(
    plan=schedules,
    policy=st.sampled_from(["as_is", "move", "leave_out"]),
    closed=st.frozensets(st.dates(date(1970, 1, 1), date(2050, 1, 1)), max_size=3),
    shift=st.builds(Shift, st.dates(date(1970, 1, 1), date(2050, 1, 1)), st.integers(0, 60)),
)
def test_days_off_and_pauses_keep_order_and_put_nothing_twice(plan, policy, closed, shift):
    days_off = DaysOff(policy, closed)
    found = occurrences(replace(plan, days_off=days_off, shifts=(shift,)))
    assert all(earlier.due_at < later.due_at for earlier, later in pairwise(found))
    assert all(earlier.number < later.number for earlier, later in pairwise(found))
    assert len({one.local_date for one in found}) == len(found)
    assert policy == "as_is" or not any(days_off.is_off(one.local_date) for one in found)


@given(plan=schedules)
def test_the_same_plan_gives_the_same_dates(plan):
    assert occurrences(plan) == occurrences(plan)


def test_two_years_of_mornings_in_every_zone():
    for zone in ZONES:
        found = occurrences(schedule(start=date(2025, 12, 1), zone=zone, cadence=Cadence("weekly"), count=104))
        assert {one.due_at.astimezone(ZoneInfo(zone)).time() for one in found} == {time(9)}, zone
        assert len({one.due_at for one in found}) == 104, zone
