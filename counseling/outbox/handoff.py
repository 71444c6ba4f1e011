"""The last look before the point of no return: whether this email may still leave, and is still ours to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from counseling.contact import obstacles
from counseling.enums import (
    CaseStatus,
    ConsentPurpose,
    DeliveryEventKind,
    DeliveryKind,
    DeliveryState,
    EnrollmentStatus,
    FollowUpStatus,
    Reason,
)
from counseling.exceptions import StaleState
from counseling.models import Consent, Delivery, FollowUp
from counseling.outbox.ending import end_follow_ups
from counseling.outbox.facts import with_facts
from counseling.outbox.ledger import note_deliveries
from counseling.outbox.spacing import allowed_from, gap


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an email may not leave now. ``until`` is when to try again; without it, never."""

    reason: Reason
    state: DeliveryState
    until: datetime | None = None
    skips_follow_up: bool = False


def find_objection(delivery: Any, *, now: datetime) -> Objection | None:
    """What stands against sending this delivery (read `with_facts`) at this moment. Queries nothing."""
    follow_up = delivery.follow_up
    if now >= follow_up.expires_at:
        return Objection(Reason.OVERDUE, DeliveryState.EXPIRED)
    if not _is_awaited(delivery):
        return Objection(Reason.NOT_AWAITED, DeliveryState.CANCELLED)
    if reasons := obstacles(follow_up.client, agrees=delivery.agrees):
        unasked = follow_up.status == FollowUpStatus.PLANNED and delivery.kind == DeliveryKind.INVITATION
        return Objection(reasons[0], DeliveryState.CANCELLED, skips_follow_up=unasked)
    if (morning := allowed_from(now, follow_up.client)) > now:
        return Objection(Reason.QUIET_HOURS, DeliveryState.DUE, until=morning)
    if delivery.last_email_at is not None and delivery.last_email_at + gap() > now:
        later = allowed_from(delivery.last_email_at + gap(), follow_up.client)
        return Objection(Reason.TOO_SOON, DeliveryState.DUE, until=later)
    return None


@transaction.atomic(durable=True)
def hand_over(delivery: Delivery, *, now: datetime) -> Objection | None:
    """Commit that this delivery is about to be sent, unless something stands against it: then that, nothing written.

    Consent and client are held meanwhile, so a withdrawal is either seen here or comes after. Raises `StaleState`
    when the claim is not ours any more: the lease ran out, or the row was taken out of the outbox.
    """
    _hold_person(delivery)
    held = Delivery.objects.filter(pk=delivery.pk).select_for_update(of=("self",), no_key=True)
    fresh = with_facts(held, now=now).get()
    if not _is_ours(fresh, delivery, now):
        raise StaleState(f"delivery {delivery.pk} is not claimed by this worker any more")
    if objection := find_objection(fresh, now=now):
        return objection
    _claimed(delivery).update(state=DeliveryState.HANDOFF, handed_over_at=now, lease_until=None)
    note_deliveries([delivery], DeliveryEventKind.HANDED_OVER, at=now)
    return None


@transaction.atomic(durable=True)
def turn_down(delivery: Delivery, objection: Objection, *, now: datetime) -> None:
    """Do with a claimed delivery what the objection says; one that is not ours any more is left alone."""
    if objection.skips_follow_up:
        rows = FollowUp.objects.filter(pk=delivery.follow_up_id)
        end_follow_ups(rows, to=FollowUpStatus.SKIPPED, reason=objection.reason, now=now)
        return
    if objection.until is None:
        changed = _claimed(delivery).update(state=objection.state, lease_until=None)
    else:
        changed = _claimed(delivery).update(
            state=objection.state, next_at=objection.until, owner="", lease_until=None, attempt=F("attempt") - 1
        )
    if changed:
        note_deliveries([delivery], _LEDGER[objection.state], at=now, detail=objection.reason)


_LEDGER = {
    DeliveryState.DUE: DeliveryEventKind.DEFERRED,
    DeliveryState.CANCELLED: DeliveryEventKind.CANCELLED,
    DeliveryState.EXPIRED: DeliveryEventKind.EXPIRED,
}


def _is_awaited(delivery: Delivery) -> bool:
    """A reminder needs an open question; an invitation, one that was not asked yet."""
    follow_up = delivery.follow_up
    unasked = follow_up.status == FollowUpStatus.PLANNED
    return (
        follow_up.is_awaited
        and (unasked or delivery.kind == DeliveryKind.REMINDER)
        and follow_up.enrollment.status == EnrollmentStatus.ACTIVE
        and follow_up.case.status != CaseStatus.CLOSED
    )


def _hold_person(delivery: Delivery) -> None:
    consents = Consent.objects.standing().filter(
        client=delivery.follow_up.client_id, purpose=ConsentPurpose.FOLLOW_UP_EMAIL
    )
    list(consents.select_related("client").only("client__id").select_for_update(of=("self", "client"), no_key=True))


def _is_ours(fresh: Delivery, claimed: Delivery, now: datetime) -> bool:
    return (
        fresh.state == DeliveryState.CLAIMED
        and (fresh.owner, fresh.attempt) == (claimed.owner, claimed.attempt)
        and fresh.lease_until is not None
        and fresh.lease_until > now
    )


def _claimed(delivery: Delivery) -> Any:
    return Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.CLAIMED, owner=delivery.owner, attempt=delivery.attempt
    )
