"""Nobody gets two emails at once: what falls due together leaves some hours apart, and never by night."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.db.models import DateTimeField, Max, Q, Value
from django.db.models.functions import Coalesce, Greatest

from counseling.conf import conf
from counseling.enums import DeliveryState
from counseling.models import Client, Clinic, Delivery
from counseling.outbox.ending import UNSENT
from counseling.schedule import QuietHours, next_allowed

LEFT = (DeliveryState.HANDOFF, DeliveryState.UNCERTAIN, DeliveryState.SENT)


def gap() -> timedelta:
    """The least time between two emails to one client."""
    return timedelta(hours=conf().spacing_hours)


def quiet_hours(clinic: Clinic) -> QuietHours | None:
    """When the clinic writes to nobody; none when both ends are the same."""
    if clinic.quiet_from == clinic.quiet_until:
        return None
    return QuietHours(clinic.quiet_from, clinic.quiet_until)


class Resident(Protocol):
    """Whoever lives in a time zone and is written to by a clinic."""

    @property
    def time_zone(self) -> str: ...
    @property
    def clinic(self) -> Clinic: ...


def allowed_from(instant: datetime, client: Resident) -> datetime:
    """The instant, or the end of the client's night when it lies in it. Reads ``client.clinic``."""
    return next_allowed(instant, client.time_zone, quiet_hours(client.clinic))


class Spacing:
    """Gives out instants for new emails of some clients, apart from those they have got or are about to get."""

    def __init__(self, clients: Iterable[UUID], *, now: datetime) -> None:
        self._now = now
        self._last = _last_emails(clients, now=now)

    def place(self, client: Client) -> datetime:
        """The next instant at which the client may be written to, taken from then on."""
        last = self._last.get(client.pk)
        earliest = self._now if last is None else max(self._now, last + gap())
        self._last[client.pk] = placed = allowed_from(earliest, client)
        return placed


def _last_emails(clients: Iterable[UUID], *, now: datetime) -> dict[UUID, datetime]:
    """When each client was, or will be, written to last. What is overdue counts as leaving now."""
    recent = Q(state__in=UNSENT) | Q(state__in=LEFT, handed_over_at__gt=now - gap())
    rows = Delivery.objects.filter(recent, follow_up__client__in=set(clients)).values_list("follow_up__client")
    leaves = Coalesce("handed_over_at", Greatest("next_at", Value(now, output_field=DateTimeField())))
    return dict(rows.annotate(last=Max(leaves)))
