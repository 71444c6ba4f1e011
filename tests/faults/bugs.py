"""Workers with a known bug each. The suite has to notice every one of them, or it proves nothing.

They are planted into a forked worker only; the product has no switch for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection

from counseling.outbox import drain as ticking
from counseling.outbox import queueing, sending
from counseling.transport import Outcome, Verdict
from counseling.transport.smtp import SmtpTransport


def _send_then_mark() -> None:
    """The dot first, the handoff after the answer."""
    finish = SmtpTransport._finish

    class Later:
        def hand_over(self, offered: Any) -> Any:
            return offered

    def finish_then_ask(self: Any, lines: Any, permit: Any) -> None:
        finish(self, lines, Later())  # type: ignore[arg-type]
        permit.hand_over([*lines])

    SmtpTransport._finish = finish_then_ask  # type: ignore[method-assign]


def _mark_first() -> None:
    """Sent in the database as soon as it is handed over."""
    hand_over = sending.hand_over

    def hand_over_and_settle(deliveries: Any, *, now: Any) -> Any:
        objections = hand_over(deliveries, now=now)
        passed = [delivery for delivery in deliveries if delivery.pk not in objections]
        sending.settle({delivery: Outcome(Verdict.ACCEPTED, 250) for delivery in passed}, now=now)
        return objections

    sending.hand_over = hand_over_and_settle


def _no_fence() -> None:
    """Whoever has a delivery in hand sends it."""
    sending.hand_over = lambda _deliveries, *, now: {}


def _no_lock() -> None:
    """Two workers may queue the same follow-up at once: what then keeps it from being asked twice is the constraint."""
    from django.db.models import QuerySet

    queueing._held = lambda rows: rows
    create = QuerySet.bulk_create

    def create_later(self: Any, rows: Any, **options: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
        return create(self, rows, **options)

    QuerySet.bulk_create = create_later  # type: ignore[method-assign]


def _reclaims_handoffs() -> None:
    """What was handed over by a worker that is gone is taken back like a claim."""
    reclaim, *others = ticking.SWEEP
    statement = (
        "UPDATE counseling_delivery SET state = 'due', next_at = now(), handed_over_at = NULL, owner = ''"
        " WHERE state = 'handoff' AND handed_over_at < now() - interval '1 minute'"
    )

    def reclaim_everything(**facts: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement)
        return reclaim(**facts)

    ticking.SWEEP = (reclaim_everything, *others)


BUGS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "send-then-mark": _send_then_mark,
    "mark-first": _mark_first,
    "no-fence": _no_fence,
    "no-lock": _no_lock,
    "reclaims-handoffs": _reclaims_handoffs,
}
