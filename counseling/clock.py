"""The two clocks: the database's, which every process agrees on, and a person's wall."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone


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
