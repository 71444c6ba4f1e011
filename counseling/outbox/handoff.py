"""The last look before the point of no return: whether this email may still leave, and is still ours to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from counseling.contact import obstacles
from counseling.enums import (
    CaseStatus,
    DeliveryEventKind,
    DeliveryKind,
    DeliveryState,
    EnrollmentStatus,
    FollowUpStatus,
    Reason,
)
from counseling.exceptions import StaleState
from counseling.models import Delivery, FollowUp
from counseling.models.delivery import DeliveryQuerySet
from counseling.models.follow_up import AWAITED
from counseling.outbox.ending import end_follow_ups
from counseling.outbox.facts import Facts, known_facts, with_facts
from counseling.outbox.fence import pass_fence
from counseling.outbox.ledger import note_deliveries
from counseling.outbox.spacing import allowed_from, gap


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an email may not leave now. ``until`` is when to try again; without it, never."""

    reason: Reason
    state: DeliveryState
    until: datetime | None = None
    skips_follow_up: bool = False


def find_objection(facts: Facts, *, now: datetime) -> Objection | None:
    """What stands against sending at this moment. Pure."""
    if now >= facts.expires_at:
        return Objection(Reason.OVERDUE, DeliveryState.EXPIRED)
    if not _is_awaited(facts):
        return Objection(Reason.NOT_AWAITED, DeliveryState.CANCELLED)
    if reasons := obstacles(facts.client, agrees=facts.agrees):
        unasked = facts.follow_up_status == FollowUpStatus.PLANNED and facts.kind == DeliveryKind.INVITATION
        return Objection(reasons[0], DeliveryState.CANCELLED, skips_follow_up=unasked)
    if (morning := allowed_from(now, facts.client)) > now:
        return Objection(Reason.QUIET_HOURS, DeliveryState.DUE, until=morning)
    if facts.last_email_at is not None and facts.last_email_at + gap() > now:
        later = allowed_from(facts.last_email_at + gap(), facts.client)
        return Objection(Reason.TOO_SOON, DeliveryState.DUE, until=later)
    return None


def hand_over(delivery: Delivery, *, now: datetime) -> Objection | None:
    """Commit that this delivery is about to be sent, unless something stands against it: then that, nothing written.

    Raises `StaleState` when the claim is not ours any more: the lease ran out, or the row left the outbox.
    """
    with transaction.atomic(durable=True):
        has_passed = pass_fence(delivery, now=now)
    if not has_passed:
        return _why_not(delivery, now)
    delivery.state, delivery.handed_over_at = DeliveryState.HANDOFF, now
    return None


def _was_readdressed(written: Delivery, fresh: Delivery) -> bool:
    """Whether the email was written for an address or an hour that is the client's no longer."""
    before, after = written.follow_up.client, fresh.follow_up.client
    return (before.email_index, before.time_zone) != (after.email_index, after.time_zone)


def _why_not(delivery: Delivery, now: datetime) -> Objection:
    fresh = with_facts(_claimed(delivery).filter(lease_until__gt=now), now=now).first()
    objection = find_objection(known_facts(fresh), now=now) if fresh is not None else None
    if objection is None and fresh is not None and _was_readdressed(delivery, fresh):
        objection = Objection(Reason.READDRESSED, DeliveryState.DUE, until=now)
    if objection is None:
        raise StaleState(f"delivery {delivery.pk} is not this worker's to send any more")
    return objection


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


def _is_awaited(facts: Facts) -> bool:
    """A reminder needs an open question; an invitation, one that was not asked yet."""
    awaited = AWAITED if facts.kind == DeliveryKind.REMINDER else (FollowUpStatus.PLANNED,)
    return (
        facts.follow_up_status in awaited
        and facts.enrollment_status == EnrollmentStatus.ACTIVE
        and facts.case_status != CaseStatus.CLOSED
    )


def _claimed(delivery: Delivery) -> DeliveryQuerySet:
    return Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.CLAIMED, owner=delivery.owner, attempt=delivery.attempt
    )
