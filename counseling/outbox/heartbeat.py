"""The sign of life: when something last looked for due emails, so that silence is told from having nothing to do."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from uuid_utils.compat import uuid7

from counseling.enums import Runner
from counseling.models import Heartbeat
from counseling.outbox.statements import adapted, commit_with_the_next

RECENT = timedelta(seconds=5)
"""Ticks closer together than this share a heartbeat, so that many workers do not queue up for one row."""

_START = """
INSERT INTO counseling_heartbeat (id, runner, started_at, emails)
VALUES (%(id)s, %(runner)s, %(now)s, 0)
ON CONFLICT (runner) DO UPDATE SET started_at = excluded.started_at
 WHERE counseling_heartbeat.started_at < %(recent)s
"""


@transaction.atomic
def note_start(runner: Runner, *, now: datetime) -> None:
    """A tick begins. One that follows another within seconds leaves the row alone."""
    facts = {"id": uuid7(), "runner": str(runner), "now": now, "recent": now - RECENT}
    with connection.cursor() as cursor:
        commit_with_the_next(cursor)
        cursor.execute(_START, {name: adapted(value) for name, value in facts.items()})


@transaction.atomic
def note_finish(runner: Runner, *, emails: int, now: datetime) -> None:
    """A tick has ended, having dealt with so many emails. One without any leaves a row just written alone."""
    rows = Heartbeat.objects.filter(runner=runner)
    if not emails:
        rows = rows.filter(Q(finished_at__isnull=True) | Q(finished_at__lt=now - RECENT))
    with connection.cursor() as cursor:
        commit_with_the_next(cursor)
    rows.update(finished_at=now, emails=emails)
