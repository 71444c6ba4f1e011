"""When an unanswered form is remembered: some days later, at the same local hour, never after it closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice, takewhile

from counseling.schedule.errors import require_between
from counseling.schedule.local_time import days_after, distinct_instants, zone_named
from counseling.schedule.occurrences import Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """The first after ``after_days``, then every ``every_days``, ``at_most`` in all; none when that is 0."""

    after_days: int = 3
    every_days: int = 3
    at_most: int = 1

    def __post_init__(self) -> None:
        require_between("after_days", self.after_days, 1, 366)
        require_between("every_days", self.every_days, 1, 366)
        require_between("at_most", self.at_most, 0, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    number: int
    due_at: datetime


def reminders(occurrence: Occurrence, rule: ReminderRule) -> tuple[Reminder, ...]:
    """The reminders of one occurrence, in order; those that would fall at or after its expiry are left out."""
    day = occurrence.local_date
    later = (days_after(day, rule.after_days + rule.every_days * step) for step in range(rule.at_most))
    instants = distinct_instants(chain((day,), later), occurrence.local_time, zone_named(occurrence.zone))
    in_time = takewhile(lambda due_at: due_at < occurrence.expires_at, (instant for _, instant in instants))
    return tuple(Reminder(number=number, due_at=due_at) for number, due_at in enumerate(islice(in_time, 1, None), 1))
