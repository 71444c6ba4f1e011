"""One tick of the outbox: what is over is closed, what is due is queued, what is queued is sent.

The steps before sending can be taken by themselves as well, any number of times at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

from counseling.clock import DatabaseClock
from counseling.models import Delivery
from counseling.outbox.claiming import reclaim_expired
from counseling.outbox.ending import expire_overdue
from counseling.outbox.queueing import queue_invitations, queue_reminders
from counseling.outbox.sending import Clock, Ending, Sender
from counseling.outbox.settling import mark_uncertain
from counseling.queries.due_work import is_anything_due
from counseling.transport import Transport, open_transport

BATCH = 500

Step = Callable[..., int]
EXPIRE: tuple[Step, ...] = (expire_overdue,)
SWEEP: tuple[Step, ...] = (reclaim_expired, mark_uncertain)
PLAN: tuple[Step, ...] = (queue_invitations, queue_reminders)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """What one tick did: emails by the server's verdict, and whether time ran out before the work did."""

    verdicts: dict[str, int] = field(default_factory=dict)
    ending: Ending = Ending.EMPTY

    @property
    def has_more(self) -> bool:
        return self.ending == Ending.TIME_UP


def drain(
    *,
    budget: timedelta = timedelta(seconds=50),
    clock: Clock | None = None,
    transport: Callable[[], Transport] = open_transport,
) -> Tick:
    """Do everything that is due, within about the budget. Any number may run at once, and any may be lost.

    With nothing to do it costs one query and connects to nothing.
    """
    clock = clock or DatabaseClock()
    if not is_anything_due(now=clock()):
        return Tick()
    until = monotonic() + budget.total_seconds()
    take_steps(*EXPIRE, *SWEEP, *PLAN, clock=clock, until=until)
    if not Delivery.objects.due(clock()).order_by("next_at").values("pk")[:1]:
        return Tick()
    sender = Sender(transport(), clock=clock)
    ending = sender.send_due(until=until)
    return Tick(verdicts={str(verdict): count for verdict, count in sender.counts.items()}, ending=ending)


def take_steps(*steps: Step, clock: Clock, until: float) -> int:
    """Take each step batch by batch until there is nothing left to do, or the time is up; how many rows there were."""
    count = 0
    for step in steps:
        while True:
            done = step(now=clock(), limit=BATCH)
            count += done
            if done < BATCH or monotonic() >= until:
                break
    return count
