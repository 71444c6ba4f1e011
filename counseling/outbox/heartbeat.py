"""The sign of life: when something last looked for due emails, so that silence is told from having nothing to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from uuid_utils.compat import uuid7

from counseling.enums import Runner
from counseling.outbox.statements import commit_with_the_next, execute

RECENT = timedelta(seconds=5)
"""Ticks closer together than this share a heartbeat, so that many workers do not queue up for one row."""

_START = """
INSERT INTO counseling_heartbeat AS beat (id, runner, started_at, finished_at, emails)
VALUES (%(id)s, %(runner)s, %(now)s, %(finished_at)s, 0)
ON CONFLICT (runner) DO UPDATE
   SET started_at = excluded.started_at, finished_at = COALESCE(excluded.finished_at, beat.finished_at),
       emails = CASE WHEN excluded.finished_at IS NULL THEN beat.emails ELSE 0 END
 WHERE beat.started_at < %(recent)s
"""
_FINISH = """
UPDATE counseling_heartbeat SET finished_at = %(now)s, emails = %(emails)s WHERE runner = %(runner)s
"""


def note_start(runner: Runner, *, now: datetime, is_over: bool = False) -> None:
    """A tick begins; or ``is_over`` at once, with nothing to do. Of several within seconds the first is noted."""
    finished_at = now if is_over else None
    _write(_START, id=uuid7(), runner=str(runner), now=now, finished_at=finished_at, recent=now - RECENT)


def note_finish(runner: Runner, *, emails: int, now: datetime) -> None:
    """A tick has ended, having dealt with so many emails."""
    _write(_FINISH, runner=str(runner), emails=emails, now=now)


@transaction.atomic
def _write(statement: str, **facts: Any) -> None:
    with connection.cursor() as cursor:
        commit_with_the_next(cursor)
        execute(cursor, statement, **facts)
