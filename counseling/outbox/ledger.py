"""The append-only ledger of a follow-up: what happened to it, without a personal word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection
from uuid_utils.compat import uuid7

from counseling.enums import DeliveryEventKind, DeliveryState
from counseling.models import Delivery
from counseling.outbox.statements import insert

_TABLE = "counseling_deliveryevent"
_COLUMNS = {
    "id": "uuid",
    "follow_up_id": "uuid",
    "delivery_id": "uuid",
    "kind": "varchar",
    "detail": "varchar",
    "at": "timestamptz",
}
_Entry = tuple[UUID, UUID, UUID | None, str, str, datetime]


def note_follow_ups(follow_ups: Iterable[UUID], kind: DeliveryEventKind, *, at: datetime, detail: str = "") -> None:
    """One entry for each of the follow-ups, in one statement. ``detail`` is a `Reason` or a mail server's code."""
    _write((uuid7(), follow_up, None, str(kind), str(detail), at) for follow_up in follow_ups)


def note_deliveries(deliveries: Iterable[Delivery], kind: DeliveryEventKind, *, at: datetime, detail: str = "") -> None:
    """One entry for each of the deliveries, in one statement; ``deliveries`` are as they were before this happened.

    What became of a handoff is written down together with the handoff itself: until then, the delivery's state says it.
    """
    _write(entry for delivery in deliveries for entry in _entries(delivery, str(kind), at=at, detail=str(detail)))


def _entries(delivery: Delivery, kind: str, *, at: datetime, detail: str) -> Iterator[_Entry]:
    follow_up, pk = delivery.follow_up_id, delivery.pk
    if delivery.state == DeliveryState.HANDOFF and delivery.handed_over_at is not None:
        yield uuid7(), follow_up, pk, str(DeliveryEventKind.HANDED_OVER), "", delivery.handed_over_at
    yield uuid7(), follow_up, pk, kind, detail, at


def _write(entries: Iterable[_Entry]) -> None:
    with connection.cursor() as cursor:
        insert(cursor, _TABLE, _COLUMNS, [*entries])
