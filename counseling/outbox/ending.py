"""Follow-ups that are over, many at once, and the emails about them that did not leave yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from counseling.enums import DeliveryEventKind, DeliveryState, FollowUpStatus, Reason
from counseling.models import Delivery, FollowUp
from counseling.models.follow_up import FollowUpQuerySet
from counseling.outbox.ledger import note_follow_ups
from counseling.transitions import FOLLOW_UP, sources_of

UNSENT = (DeliveryState.DUE, DeliveryState.CLAIMED)
_EMAIL_ENDS = {
    FollowUpStatus.EXPIRED: (DeliveryState.EXPIRED, DeliveryEventKind.EXPIRED),
    FollowUpStatus.CANCELLED: (DeliveryState.CANCELLED, DeliveryEventKind.CANCELLED),
    FollowUpStatus.SKIPPED: (DeliveryState.CANCELLED, DeliveryEventKind.CANCELLED),
}


@transaction.atomic
def end_follow_ups(rows: FollowUpQuerySet, *, to: FollowUpStatus, reason: Reason, now: datetime) -> int:
    """End those of the rows that may still end that way, with their unsent emails; how many there were.

    An email already handed over is beyond recall and is left to be settled.
    """
    sources = sources_of(FOLLOW_UP, to)
    held = rows.filter(status__in=sources).order_by("pk").select_for_update(of=("self",))
    ids = list(held.values_list("pk", flat=True))
    if not ids:
        return 0
    FollowUp.objects.filter(pk__in=ids, status__in=sources).update(status=to, ended_at=now, end_reason=reason)
    state, kind = _EMAIL_ENDS[to]
    withdraw_unsent(ids, to=state)
    note_follow_ups(ids, kind, at=now, detail=reason)
    return len(ids)


def withdraw_unsent(follow_ups: Iterable[UUID], *, to: DeliveryState) -> None:
    """Take the unsent emails about these follow-ups out of the outbox. Joins the caller's transaction."""
    Delivery.objects.filter(follow_up__in=follow_ups, state__in=UNSENT).update(state=to, lease_until=None)


def expire_overdue(*, now: datetime, limit: int = 500) -> int:
    """Mark up to ``limit`` follow-ups expired whose last moment has passed; how many there were."""
    overdue = FollowUp.objects.filter(pk__in=FollowUp.objects.overdue(now).order_by("expires_at").values("pk")[:limit])
    return end_follow_ups(overdue, to=FollowUpStatus.EXPIRED, reason=Reason.OVERDUE, now=now)
