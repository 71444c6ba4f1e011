"""The one occasion that a session brings: at an hour of some day before or after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from counseling.schedule.days_off import DaysOff
from counseling.schedule.errors import ScheduleError, require_aware, require_between
from counseling.schedule.local_time import days_after, instant_of, require_wall_time, zone_named
from counseling.schedule.occurrences import MINIMUM_LIFE, Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRule:
    """So many days before or after a session, at an hour of one client's own clock."""

    side: Literal["before", "after"]
    days: int
    at: time
    zone: str
    open_days: int = 7
    days_off: DaysOff = field(default_factory=DaysOff)

    def __post_init__(self) -> None:
        if self.side not in {"before", "after"}:
            raise ScheduleError(f"unknown side {self.side!r}: use before or after")
        require_between("days", self.days, 0, 366)
        require_between("open_days", self.open_days, 1, 366)
        require_wall_time("at", self.at)
        zone_named(self.zone)


def around_session(rule: SessionRule, *, number: int, starts_at: datetime, ends_at: datetime) -> Occurrence | None:
    """The occasion of a session; None when a day off takes it away.

    Counted back from the last time the clock reads the hour before the session starts, or on from the first time it
    does once the session is over. What is asked before a session can be answered until it starts. A day off moves what
    comes before a session to an earlier day. Raises `ScheduleError` at the edge of the calendar.
    """
    require_aware("starts_at", starts_at)
    require_aware("ends_at", ends_at)
    zone = zone_named(rule.zone)
    is_before = rule.side == "before"
    nominal = _before(rule, starts_at, zone) if is_before else _after(rule, ends_at, zone)
    day = rule.days_off.placed(nominal, direction=-1 if is_before else 1)
    if day is None:
        return None
    due_at = instant_of(day, rule.at, zone)
    closes_at = max(instant_of(days_after(day, rule.open_days), rule.at, zone), due_at + MINIMUM_LIFE)
    return Occurrence(
        number=number,
        local_date=day,
        local_time=rule.at,
        zone=rule.zone,
        due_at=due_at,
        expires_at=min(closes_at, starts_at) if is_before else closes_at,
    )


def _before(rule: SessionRule, starts_at: datetime, zone: ZoneInfo) -> date:
    day = starts_at.astimezone(zone).date()
    while instant_of(day, rule.at, zone) >= starts_at:
        day = days_after(day, -1)
    return days_after(day, -rule.days)


def _after(rule: SessionRule, ends_at: datetime, zone: ZoneInfo) -> date:
    day = ends_at.astimezone(zone).date()
    while instant_of(day, rule.at, zone) < ends_at:
        day = days_after(day, 1)
    return days_after(day, rule.days)
