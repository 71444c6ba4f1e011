"""One step of a plan laid out in time: the local intent and the instants of every occurrence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice

from counseling.schedule.cadence import Cadence
from counseling.schedule.days_off import DaysOff
from counseling.schedule.errors import ScheduleError, require_between
from counseling.schedule.local_time import days_after, distinct_instants, instant_of, require_wall_time, zone_named

MINIMUM_LIFE = timedelta(hours=20)
"""A form lives at least this long, even over a day that its zone shortened or skipped."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Everything from a day on comes some days later, as after a pause."""

    from_day: date
    days: int

    def __post_init__(self) -> None:
        require_between("a shift's days", self.days, 0, 3660)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A rhythm in one client's local time. Raises `ScheduleError` when made of values that have no meaning.

    Days are counted from ``start`` first, months after that. ``shifts`` apply in order, each to the days that the ones
    before it gave; ``until`` is the last day on which anything is asked.
    """

    start: date
    at: time
    zone: str
    cadence: Cadence
    count: int = 1
    offset_days: int = 0
    offset_months: int = 0
    open_days: int = 7
    until: date | None = None
    shifts: tuple[Shift, ...] = ()
    days_off: DaysOff = field(default_factory=DaysOff)

    def __post_init__(self) -> None:
        require_between("count", self.count, 1, 3660)
        require_between("offset_days", self.offset_days, -3660, 3660)
        require_between("offset_months", self.offset_months, 0, 1200)
        require_between("open_days", self.open_days, 1, 366)
        require_wall_time("at", self.at)
        if self.cadence.unit == "once" and self.count != 1:
            raise ScheduleError(f"count must be 1 for a schedule that happens once, not {self.count}")
        zone_named(self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """What was meant (local date, hour and zone) and what it comes to (UTC): due at, answerable until.

    The number is that of the rhythm: one that is left out leaves a gap, so that partners stay a pair.
    """

    number: int
    local_date: date
    local_time: time
    zone: str
    due_at: datetime
    expires_at: datetime


def occurrences(schedule: Schedule) -> tuple[Occurrence, ...]:
    """``schedule.count`` occurrences, numbered from 1, strictly increasing in time, less those that are left out.

    Left out are those past ``until`` and those that a day off takes away. Raises `ScheduleError` when the schedule
    leaves the calendar.
    """
    zone = zone_named(schedule.zone)
    found: list[Occurrence] = []
    for number, day in _days(schedule):
        due_at = instant_of(day, schedule.at, zone)
        if found and due_at <= found[-1].due_at:
            continue
        expires_at = max(instant_of(days_after(day, schedule.open_days), schedule.at, zone), due_at + MINIMUM_LIFE)
        found.append(
            Occurrence(
                number=number,
                local_date=day,
                local_time=schedule.at,
                zone=schedule.zone,
                due_at=due_at,
                expires_at=expires_at,
            )
        )
    return tuple(found)


def _days(schedule: Schedule) -> Iterator[tuple[int, date]]:
    """The numbered days on which something is asked, strictly increasing."""
    nominal = schedule.cadence.dates(
        days_after(schedule.start, schedule.offset_days), offset_months=schedule.offset_months
    )
    distinct = (day for day, _ in distinct_instants(nominal, schedule.at, zone_named(schedule.zone)))
    shifted = enumerate((_shifted(day, schedule.shifts) for day in islice(distinct, schedule.count)), 1)
    for number, day in schedule.days_off.spread(shifted):
        if schedule.until is None or day <= schedule.until:
            yield number, day


def _shifted(day: date, shifts: Iterable[Shift]) -> date:
    for shift in shifts:
        if day >= shift.from_day:
            day = days_after(day, shift.days)
    return day
