"""What falls due by itself, without anybody asking: the one thing that the task and the command both do."""

from __future__ import annotations

from datetime import timedelta

from counseling.actions.reviews import return_watched
from counseling.clock import database_now
from counseling.outbox.drain import Tick, drain


def run_tick(*, budget: timedelta = timedelta(seconds=50)) -> Tick:
    """Return watched findings to their queue, then send what is due, within about the budget."""
    return_watched(now=database_now())
    return drain(budget=budget)
