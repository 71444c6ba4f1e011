from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from counseling.schedule import QuietHours, ScheduleError, next_allowed

NIGHT = QuietHours(time(21), time(8))
ZONES = sorted(available_timezones())


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        (time(20, 59), False),
        (time(21), True),
        (time(23, 59), True),
        (time(0), True),
        (time(7, 59), True),
        (time(8), False),
        (time(12), False),
    ],
)
def test_a_night_crosses_midnight(at, quiet):
    assert NIGHT.contains(at) is quiet


@pytest.mark.parametrize(("at", "quiet"), [(time(12, 59), False), (time(13), True), (time(15), False)])
def test_a_siesta_does_not(at, quiet):
    assert QuietHours(time(13), time(15)).contains(at) is quiet


def test_a_waking_instant_is_allowed_as_it_is():
    noon = datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert next_allowed(noon, "Europe/Madrid", NIGHT) == noon


def test_no_quiet_hours_allow_everything_and_answer_in_utc():
    night = datetime(2026, 7, 1, 3, tzinfo=ZoneInfo("Europe/Madrid"))
    allowed = next_allowed(night, "Europe/Madrid", None)
    assert (allowed, allowed.tzinfo) == (datetime(2026, 7, 1, 1, tzinfo=UTC), UTC)


def test_before_midnight_waits_for_the_next_morning():
    late = datetime(2026, 7, 1, 20, tzinfo=UTC)  # 22:00 in Madrid
    assert next_allowed(late, "Europe/Madrid", NIGHT) == datetime(2026, 7, 2, 6, tzinfo=UTC)


def test_after_midnight_waits_for_the_same_morning():
    early = datetime(2026, 7, 1, 23, tzinfo=UTC)  # 01:00 on the 2nd in Madrid
    assert next_allowed(early, "Europe/Madrid", NIGHT) == datetime(2026, 7, 2, 6, tzinfo=UTC)


def test_an_end_inside_a_gap_ends_at_the_jump():
    """Madrid, 29 March 2026: no 02:30, the clock jumps from 02:00 to 03:00 at 01:00 UTC."""
    quiet = QuietHours(time(22), time(2, 30))
    assert next_allowed(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "Europe/Madrid", quiet) == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )


def test_a_clock_set_back_into_the_quiet_hours_starts_them_again():
    """New York, 1 November 2026: 01:30 comes at 05:30 UTC and again at 06:30 UTC."""
    quiet = QuietHours(time(22), time(1, 30))
    second_pass = datetime(2026, 11, 1, 6, 10, tzinfo=UTC)  # 01:10 for the second time
    assert next_allowed(second_pass, "America/New_York", quiet) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    first_pass = datetime(2026, 11, 1, 5, 10, tzinfo=UTC)
    assert next_allowed(first_pass, "America/New_York", quiet) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_window_without_length_is_refused():
    with pytest.raises(ScheduleError, match="must start and end at different times"):
        QuietHours(time(8), time(8))


@pytest.mark.parametrize("window", [(time(8, tzinfo=UTC), time(9)), (time(8), time(9, tzinfo=UTC))])
def test_a_window_with_a_zone_is_refused(window):
    with pytest.raises(ScheduleError, match="must be a plain local time"):
        QuietHours(*window)


def test_a_naive_instant_is_refused():
    with pytest.raises(ScheduleError, match="instant must carry a time zone"):
        next_allowed(datetime(2026, 7, 1, 3), "Europe/Madrid", NIGHT)  # noqa: DTZ001 (the mistake under test)


def test_an_unknown_zone_is_refused():
    with pytest.raises(ScheduleError, match="unknown time zone"):
        next_allowed(datetime(2026, 7, 1, 3, tzinfo=UTC), "Nowhere", NIGHT)


@given(
    instant=st.datetimes(datetime(1970, 1, 2), datetime(2060, 1, 1), timezones=st.just(timezone(timedelta(0)))),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
    start=st.times(),
    end=st.times(),
)
def test_the_answer_is_awake_never_earlier_and_stable(instant, zone, start, end):
    assume(start != end)
    quiet = QuietHours(start, end)
    allowed = next_allowed(instant, zone, quiet)
    assert allowed >= instant
    assert not quiet.contains(allowed.astimezone(ZoneInfo(zone)).time())
    assert next_allowed(allowed, zone, quiet) == allowed
    if not quiet.contains(instant.astimezone(ZoneInfo(zone)).time()):
        assert allowed == instant
