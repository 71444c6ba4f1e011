"""The append-only ledger of a follow-up: what happened to it, without a personal word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from counseling.enums import DeliveryEventKind
from counseling.models import Delivery, DeliveryEvent


def note_follow_ups(follow_ups: Iterable[UUID], kind: DeliveryEventKind, *, at: datetime, detail: str = "") -> None:
    """One entry for each of the follow-ups, in one statement. ``detail`` is a `Reason` or a mail server's code."""
    DeliveryEvent.objects.bulk_create(
        DeliveryEvent(follow_up_id=pk, kind=kind, detail=detail, at=at) for pk in follow_ups
    )


def note_deliveries(deliveries: Iterable[Delivery], kind: DeliveryEventKind, *, at: datetime, detail: str = "") -> None:
    """One entry for each of the deliveries, in one statement."""
    DeliveryEvent.objects.bulk_create(
        DeliveryEvent(follow_up_id=delivery.follow_up_id, delivery=delivery, kind=kind, detail=detail, at=at)
        for delivery in deliveries
    )
