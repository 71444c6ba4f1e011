"""Who works on what: a batch is claimed under a lease that its worker renews, and taken back once it ran out."""

from __future__ import annotations

import os
import random
import secrets
import socket
from datetime import datetime, timedelta
from itertools import groupby

from django.db import connection, transaction
from django.db.models import F

from counseling.conf import conf
from counseling.enums import DeliveryEventKind, DeliveryState, Reason
from counseling.models import Delivery
from counseling.models.delivery import DeliveryQuerySet
from counseling.outbox.backoff import retry_delay
from counseling.outbox.ledger import note_deliveries
from counseling.outbox.statements import commit_with_the_next

_random = random.SystemRandom()


def new_owner() -> str:
    """A name that no other worker, and no earlier life of this one, goes by."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(6)}"


_READ = (
    *("kind", "state", "attempt", "owner", "lease_until", "handed_over_at", "message_id", "follow_up"),
    *(
        f"follow_up__{name}"
        for name in (
            *("client", "step", "status", "occurrence", "local_time", "time_zone", "due_at", "expires_at"),
            *("reminders_queued", "token_nonce", "token_key", "step__max_reminders", "step__reminder_after_days"),
            *("client__email", "client__email_index", "client__email_is_safe", "client__language"),
            *("client__time_zone", "client__clinic", "client__clinic__quiet_from", "client__clinic__quiet_until"),
            *("client__clinic__sender_name", "client__clinic__reply_to"),
        )
    ),
)
"""All that writing, sending and settling an email needs."""


@transaction.atomic(durable=True)
def claim_due(owner: str, *, now: datetime, limit: int) -> list[Delivery]:
    """Take up to ``limit`` due deliveries, longest due first, for one lease. Workers get disjoint batches.

    A claim that is lost when the database itself dies is due again, and worth nothing to who believes to have it.
    """
    with connection.cursor() as cursor:
        commit_with_the_next(cursor)
    due = Delivery.objects.due(now).order_by("next_at", "id")
    free = due.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
    ids = list(free[:limit])
    Delivery.objects.filter(pk__in=ids, state=DeliveryState.DUE).update(
        state=DeliveryState.CLAIMED, owner=owner, attempt=F("attempt") + 1, lease_until=now + _lease()
    )
    mine = Delivery.objects.filter(pk__in=ids, state=DeliveryState.CLAIMED, owner=owner)
    everything = mine.select_related("follow_up__client__clinic", "follow_up__step").only(*_READ)
    claimed = list(everything.order_by("next_at", "id"))
    note_deliveries(claimed, DeliveryEventKind.CLAIMED, at=now)
    return claimed


@transaction.atomic(durable=True)
def renew_leases(owner: str, *, now: datetime) -> int:
    """Hold on to what this worker still has claimed; how many there are."""
    return _held_by(owner).update(lease_until=now + _lease())


@transaction.atomic(durable=True)
def release_claims(owner: str, *, until: datetime | None = None) -> int:
    """Put back, unharmed, what this worker did not get to; not to be tried before ``until``, if given."""
    later = {} if until is None else {"next_at": until}
    return _held_by(owner).update(
        state=DeliveryState.DUE, owner="", lease_until=None, attempt=F("attempt") - 1, **later
    )


@transaction.atomic
def reclaim_expired(*, now: datetime, limit: int = 500) -> int:
    """Make due again what workers claimed and never came back for; how many there were.

    At once for the first time; one that keeps losing its workers waits longer each time, so that it can't take the
    others down with it.
    """
    ran_out = Delivery.objects.lease_ran_out(now).order_by("attempt")
    rows = list(ran_out.select_for_update(skip_locked=True, no_key=True)[:limit])
    for attempt, group in groupby(rows, key=lambda row: row.attempt):
        pks = [row.pk for row in group]
        Delivery.objects.lease_ran_out(now).filter(pk__in=pks).update(
            state=DeliveryState.DUE, owner="", lease_until=None, next_at=now + jittered_delay(attempt - 1)
        )
    note_deliveries(rows, DeliveryEventKind.DEFERRED, at=now, detail=Reason.LEASE_RAN_OUT)
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
