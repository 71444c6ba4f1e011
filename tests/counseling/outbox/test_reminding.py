from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from counseling.models import FollowUp, PlanStep
from counseling.outbox.reminding import next_reminder

DUE = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)  # nine in the morning in New York
DAY = timedelta(days=1)


def follow_up(*, queued: int = 0, open_days: int = 14, **step: int) -> FollowUp:
    return FollowUp(
        step=PlanStep(**{"reminder_after_days": 3, "max_reminders": 2, **step}),
        occurrence=1,
        local_date=date(2026, 3, 3),
        local_time=time(9),
        time_zone="America/New_York",
        due_at=DUE,
        expires_at=DUE + open_days * DAY,
        reminders_queued=queued,
    )


def test_counted_from_the_day_the_email_left_at_the_plans_local_hour():
    late = DUE + 2 * DAY + timedelta(hours=5)
    assert next_reminder(follow_up(), asked_at=DUE, after=DUE) == DUE + 3 * DAY
    # Five days on, the clock has gone forward.
    assert next_reminder(follow_up(), asked_at=late, after=late) == DUE + 5 * DAY - timedelta(hours=1)


def test_none_when_there_were_enough_or_none_are_wanted():
    assert next_reminder(follow_up(queued=2), asked_at=DUE, after=DUE) is None
    assert next_reminder(follow_up(max_reminders=0, reminder_after_days=0), asked_at=DUE, after=DUE) is None


def test_none_after_the_form_closed():
    assert next_reminder(follow_up(open_days=3), asked_at=DUE, after=DUE) is None


@given(after=st.integers(0, 40), queued=st.integers(0, 3), asked=st.integers(0, 10))
def test_a_reminder_lies_ahead_and_before_the_end(after, queued, asked):
    row = follow_up(queued=queued)
    found = next_reminder(row, asked_at=DUE + asked * DAY, after=DUE + after * DAY)
    assert found is None or DUE + after * DAY < found < row.expires_at
