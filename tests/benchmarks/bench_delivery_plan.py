"""Follow-ups a second that plans write: for many cases at once when their plan gains a step, and case by case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from counseling.actions.enrollments import start_enrollment
from counseling.actions.plans import StepDetails, update_plan
from counseling.enums import Cadence
from counseling.links import new_link
from counseling.models import FollowUp, FollowUpPlan
from tests.benchmarks.databases import throwaway_database
from tests.benchmarks.registry import Measurement, benchmark
from tests.load import agreeing_cases, clinic_plan, put_on_plan

CASES = 1000
OCCASIONS = 100
STARTED = 50
"""So many cases are started one by one, each in a transaction of its own."""


@benchmark(
    "delivery_plan", unit="follow-ups/s", against="the ORM's bulk_create of as many rows: no comparison, no ledger"
)
def delivery_plan() -> Measurement:
    """A plan gains a step of 100 occasions while 1,000 cases are on it: 100,000 follow-ups in one transaction."""
    with throwaway_database():
        now = datetime.now(UTC)
        plan, lead, admin = clinic_plan(now)
        cases = agreeing_cases(CASES + STARTED, lead, now)
        put_on_plan(cases[:CASES], plan, lead, now)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        first = plan.steps.get()
        daily: dict[str, Any] = {"cadence": Cadence.DAILY, "send_at": time(9), "offset_days": 1}
        steps = [
            StepDetails(instrument=first.instrument, id=first.pk, occurrences=1),
            StepDetails(instrument=first.instrument, occurrences=OCCASIONS, **daily),
        ]
        seconds = _seconds(
            lambda: update_plan(plan, name=plan.name, description="", is_active=True, steps=steps, by=admin, now=now)
        )
        planned = CASES * OCCASIONS
        assert FollowUp.objects.count() == planned + CASES
        reference = _bulk_create(10_000)
        again = _seconds(
            lambda: update_plan(
                plan, name=plan.name, description="", is_active=True, steps=_same(plan), by=admin, now=now
            )
        )
        started = [
            _seconds(partial(start_enrollment, case, plan, start_on=now.date() + timedelta(days=1), by=lead, now=now))
            for case in cases[CASES:]
        ]
    return Measurement(
        figure=planned / seconds,
        reference=reference,
        also={
            "planned": planned,
            "seconds": seconds,
            "started_one_by_one_per_second": STARTED * (OCCASIONS + 1) / sum(started),
            "compared_and_unchanged_per_second": planned / again,
        },
    )


def _same(plan: FollowUpPlan) -> list[StepDetails]:
    names = StepDetails.__slots__
    return [StepDetails(**{name: getattr(step, name) for name in names}) for step in plan.steps.order_by("position")]


def _seconds(call: Callable[[], object]) -> float:
    started = perf_counter()
    call()
    return perf_counter() - started


def _bulk_create(count: int) -> float:
    """Rows a second of copies of what was planned, each with a link of its own; taken back."""
    rows = list(FollowUp.objects.all()[:count])
    for row in rows:
        row.pk = FollowUp._meta.pk.get_default()
        row.occurrence += 10_000
        for name, value in new_link(row.pk).items():
            setattr(row, name, value)
    with transaction.atomic():
        seconds = _seconds(lambda: FollowUp.objects.bulk_create(rows, batch_size=1000))
        seconds += _seconds(connection.check_constraints)
        transaction.set_rollback(True)
    return count / seconds
