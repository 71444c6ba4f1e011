"""Celery's way in. Messages carry nothing: losing or doubling one costs at most a tick.

Beat queues `drain` alone, which does all there is to do. The others are parts of it under names of their own, for whom
wants them at other times or on other workers.
"""

from __future__ import annotations

from celery import shared_task

from counseling.actions import ticking
from counseling.enums import Runner


@shared_task(ignore_result=True)
def drain() -> None:
    """Do what is due, and come again at once if there was more than fits into one go."""
    if ticking.run_tick(runner=Runner.WORKER).has_more:
        drain.delay_on_commit()  # type: ignore[attr-defined]  # Celery's task class for Django


@shared_task(ignore_result=True)
def plan_follow_ups() -> None:
    """Put the invitations and reminders that fell due into the outbox."""
    ticking.plan_follow_ups()


@shared_task(ignore_result=True)
def expire_follow_ups() -> None:
    """Close what was not answered in time."""
    ticking.expire_follow_ups()


@shared_task(ignore_result=True)
def sweep_handoffs() -> None:
    """Free what dead workers held, and list what nobody knows the outcome of."""
    ticking.sweep_handoffs()
