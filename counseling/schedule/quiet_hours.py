"""The hours in which nobody is written to, on the client's own wall clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from counseling.schedule.errors import ScheduleError, require_aware
from counseling.schedule.local_time import instant_of, require_wall_time, zone_named


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A daily local window, ``start`` included and ``end`` not; it may cross midnight (21:00 to 08:00)."""

    start: time
    end: time

    def __post_init__(self) -> None:
        require_wall_time("quiet hours' start", self.start)
        require_wall_time("quiet hours' end", self.end)
        if self.start == self.end:
            raise ScheduleError("quiet hours must start and end at different times; leave them out for none")

    def contains(self, at: time) -> bool:
        """Whether that reading of the wall clock is quiet."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


def next_allowed(instant: datetime, zone: str, quiet: QuietHours | None) -> datetime:
    """The instant itself (in UTC) when it is not quiet in ``zone``, else the first one after the quiet hours end.

    A clock set back into the quiet hours makes them start again; a clock set forward over their end ends them early.
    Raises `ScheduleError` for a naive instant or an unknown zone.
    """
    require_aware("instant", instant)
    place, allowed = zone_named(zone), instant.astimezone(UTC)
    while quiet is not None and quiet.contains(allowed.astimezone(place).time()):
        allowed = _end_after(allowed, quiet, place)
    return allowed


def _end_after(instant: datetime, quiet: QuietHours, zone: ZoneInfo) -> datetime:
    """The end of the quiet hours that ``instant`` lies in: its second reading when the clock was set back past it."""
    wall = instant.astimezone(zone)
    day = wall.date() if wall.time() < quiet.end else wall.date() + timedelta(days=1)
    end = instant_of(day, quiet.end, zone)
    return end if end > instant else datetime.combine(day, quiet.end.replace(fold=1), zone).astimezone(UTC)
