"""Celery's way in. Messages carry nothing: losing or doubling one costs at most a tick."""

from __future__ import annotations

from celery import shared_task

from counseling.actions.ticking import run_tick


@shared_task(ignore_result=True)
def drain() -> None:
    """Do what is due, and come again at once if there was more than fits into one go."""
    if run_tick().has_more:
        drain.delay_on_commit()  # type: ignore[attr-defined]  # Celery's task class for Django
