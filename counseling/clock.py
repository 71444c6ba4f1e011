"""The two clocks: the database's, which every process agrees on, and a person's wall."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

FIRST_TO_WAKE = "Pacific/Kiritimati"
"""Where a day begins before it does anywhere else."""


def database_now() -> datetime:
    """The database's own time. Leases use it, so that a worker with a wrong clock cannot steal or hold work."""
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    instant: datetime = row[0]
    return instant.astimezone(UTC)


def today_in(zone: str, *, now: datetime) -> date:
    """The date on the wall in that time zone; the only place "today" comes from."""
    return now.astimezone(ZoneInfo(zone)).date()


# On Linux the seconds in which the machine slept count as well.
_stopwatch = partial(time.clock_gettime, time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic


class DatabaseClock:
    """The database's time, read every few seconds and carried on by this machine's stopwatch in between.

    A wrong clock, a stopped process or a suspended machine does not lead it astray, and most readings cost no query.
    """

    def __init__(self, *, trusted_for: timedelta = timedelta(seconds=5)) -> None:
        self._trusted_for = trusted_for.total_seconds()
        self._read_at = float("-inf")
        self._reading = datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> datetime:
        elapsed = _stopwatch() - self._read_at
        if elapsed < self._trusted_for:
            return self._reading + timedelta(seconds=elapsed)
        self._read_at = _stopwatch()
        self._reading = database_now()
        return self._reading


def first_uuid7(instant: datetime) -> UUID:
    """The least UUIDv7 of that millisecond: rows made since then have keys from it on, whatever index they lack."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)
