from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.schedule import (
    Cadence,
    Occurrence,
    Reminder,
    ReminderRule,
    Schedule,
    ScheduleError,
    occurrences,
    reminders,
)

ZONES = sorted(available_timezones())


def occurrence(
    start: date = date(2026, 3, 27), *, at: time = time(9), zone: str = "Europe/Madrid", open_days: int = 7
) -> Occurrence:
    (found,) = occurrences(Schedule(start=start, at=at, zone=zone, cadence=Cadence("once"), open_days=open_days))
    return found


def test_the_same_local_hour_some_days_later():
    """Three days after 27 March the clocks have changed in Madrid: 09:00 is then 07:00 UTC."""
    assert reminders(occurrence(), ReminderRule(after_days=3)) == (
        Reminder(number=1, due_at=datetime(2026, 3, 30, 7, tzinfo=UTC)),
    )


def test_capped_and_spaced():
    found = reminders(occurrence(open_days=30), ReminderRule(after_days=2, every_days=5, at_most=3))
    assert [one.due_at.date() for one in found] == [date(2026, 3, 29), date(2026, 4, 3), date(2026, 4, 8)]
    assert [one.number for one in found] == [1, 2, 3]


def test_none_at_or_after_expiry():
    found = reminders(occurrence(open_days=6), ReminderRule(after_days=3, every_days=3, at_most=3))
    assert [one.due_at.date() for one in found] == [date(2026, 3, 30)]


def test_none_wished():
    assert reminders(occurrence(), ReminderRule(at_most=0)) == ()


@pytest.mark.parametrize(
    ("values", "name"),
    [({"after_days": 0}, "after_days"), ({"every_days": 0}, "every_days"), ({"at_most": 11}, "at_most")],
)
def test_a_rule_without_a_meaning_is_refused(values, name):
    with pytest.raises(ScheduleError, match=f"{name} must be a whole number"):
        ReminderRule(**values)


@given(
    start=st.dates(date(1970, 1, 1), date(2050, 1, 1)),
    at=st.times(),
    zone=st.sampled_from(ZONES),
    open_days=st.integers(1, 40),
    rule=st.builds(
        ReminderRule, after_days=st.integers(1, 20), every_days=st.integers(1, 20), at_most=st.integers(0, 10)
    ),
)
def test_reminders_lie_between_the_invitation_and_its_end(start, at, zone, open_days, rule):
    asked = occurrence(start, at=at, zone=zone, open_days=open_days)
    found = reminders(asked, rule)
    instants = [asked.due_at, *(one.due_at for one in found), asked.expires_at]
    assert all(earlier < later for earlier, later in pairwise(instants))
    assert len(found) <= rule.at_most
    for one in found:
        assert one.due_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - datetime.combine(start, at) >= timedelta(
            days=rule.after_days
        )
