"""The fence: the last look before the point of no return, whether these emails may still leave and are ours to send."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from counseling.conf import conf
from counseling.contact import obstacles
from counseling.enums import (
    DeliveryEventKind,
    DeliveryKind,
    DeliveryState,
    EnrollmentStatus,
    FollowUpStatus,
    Reason,
)
from counseling.models import Delivery, FollowUp
from counseling.models.delivery import DeliveryQuerySet
from counseling.models.follow_up import AWAITED
from counseling.outbox.ending import end_follow_ups
from counseling.outbox.facts import Facts, held_facts
from counseling.outbox.ledger import note_deliveries
from counseling.outbox.spacing import allowed_from, gap
from counseling.outbox.statements import adapted, execute, for_update, let_go_after


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
    if reasons := obstacles(facts.client, agrees=facts.agrees, plan_stopped=facts.plan_stopped):
        unasked = facts.follow_up_status == FollowUpStatus.PLANNED and facts.kind == DeliveryKind.INVITATION
        return Objection(reasons[0], DeliveryState.CANCELLED, skips_follow_up=unasked)
    if (morning := allowed_from(now, facts.client)) > now:
        return Objection(Reason.QUIET_HOURS, DeliveryState.DUE, until=morning)
    if facts.last_email_at is not None and facts.last_email_at + gap() > now:
        return _too_soon(facts, facts.last_email_at)
    return None


def _too_soon(facts: Facts, last_email_at: datetime) -> Objection:
    return Objection(Reason.TOO_SOON, DeliveryState.DUE, until=allowed_from(last_email_at + gap(), facts.client))


def hand_over(deliveries: Collection[Delivery], *, now: datetime) -> dict[UUID, Objection | None]:
    """Commit that these are about to be sent, except for those that come back with what stands against it.

    None stands against one whose claim is not ours any more: the lease ran out, or the row left the outbox. About those
    that come back nothing is written. Consents are held no longer than the claims could be, whatever becomes of us.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            let_go_after(cursor, seconds=conf().lease_seconds)
        objections = _look(deliveries, now=now)
        passing = [delivery for delivery in deliveries if delivery.pk not in objections]
        passed = _move(passing, now=now)
    for delivery in passing:
        if delivery.pk in passed:
            delivery.state, delivery.handed_over_at = DeliveryState.HANDOFF, now
    return objections | {delivery.pk: None for delivery in passing if delivery.pk not in passed}


def _look(deliveries: Collection[Delivery], *, now: datetime) -> dict[UUID, Objection | None]:
    """What stands against each; of several to one client, the first goes ahead. Holds consents and clients."""
    found: dict[UUID, Objection | None] = {}
    served: set[UUID] = set()
    facts_of = held_facts(deliveries, now=now)
    for delivery in deliveries:
        client, facts = delivery.follow_up.client, facts_of[delivery.pk]
        if not facts.is_ours:
            found[delivery.pk] = None
        elif objection := find_objection(facts, now=now):
            found[delivery.pk] = objection
        elif (client.email_index, client.time_zone) != (facts.client.email_index, facts.client.time_zone):
            found[delivery.pk] = Objection(Reason.READDRESSED, DeliveryState.DUE, until=now)
        elif client.pk in served:
            found[delivery.pk] = _too_soon(facts, now)
        else:
            served.add(client.pk)
    return found


# On the deliveries' own rows, and last: whoever ends a follow-up meanwhile has taken its delivery out of the outbox, or
# is about to and holds it: then it is passed over. To wait for several rows in turn is to ask for a deadlock.
_CLAIMED = """
SELECT id FROM counseling_delivery
 WHERE id IN %(deliveries)s AND owner = %(owner)s AND attempt = %(attempt)s
   AND CASE WHEN state = 'claimed' THEN lease_until END > %(now)s
"""
_HAND_OVER = """
UPDATE counseling_delivery SET state = 'handoff', handed_over_at = %(now)s, lease_until = NULL WHERE id IN ({})
RETURNING id
"""


def _move(deliveries: Iterable[Delivery], *, now: datetime) -> set[UUID]:
    """Those of the deliveries that were still ours to move to handoff, one statement for those tried as often."""
    claims: dict[tuple[str, int], dict[object, UUID]] = defaultdict(dict)
    for delivery in deliveries:
        claims[delivery.owner, delivery.attempt][adapted(delivery.pk)] = delivery.pk
    moved: set[UUID] = set()
    statement = _HAND_OVER.format(_CLAIMED + for_update(" SKIP LOCKED"))
    with connection.cursor() as cursor:
        for (owner, attempt), ids in claims.items():
            facts = {"deliveries": [*ids.values()], "owner": owner, "attempt": attempt, "now": now}
            moved |= {ids[pk] for (pk,) in execute(cursor, statement, **facts).fetchall()}
    return moved


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
    """A reminder needs an open question; an invitation, one that was not asked yet.

    Closing a case ends its plans but for what is asked after the discharge, in one transaction: the plan says it all.
    """
    awaited = AWAITED if facts.kind == DeliveryKind.REMINDER else (FollowUpStatus.PLANNED,)
    return facts.follow_up_status in awaited and facts.enrollment_status == EnrollmentStatus.ACTIVE


def _claimed(delivery: Delivery) -> DeliveryQuerySet:
    return Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.CLAIMED, owner=delivery.owner, attempt=delivery.attempt
    )
