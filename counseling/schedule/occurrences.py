"""One step of a plan laid out in time: the local intent and the instants of every occurrence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from counseling.schedule.cadence import Cadence
from counseling.schedule.errors import ScheduleError, require_between
from counseling.schedule.local_time import days_after, distinct_instants, instant_of, require_wall_time, zone_named

MINIMUM_LIFE = timedelta(hours=20)
"""A form lives at least this long, even over a day that its zone shortened or skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A rhythm in one client's local time. Raises `ScheduleError` when made of values that have no meaning."""

    start: date
    at: time
    zone: str
    cadence: Cadence
    count: int = 1
    offset_days: int = 0
    open_days: int = 7

    def __post_init__(self) -> None:
        require_between("count", self.count, 1, 3660)
        require_between("offset_days", self.offset_days, -3660, 3660)
        require_between("open_days", self.open_days, 1, 366)
        require_wall_time("at", self.at)
        if self.cadence.unit == "once" and self.count != 1:
            raise ScheduleError(f"count must be 1 for a schedule that happens once, not {self.count}")
        zone_named(self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """What was meant (local date, hour and zone) and what it comes to (UTC): due at, answerable until."""

    number: int
    local_date: date
    local_time: time
    zone: str
    due_at: datetime
    expires_at: datetime


def occurrences(schedule: Schedule) -> tuple[Occurrence, ...]:
    """Exactly ``schedule.count`` occurrences, numbered from 1, strictly increasing in time.

    Raises `ScheduleError` when the schedule leaves the calendar.
    """
    zone = zone_named(schedule.zone)
    days = schedule.cadence.dates(days_after(schedule.start, schedule.offset_days))
    due = islice(distinct_instants(days, schedule.at, zone), schedule.count)
    return tuple(
        Occurrence(
            number=number,
            local_date=day,
            local_time=schedule.at,
            zone=schedule.zone,
            due_at=due_at,
            expires_at=max(instant_of(days_after(day, schedule.open_days), schedule.at, zone), due_at + MINIMUM_LIFE),
        )
        for number, (day, due_at) in enumerate(due, 1)
    )
