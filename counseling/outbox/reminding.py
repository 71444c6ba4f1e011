"""When a follow-up is remembered next: counted from the day the client was really asked, capped, never in a heap."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from counseling.clock import today_in
from counseling.models import FollowUp
from counseling.schedule import Occurrence, ReminderRule, reminders


def next_reminder(follow_up: FollowUp, *, asked_at: datetime, after: datetime) -> datetime | None:
    """The first reminder's instant later than ``after``; None when there is none left. Reads ``follow_up.step``.

    One that was missed, as in an outage, is not made up for.
    """
    step = follow_up.step
    if follow_up.reminders_queued >= step.max_reminders:
        return None
    asked = Occurrence(
        number=follow_up.occurrence,
        local_date=today_in(follow_up.time_zone, now=asked_at),
        local_time=follow_up.local_time,
        zone=follow_up.time_zone,
        due_at=follow_up.due_at,
        expires_at=follow_up.expires_at,
    )
    rule = ReminderRule(
        after_days=step.reminder_after_days, every_days=step.reminder_every_days, at_most=step.max_reminders
    )
    return next((each.due_at for each in _reminders(asked, rule) if each.due_at > after), None)


_reminders = lru_cache(reminders)
"""Many are asked on the same day at the same hour in the same zone."""
