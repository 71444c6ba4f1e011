"""The append-only ledger of a follow-up: what happened to it, without a personal word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from counseling.enums import DeliveryEventKind, DeliveryState
from counseling.models import Delivery, DeliveryEvent


def note_follow_ups(follow_ups: Iterable[UUID], kind: DeliveryEventKind, *, at: datetime, detail: str = "") -> None:
    """One entry for each of the follow-ups, in one statement. ``detail`` is a `Reason` or a mail server's code."""
    DeliveryEvent.objects.bulk_create(
        DeliveryEvent(follow_up_id=pk, kind=kind, detail=detail, at=at) for pk in follow_ups
    )


def note_deliveries(deliveries: Iterable[Delivery], kind: DeliveryEventKind, *, at: datetime, detail: str = "") -> None:
    """One entry for each of the deliveries, in one statement; ``deliveries`` are as they were before this happened.

    What became of a handoff is written down together with the handoff itself: until then, the delivery's state says it.
    """
    DeliveryEvent.objects.bulk_create(
        entry for delivery in deliveries for entry in _entries(delivery, kind, at=at, detail=detail)
    )


def _entries(delivery: Delivery, kind: DeliveryEventKind, *, at: datetime, detail: str) -> Iterator[DeliveryEvent]:
    about = {"follow_up_id": delivery.follow_up_id, "delivery": delivery}
    if delivery.state == DeliveryState.HANDOFF and delivery.handed_over_at is not None:
        yield DeliveryEvent(**about, kind=DeliveryEventKind.HANDED_OVER, at=delivery.handed_over_at)
    yield DeliveryEvent(**about, kind=kind, detail=detail, at=at)
