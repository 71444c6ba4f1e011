"""Who works on what: a batch is claimed under a lease that its worker renews, and taken back once it ran out."""

from __future__ import annotations

import os
import random
import secrets
import socket
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, DateTimeField, F, Value, When

from counseling.conf import conf
from counseling.enums import DeliveryEventKind, DeliveryState, Reason
from counseling.models import Clinic, Delivery, PlanStep
from counseling.models.delivery import DeliveryQuerySet
from counseling.outbox.backoff import retry_delay
from counseling.outbox.ledger import note_deliveries
from counseling.outbox.statements import commit_with_the_next, execute, for_update

_random = random.SystemRandom()


def new_owner() -> str:
    """A name that no other worker, and no earlier life of this one, goes by."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(6)}"


# Two statements: as one, the plan may look for free rows more than once, and take more than it should.
_FREE = """
SELECT id FROM counseling_delivery WHERE state = 'due' AND next_at <= %(now)s{} ORDER BY next_at, id LIMIT %(limit)s
"""
_UNLESS_OPEN = " AND NOT EXISTS (SELECT 1 FROM counseling_mailcircuit WHERE opened_at IS NOT NULL)"
_CLAIM = """
UPDATE counseling_delivery SET state = 'claimed', owner = %(owner)s, attempt = attempt + 1, lease_until = %(until)s
 WHERE id IN %(ids)s AND state || '' = 'due'
"""
_READ = (
    *("kind", "state", "attempt", "owner", "lease_until", "handed_over_at", "message_id", "follow_up"),
    *(
        f"follow_up__{name}"
        for name in (
            *("client", "step", "status", "occurrence", "local_time", "time_zone", "due_at", "expires_at"),
            *("reminders_queued", "token_nonce", "token_key"),
            *(
                "client__email",
                "client__email_index",
                "client__email_is_safe",
                "client__suspended_index",
                "client__language",
            ),
            *("client__time_zone", "client__clinic"),
        )
    ),
)
"""All of a delivery that writing, sending and settling its email needs, besides the clinic and the plan's step."""


@transaction.atomic(durable=True)
def claim_due(owner: str, *, now: datetime, limit: int, probing: bool = False) -> list[Delivery]:
    """Take up to ``limit`` due deliveries, longest due first, for one lease. Workers get disjoint batches.

    While the mail circuit is open there are none, but for the worker that is ``probing``.
    A claim that is lost when the database itself dies is due again, and worth nothing to who believes to have it.
    """
    with connection.cursor() as cursor:
        commit_with_the_next(cursor)
        look = _FREE.format("" if probing else _UNLESS_OPEN) + for_update(" SKIP LOCKED")
        free = execute(cursor, look, now=now, limit=limit).fetchall()
        if not free:
            return []
        ids = [pk for (pk,) in free]
        execute(cursor, _CLAIM, ids=ids, owner=owner, until=now + _lease())
    claimed = _read(ids, owner)
    note_deliveries(claimed, DeliveryEventKind.CLAIMED, at=now)
    return claimed


def _read(ids: Collection[UUID | str], owner: str) -> list[Delivery]:
    """The deliveries; clinics and steps, which are few, are read once for all of them."""
    mine = Delivery.objects.filter(pk__in=ids, state=DeliveryState.CLAIMED, owner=owner)
    rows = list(mine.select_related("follow_up__client").only(*_READ).order_by("next_at", "id"))
    clinics = Clinic.objects.in_bulk({row.follow_up.client.clinic_id for row in rows})
    steps = PlanStep.objects.in_bulk({row.follow_up.step_id for row in rows})
    for row in rows:
        row.follow_up.client.clinic = clinics[row.follow_up.client.clinic_id]
        row.follow_up.step = steps[row.follow_up.step_id]
    return rows


@transaction.atomic(durable=True)
def renew_leases(owner: str, *, now: datetime) -> int:
    """Hold on to what this worker still has claimed; how many there are."""
    return _held_by(owner).update(lease_until=now + _lease())


@transaction.atomic(durable=True)
def release_claims(owner: str) -> int:
    """Put back, unharmed, what this worker did not get to."""
    return _held_by(owner).update(state=DeliveryState.DUE, owner="", lease_until=None, attempt=F("attempt") - 1)


@transaction.atomic(durable=True)
def put_off(deliveries: Mapping[Delivery, datetime], *, reason: Reason, now: datetime) -> None:
    """Have claimed deliveries of one worker wait, each until its instant, unharmed. Nothing happens to other rows."""
    if not deliveries:
        return
    owner = next(iter(deliveries)).owner
    instants = [When(pk=row.pk, then=Value(at, output_field=DateTimeField())) for row, at in deliveries.items()]
    mine = _held_by(owner).filter(pk__in=[row.pk for row in deliveries])
    mine.update(state=DeliveryState.DUE, next_at=Case(*instants), owner="", lease_until=None, attempt=F("attempt") - 1)
    note_deliveries(deliveries, DeliveryEventKind.DEFERRED, at=now, detail=reason)


@transaction.atomic
def reclaim_expired(*, now: datetime, limit: int = 500) -> int:
    """Make due again what workers claimed and never came back for; how many there were.

    At once for the first time; one that keeps losing its workers waits longer each time, and each by dice of its own:
    those that were claimed together part ways, so that the one at fault can't take the others down with it.
    """
    ran_out = Delivery.objects.lease_ran_out(now).select_for_update(skip_locked=True, no_key=True)
    rows = list(ran_out[:limit])
    note_deliveries(rows, DeliveryEventKind.DEFERRED, at=now, detail=Reason.LEASE_RAN_OUT)
    for row in rows:
        row.state, row.owner, row.lease_until = DeliveryState.DUE, "", None
        row.next_at = now + jittered_delay(row.attempt - 1)
    Delivery.objects.bulk_update(rows, ["state", "owner", "lease_until", "next_at"])
    return len(rows)


def jittered_delay(failures: int) -> timedelta:
    return retry_delay(failures, dice=_random.random())


def _held_by(owner: str) -> DeliveryQuerySet:
    """The owner's claims, except one that another transaction is just taking out of the outbox."""
    claims = Delivery.objects.filter(state=DeliveryState.CLAIMED, owner=owner)
    free = claims.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
    return claims.filter(pk__in=list(free))


def _lease() -> timedelta:
    return timedelta(seconds=conf().lease_seconds)
