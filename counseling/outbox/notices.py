"""What an email provider tells after it took an email: that it arrived, waits, came back, or was not wanted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from counseling.enums import DeliveryEventKind, DeliveryState, FollowUpStatus, SuspensionCause
from counseling.models import Delivery, FollowUp, ProviderNotice
from counseling.outbox.ledger import note_deliveries
from counseling.outbox.settling import OPEN, ask, unask

WINDOW = timedelta(days=7)
"""How old a notice may be: providers try for days to hand one over, and only a replay comes later."""

AHEAD = timedelta(hours=1)
"""How far the provider's clock may run before ours."""

_USED = (FollowUpStatus.OPENED, FollowUpStatus.COMPLETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing told about one email, by whichever provider.

    ``delivery`` (with the ``attempt``) and ``message_id`` say which email, as far as the provider gave them back.
    ``is_lost`` means that it will never arrive. ``recipient`` is empty when the provider does not say.
    """

    provider: str
    event_id: str
    kind: DeliveryEventKind
    occurred_at: datetime | None = None
    delivery: UUID | None = None
    attempt: int | None = None
    message_id: str = ""
    recipient: str = field(default="", repr=False)
    detail: str = ""
    is_lost: bool = False
    suspends: SuspensionCause | None = None
    stops: bool = False


def find_noticed(notice: Notice) -> Delivery | None:
    """The email it is about; None when it is none of ours."""
    rows = Delivery.objects.select_related("follow_up__client")
    if notice.delivery is not None:
        return rows.filter(pk=notice.delivery).first()
    return rows.filter(message_id=notice.message_id).first() if notice.message_id else None


def is_out_of_time(notice: Notice, *, now: datetime) -> bool:
    at = notice.occurred_at
    return at is not None and not now - WINDOW <= at <= now + AHEAD


def take_once(notice: Notice, delivery: Delivery, *, now: datetime) -> bool:
    """Whether this is the first time that it is told. Of the same notice at the same time, one comes first."""
    try:
        with transaction.atomic():
            ProviderNotice.objects.create(
                delivery=delivery,
                provider=notice.provider,
                event_id=notice.event_id,
                kind=notice.kind,
                occurred_at=notice.occurred_at,
                received_at=now,
            )
    except IntegrityError:
        return False
    return True


def settle_by_notice(delivery: Delivery, notice: Notice, *, now: datetime) -> None:
    """Write down what became of the email. Joins the caller's transaction.

    Whatever is told, the email did leave: a doubt about that ends here. One that came back is dead, whichever notice
    comes first, unless the client has used its link: then it had arrived. A notice about an earlier try of the same
    email goes into the ledger only.
    """
    held = FollowUp.objects.select_related("step").select_for_update(of=("self",), no_key=True)
    follow_up = held.get(pk=delivery.follow_up_id)
    row = Delivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
    row.follow_up = follow_up
    note_deliveries([row], notice.kind, at=now, detail=notice.detail)
    if notice.attempt not in {None, row.attempt}:
        return
    if notice.is_lost and follow_up.status not in _USED:
        _kill(row)
    elif row.state in OPEN:
        ask([follow_up], now=now)
        Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.SENT, accepted_at=now)


def _kill(row: Delivery) -> None:
    """Dead until a person decides to send it again; if nothing else reached the client, they were not asked."""
    sent = Delivery.objects.filter(pk=row.pk, state__in=(*OPEN, DeliveryState.SENT))
    if sent.update(state=DeliveryState.DEAD, handed_over_at=None, accepted_at=None):
        unask([row.follow_up_id])
