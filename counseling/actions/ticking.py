"""What falls due by itself, without anybody asking: the one thing that the tasks and the command both do."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic

from counseling.actions.reviews import return_watched
from counseling.clock import DatabaseClock, database_now
from counseling.enums import Runner
from counseling.outbox.drain import EXPIRE, PLAN, SWEEP, Step, Tick, drain, take_steps
from counseling.outbox.heartbeat import note_finish, note_start
from counseling.queries.due_work import is_anything_due

BUDGET = timedelta(seconds=50)


def run_tick(*, runner: Runner, budget: timedelta = BUDGET) -> Tick:
    """Return watched findings to their queue, then send what is due, within about the budget.

    The heartbeat says when that began, and when it ended well. With nothing to do that is all, besides one query.
    """
    now = database_now()
    is_idle = not is_anything_due(now=now)
    note_start(runner, now=now, is_over=is_idle)
    if is_idle:
        return Tick()
    return_watched(now=now)
    tick = drain(budget=budget)
    note_finish(runner, emails=sum(tick.verdicts.values()), now=database_now())
    return tick


def plan_follow_ups() -> int:
    """Queue the invitations and reminders that fell due; how many follow-ups were looked at."""
    return _take(PLAN)


def expire_follow_ups() -> int:
    """Mark the follow-ups expired that were not answered in time; how many there were."""
    return _take(EXPIRE)


def sweep_handoffs() -> int:
    """Take back what dead workers had claimed, and list what no answer came to as uncertain; how many there were."""
    return _take(SWEEP)


def _take(steps: tuple[Step, ...]) -> int:
    return take_steps(*steps, clock=DatabaseClock(), until=monotonic() + BUDGET.total_seconds())
