from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.schedule import DaysOff, Occurrence, ScheduleError, SessionRule, around_session

ZONES = sorted(available_timezones())
STARTS = datetime(2026, 4, 8, 16, 0, tzinfo=UTC)  # a Wednesday, at noon in New York
HOUR = timedelta(hours=1)
SINCE = datetime(1975, 1, 1, tzinfo=UTC)


def rule(side: str = "before", **changes: Any) -> SessionRule:
    values: dict[str, Any] = {"side": side, "days": 0, "at": time(9), "zone": "America/New_York", **changes}
    return SessionRule(**values)


def asked(given_rule: SessionRule, *, starts_at: datetime = STARTS) -> Occurrence | None:
    return around_session(given_rule, number=1, starts_at=starts_at, ends_at=starts_at + HOUR)


def day_of(given_rule: SessionRule, **options: Any) -> date | None:
    found = asked(given_rule, **options)
    return found and found.local_date


def test_before_a_session_on_its_own_morning_until_it_starts():
    assert asked(rule()) == Occurrence(
        number=1,
        local_date=date(2026, 4, 8),
        local_time=time(9),
        zone="America/New_York",
        due_at=datetime(2026, 4, 8, 13, tzinfo=UTC),
        expires_at=STARTS,
    )


def test_an_hour_after_its_start_comes_the_day_before():
    assert day_of(rule(at=time(12))) == date(2026, 4, 7)
    assert day_of(rule(at=time(11, 59))) == date(2026, 4, 8)


def test_two_days_before():
    assert day_of(rule(days=2)) == date(2026, 4, 6)


def test_after_a_session_the_first_such_hour_once_it_is_over():
    found = asked(rule("after", at=time(13)))
    assert found is not None
    assert (found.local_date, found.due_at) == (date(2026, 4, 8), STARTS + HOUR)
    assert found.expires_at == found.due_at + timedelta(days=7)
    assert day_of(rule("after", at=time(12, 59))) == date(2026, 4, 9)
    assert day_of(rule("after", days=3)) == date(2026, 4, 12)


def test_the_client_s_own_date_counts_not_the_clinic_s():
    assert day_of(rule("after", zone="Pacific/Auckland", at=time(6))) == date(2026, 4, 9)


def test_days_off_move_what_comes_before_back_and_what_comes_after_on():
    monday = datetime(2026, 4, 6, 16, tzinfo=UTC)
    move = DaysOff("move")
    assert day_of(rule(days=1, days_off=move), starts_at=monday) == date(2026, 4, 3)
    assert day_of(rule("after", days=5, at=time(13), days_off=move), starts_at=monday) == date(2026, 4, 13)
    assert asked(rule(days=1, days_off=DaysOff("leave_out")), starts_at=monday) is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"side": "during"}, "unknown side 'during'"),
        ({"days": -1}, "days must be a whole number from 0 to 366"),
        ({"open_days": 0}, "open_days must be"),
        ({"zone": "Nowhere"}, "unknown time zone"),
        ({"at": time(9, tzinfo=UTC)}, "at must be a plain local time"),
    ],
)
def test_values_without_a_meaning_are_refused(changes, message):
    with pytest.raises(ScheduleError, match=message):
        rule(**changes)


def test_a_naive_instant_is_refused():
    with pytest.raises(ScheduleError, match="starts_at must carry a time zone"):
        asked(rule(), starts_at=datetime(2026, 4, 8, 16))  # noqa: DTZ001 - that is what is refused


@given(
    zone=st.sampled_from(ZONES),
    at=st.times(),
    days=st.integers(0, 10),
    starts_at=st.integers(0, 80 * 365 * 24 * 60).map(lambda minutes: SINCE + timedelta(minutes=minutes)),
    side=st.sampled_from(["before", "after"]),
    policy=st.sampled_from(["as_is", "move"]),
)
def test_before_is_before_and_after_is_after_in_every_zone(zone, at, days, starts_at, side, policy):
    found = asked(rule(side, zone=zone, at=at, days=days, days_off=DaysOff(policy)), starts_at=starts_at)
    assert found is not None
    assert found.due_at < found.expires_at
    if side == "before":
        assert found.due_at < found.expires_at <= starts_at
        assert starts_at - found.due_at <= timedelta(days=days + 4)
    else:
        assert found.due_at >= starts_at + HOUR
        assert found.due_at - starts_at - HOUR <= timedelta(days=days + 4)
    reading = found.due_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    intent = datetime.combine(found.local_date, at)
    there = intent.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
    exists = there.replace(tzinfo=None) == intent
    assert (reading == intent) if exists else (reading > intent)
