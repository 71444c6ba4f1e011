"""How the follow-ups of the whole installation are doing, in numbers: for whoever runs it, and for their monitor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from counseling.clock import first_uuid7
from counseling.enums import DeliveryEventKind, DeliveryState
from counseling.models import Delivery, DeliveryEvent, FollowUp, Heartbeat, MailCircuit
from counseling.models.delivery import UNRESOLVED
from counseling.queries.pulse import Pulse, take_pulse

IN_OUTBOX = (DeliveryState.DUE, DeliveryState.CLAIMED, DeliveryState.HANDOFF, *UNRESOLVED)
HEARD = (DeliveryEventKind.ACCEPTED, DeliveryEventKind.DEFERRED, DeliveryEventKind.REJECTED)
HOUR = timedelta(hours=1)
SKEW = timedelta(minutes=10)
"""A row's key tells its time by the clock of the machine that made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpStatus:
    """``due`` counts what may leave now, ``late`` what could have so long ago; ``awaiting_person``, by state, the
    emails of open questions that nothing more happens to by itself. ``last_hour`` is by what was heard of emails.
    """

    pulse: Pulse
    ticks: Mapping[str, Heartbeat]
    due: int
    late: int
    outbox: Mapping[str, int]
    awaiting_person: Mapping[str, int]
    circuit: MailCircuit | None
    last_hour: Mapping[str, int]


def follow_up_status(*, now: datetime, late: timedelta) -> FollowUpStatus:
    """Read through partial indexes: what was sent long ago costs nothing."""
    waiting = Delivery.objects.filter(state__in=UNRESOLVED)
    return FollowUpStatus(
        pulse=take_pulse(now=now),
        ticks={row.runner: row for row in Heartbeat.objects.order_by("-started_at")},
        due=_due(now),
        late=_due(now - late, at=now),
        outbox={str(state): Delivery.objects.filter(state=state).count() for state in IN_OUTBOX},
        awaiting_person={str(state): waiting.awaiting_person().filter(state=state).count() for state in UNRESOLVED},
        circuit=MailCircuit.objects.first(),
        last_hour=_heard(since=now - HOUR),
    )


def _due(before: datetime, *, at: datetime | None = None) -> int:
    """Emails, invitations and reminders due by then and, of follow-ups that can still be answered, not gone."""
    still = {"expires_at__gt": at or before}
    return (
        Delivery.objects.due(before).count()
        + FollowUp.objects.unqueued(before).filter(**still).count()
        + FollowUp.objects.reminder_due(before).filter(**still).count()
    )


def _heard(*, since: datetime) -> dict[str, int]:
    """The ledger's entries by kind, found by their keys, which are in the order of time."""
    entries = DeliveryEvent.objects.filter(pk__gte=first_uuid7(since - SKEW), at__gte=since, kind__in=HEARD)
    found = dict(entries.order_by().values_list("kind").annotate(Count("pk")))
    return {str(kind): found.get(kind, 0) for kind in HEARD}
