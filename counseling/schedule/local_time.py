"""From a wall clock to an instant, once and only once, whatever the zone does that day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from counseling.schedule.errors import ScheduleError

SECOND = timedelta(seconds=1)


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises `ScheduleError` when there is none: no zone, no sending."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise ScheduleError(f"unknown time zone {name!r}: use an IANA name such as 'Europe/Madrid'") from error


def require_wall_time(name: str, value: time) -> None:
    """Raise `ScheduleError` for a time that carries a zone of its own: the client's zone decides."""
    if value.tzinfo is not None:
        raise ScheduleError(f"{name} must be a plain local time, {value.isoformat()} carries a zone")


def days_after(day: date, days: int) -> date:
    """That many days later. Raises `ScheduleError` when this leaves the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise ScheduleError(f"{days} days from {day.isoformat()} is outside the calendar") from error


def instant_of(on: date, at: time, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which the wall clock in ``zone`` reads ``at`` on ``on``, or has jumped past it.

    An overlap (the clock reads it twice) gives the first reading; a gap (it never does) the first instant after it.
    Raises `ScheduleError` for a date at the very edge of the calendar.
    """
    wall = datetime.combine(on, at.replace(fold=0))
    try:
        instant = wall.replace(tzinfo=zone).astimezone(UTC)
        return instant if _reading(instant, zone) == wall else _end_of_gap(wall, zone)
    except OverflowError as error:
        raise ScheduleError(f"{wall.isoformat()} in {zone.key} is outside the calendar") from error


def distinct_instants(days: Iterable[date], at: time, zone: ZoneInfo) -> Iterator[tuple[date, datetime]]:
    """Each of the increasing ``days`` with its instant, strictly increasing.

    A zone that skips a whole date (Samoa had no 30 December 2011) may bring two dates to one instant: it is used once.
    """
    last: datetime | None = None
    for day in days:
        instant = instant_of(day, at, zone)
        if last is None or instant > last:
            yield day, instant
            last = instant


def _reading(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """Halve the stretch around the gap down to the second at which the clock first reads past ``wall``.

    Reading ``wall`` with the offset after the gap lies before the jump, with the offset before it at or after the jump.
    """
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC).replace(microsecond=0)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC).replace(microsecond=0) + SECOND
    while after - before > SECOND:
        middle = before + (after - before) // 2 // SECOND * SECOND
        if _reading(middle, zone) < wall:
            before = middle
        else:
            after = middle
    return after
