"""What it costs to find out that there is nothing to do, with a small history in the tables and with a long one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection
from django.utils import timezone

from counseling.actions.ticking import run_tick
from counseling.enums import Runner
from counseling.models import FollowUp
from counseling.queries.pulse import take_pulse
from tests.benchmarks.databases import throwaway_database
from tests.benchmarks.registry import Measurement, benchmark
from tests.benchmarks.timing import median_seconds
from tests.load import due_follow_ups

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
CLIENTS = 2_000


@benchmark("delivery_empty_tick", unit="ms", against="the same tick with a hundredth of the follow-ups")
def delivery_empty_tick() -> Measurement:
    found: dict[str, float] = {}
    with throwaway_database(), nothing_checked():
        due_follow_ups(CLIENTS, now=datetime.now(UTC))
        FollowUp.objects.update(status="expired", ended_at=datetime.now(UTC))
        before = CLIENTS
        for name, size in SIZES.items():
            grow(before, size)
            before = size
            found[f"tick_{name}"] = 1000 * median_seconds(empty_tick, runs=15)
            found[f"pulse_{name}"] = 1000 * median_seconds(lambda: take_pulse(now=timezone.now()), runs=15)
    return Measurement(figure=found["tick_1m"], reference=found["tick_10k"], also=found)


def empty_tick() -> None:
    tick = run_tick(runner=Runner.WORKER)
    assert tick.verdicts == {}, tick


# --- The rows -------------------------------------------------------------------------------------

# Of five follow-ups three are over, one is asked and has a reminder to come, and one is not due yet.
_FOLLOW_UPS = """
WITH model AS (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM counseling_followup WHERE occurrence = 1),
     placed AS (SELECT number, number %% 5 AS kind,
                       now() + CASE number %% 5 WHEN 3 THEN (number %% 144 - 145) * interval '1 hour'
                                                WHEN 4 THEN (number %% 4000 + 1) * interval '1 hour'
                                                ELSE (number %% 40000 + 200) * interval '-1 hour' END AS due_at
                  FROM generate_series(%(first)s, %(last)s) AS number)
INSERT INTO counseling_followup
      (id, clinic_id, case_id, client_id, enrollment_id, step_id, version_id, other_role, local_time, time_zone,
       occurrence, local_date, due_at, expires_at, status, queued_at, sent_at, ended_at, end_reason, reminders_queued,
       next_reminder_at, token_nonce, token_key, token_digest)
SELECT gen_random_uuid(), clinic_id, case_id, client_id, enrollment_id, step_id, version_id, other_role, local_time,
       time_zone, number / %(clients)s + 2, placed.due_at::date, placed.due_at, placed.due_at + interval '7 days',
       CASE kind WHEN 3 THEN 'sent' WHEN 4 THEN 'planned' ELSE 'expired' END,
       CASE WHEN kind < 4 THEN placed.due_at END, CASE WHEN kind < 4 THEN placed.due_at END,
       CASE WHEN kind < 3 THEN placed.due_at + interval '7 days' END, '', 0,
       CASE kind WHEN 3 THEN placed.due_at + interval '7 days' END, token_nonce, token_key, number::text
  FROM placed JOIN model ON place = number %% %(clients)s
"""
_DELIVERIES = """
INSERT INTO counseling_delivery
      (id, follow_up_id, kind, number, state, attempt, next_at, owner, handed_over_at, accepted_at, message_id,
       smtp_code, created_at)
SELECT gen_random_uuid(), id, 'invitation', 1, 'sent', 1, due_at, 'worker', due_at, due_at, token_digest, 250, due_at
  FROM counseling_followup WHERE status <> 'planned' AND occurrence > 1
   AND token_digest::int BETWEEN %(first)s AND %(last)s
"""


def grow(before: int, size: int) -> None:
    """Fill the tables up, as a server that has been up for so long has them: vacuumed and analyzed."""
    rows = {"first": before, "last": size - 1, "clients": CLIENTS}
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW_UPS, rows)
        cursor.execute(_DELIVERIES, rows)
        cursor.execute("VACUUM (ANALYZE) counseling_followup, counseling_delivery")
        cursor.execute("CHECKPOINT")
    assert FollowUp.objects.count() == size


@contextmanager
def nothing_checked() -> Iterator[None]:
    """References that are right by construction are not looked up a million times."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role TO replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role TO DEFAULT")
