"""Whether there is anything at all to do: the question that every tick begins with, and nearly always ends with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from counseling.clock import FIRST_TO_WAKE, today_in
from counseling.conf import conf
from counseling.models import Delivery, Finding, FollowUp

_NOW = datetime(1, 1, 1, 1, tzinfo=UTC)
_SILENT_SINCE = datetime(1, 1, 1, 2, tzinfo=UTC)
_TODAY = date(1, 1, 1)


def is_anything_due(*, now: datetime) -> bool:
    """Whether a tick would find something: one statement over the ends of partial indexes."""
    statement, slots = _statement(connection.vendor)
    facts = {
        _NOW: now,
        _SILENT_SINCE: now - timedelta(minutes=conf().handoff_minutes),
        _TODAY: today_in(FIRST_TO_WAKE, now=now),
    }
    values = {_adapted(slot): _adapted(fact) for slot, fact in facts.items()}
    with connection.cursor() as cursor:
        cursor.execute(statement, [values.get(slot, slot) for slot in slots])
        (found,) = cursor.fetchone()
    return bool(found)


def _work() -> tuple[QuerySet[Any], ...]:
    """What each step of a tick looks for, in the order of the index that serves it.

    Without that order, PostgreSQL takes the many rows that are not due yet for due, and reads the table from its start.
    """
    return (
        Delivery.objects.due(_NOW).order_by("next_at"),
        FollowUp.objects.unqueued(_NOW).order_by("due_at"),
        FollowUp.objects.reminder_due(_NOW).order_by("next_reminder_at"),
        FollowUp.objects.overdue(_NOW).order_by("expires_at"),
        Delivery.objects.lease_ran_out(_NOW).order_by("lease_until"),
        Delivery.objects.handoff_silent(_SILENT_SINCE).order_by("handed_over_at"),
        Finding.objects.watch_may_be_over(_TODAY).order_by("watch_until"),
    )


@cache
def _statement(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The steps' own queries as one, put together once for good: that takes longer than to run it."""
    pieces = [rows.values("pk")[:1].query.sql_with_params() for rows in _work()]
    found = " OR ".join(f"({sql}) IS NOT NULL" for sql, _ in pieces)
    return f"SELECT {found}", tuple(slot for _, slots in pieces for slot in slots)


def _adapted(value: date) -> Any:
    """As the ORM hands it to the database at hand."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value)
