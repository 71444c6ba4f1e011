from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.schedule.errors import ScheduleError
from counseling.schedule.local_time import days_after, distinct_instants, instant_of, require_wall_time, zone_named

ZONES = sorted(available_timezones())
days = st.dates(date(1950, 1, 1), date(2060, 12, 31))
hours = st.times()


@pytest.mark.parametrize("name", ["Europe/Madrid", "America/New_York", "Asia/Kolkata", "UTC"])
def test_a_known_zone_is_found(name):
    assert zone_named(name) == ZoneInfo(name)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "Europe", "a\0b", None, 5])
def test_an_unknown_zone_says_what_would_be_accepted(name):
    with pytest.raises(ScheduleError, match=r"unknown time zone .* use an IANA name"):
        zone_named(name)


def test_an_ordinary_hour():
    assert instant_of(date(2026, 7, 1), time(9), ZoneInfo("Europe/Madrid")) == datetime(2026, 7, 1, 7, tzinfo=UTC)


def test_an_hour_that_does_not_exist_becomes_the_first_instant_after_the_gap():
    """Madrid goes from 02:00 to 03:00 on 29 March 2026, at 01:00 UTC."""
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)
    madrid = ZoneInfo("Europe/Madrid")
    assert instant_of(date(2026, 3, 29), time(2, 30), madrid) == jump
    assert instant_of(date(2026, 3, 29), time(2), madrid) == jump
    assert instant_of(date(2026, 3, 29), time(2, 59, 59, 999_999), madrid) == jump
    assert instant_of(date(2026, 3, 29), time(3), madrid) == jump
    assert instant_of(date(2026, 3, 29), time(1, 59), madrid) == jump - timedelta(minutes=1)


def test_an_hour_that_happens_twice_is_its_first_reading():
    """New York reads 01:30 twice on 1 November 2026: first at 05:30 UTC, then at 06:30 UTC."""
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    new_york = ZoneInfo("America/New_York")
    assert instant_of(date(2026, 11, 1), time(1, 30), new_york) == first
    assert instant_of(date(2026, 11, 1), time(1, 30, fold=1), new_york) == first


def test_a_half_hour_gap():
    """Lord Howe goes from 02:00 to 02:30 on 4 October 2026, at 15:30 UTC the day before."""
    assert instant_of(date(2026, 10, 4), time(2, 15), ZoneInfo("Australia/Lord_Howe")) == datetime(
        2026, 10, 3, 15, 30, tzinfo=UTC
    )


def test_a_date_that_the_zone_skipped():
    """Samoa crossed the date line: 30 December 2011 never happened there."""
    assert instant_of(date(2011, 12, 30), time(9), ZoneInfo("Pacific/Apia")) == datetime(2011, 12, 30, 10, tzinfo=UTC)


def test_a_skipped_midnight_is_used_once():
    december = [date(2011, 12, day) for day in (29, 30, 31)]
    found = list(distinct_instants(december, time(0), ZoneInfo("Pacific/Apia")))
    assert found == [
        (date(2011, 12, 29), datetime(2011, 12, 29, 10, tzinfo=UTC)),
        (date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ]


@pytest.mark.parametrize(("day", "zone"), [(date.min, "Asia/Tokyo"), (date.max, "America/Los_Angeles")])
def test_the_edge_of_the_calendar_is_an_error_of_ours(day, zone):
    with pytest.raises(ScheduleError, match="outside the calendar"):
        instant_of(day, time(0) if day == date.min else time(23), ZoneInfo(zone))


def test_days_after_stays_in_the_calendar():
    assert days_after(date(2026, 12, 31), 1) == date(2027, 1, 1)
    with pytest.raises(ScheduleError, match="1 days from 9999-12-31 is outside the calendar"):
        days_after(date.max, 1)


def test_a_wall_time_has_no_zone_of_its_own():
    require_wall_time("at", time(9))
    with pytest.raises(ScheduleError, match=r"at must be a plain local time, 09:00:00\+00:00 carries a zone"):
        require_wall_time("at", time(9, tzinfo=timezone(timedelta(0))))


@given(day=days, at=hours, name=st.sampled_from(ZONES))
def test_the_clock_reads_the_hour_or_has_just_jumped_past_it(day, at, name):
    """In every zone: it reads the wished time, or it read less a second ago and reads more now."""
    zone, wall = ZoneInfo(name), datetime.combine(day, at)
    instant = instant_of(day, at, zone)
    reading = instant.astimezone(zone).replace(tzinfo=None)
    if reading != wall:
        before = (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert before < wall < reading
        assert reading - before > timedelta(seconds=1)


@given(day=days, at=hours, name=st.sampled_from(ZONES))
def test_the_first_of_two_readings(day, at, name):
    zone = ZoneInfo(name)
    instant = instant_of(day, at, zone)
    assert instant <= datetime.combine(day, at, zone).astimezone(UTC)
    assert instant.tzinfo is UTC
