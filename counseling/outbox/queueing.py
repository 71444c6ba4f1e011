"""From a follow-up that fell due to an email in the outbox: invitations first, later reminders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from uuid_utils.compat import uuid7

from counseling.conf import conf
from counseling.contact import obstacles
from counseling.enums import DeliveryEventKind, DeliveryKind, DeliveryState, FollowUpStatus, Reason
from counseling.models import Consent, Delivery, FollowUp, PlanStop
from counseling.outbox.ending import end_follow_ups
from counseling.outbox.ledger import note_deliveries, note_follow_ups
from counseling.outbox.reminding import next_reminder
from counseling.outbox.spacing import Spacing


@transaction.atomic
def queue_invitations(*, now: datetime, limit: int = 500) -> int:
    """Queue the invitations of up to ``limit`` follow-ups that fell due; how many were looked at.

    Of several unasked ones of the same step, as after an outage, only the latest is asked; the others are skipped. So
    are those of clients who can't be written to, each with its reason. Rows another worker holds are left to it.
    """
    same = {name: OuterRef(name) for name in ("enrollment", "step", "client")}
    superseding = FollowUp.objects.unqueued(now).filter(**same, due_at__gt=OuterRef("due_at"))
    due = _with_stops(FollowUp.objects.unqueued(now).annotate(is_superseded=Exists(superseding)).order_by("due_at"))
    rows = list(_held(due.select_related("client__clinic"))[:limit])
    agreeing = Consent.objects.agreeing({row.client_id for row in rows})
    asked: list[FollowUp] = []
    skipped: dict[Reason, list[UUID]] = defaultdict(list)
    for row in rows:
        reasons = _reasons_to_skip(row, agreeing)
        if reasons:
            skipped[reasons[0]].append(row.pk)
        else:
            asked.append(row)
    _skip(skipped, now=now)
    FollowUp.objects.filter(pk__in=[row.pk for row in asked], queued_at__isnull=True).update(queued_at=now)
    earlier = _invitations_withdrawn(asked)
    _enqueue({row: (DeliveryKind.INVITATION, earlier.get(row.pk, 0) + 1) for row in asked}, now=now)
    return len(rows)


@transaction.atomic
def queue_reminders(*, now: datetime, limit: int = 500) -> int:
    """Queue the reminders of up to ``limit`` follow-ups whose time has come; how many were looked at.

    What a partner did plays no part.
    """
    due = _with_stops(FollowUp.objects.reminder_due(now).order_by("next_reminder_at"))
    rows = list(_held(due.select_related("client__clinic", "step"))[:limit])
    agreeing = Consent.objects.agreeing({row.client_id for row in rows})
    reminded: dict[FollowUp, tuple[DeliveryKind, int]] = {}
    for row in rows:
        reasons = _obstacles(row, agreeing)
        row.next_reminder_at = None
        if reasons:
            note_follow_ups([row.pk], DeliveryEventKind.CANCELLED, at=now, detail=reasons[0])
        elif row.reminders_queued < row.step.max_reminders:
            row.reminders_queued += 1
            row.next_reminder_at = next_reminder(row, asked_at=row.sent_at or row.queued_at or now, after=now)
            reminded[row] = (DeliveryKind.REMINDER, row.reminders_queued)
    FollowUp.objects.bulk_update(rows, ["reminders_queued", "next_reminder_at"])
    _enqueue(reminded, now=now)
    return len(rows)


def _invitations_withdrawn(rows: Iterable[FollowUp]) -> dict[UUID, int]:
    """How many invitations each follow-up had that a changed plan took out of the outbox again.

    One that still stands does not count: should anybody else queue the same follow-up, the number is taken, and the
    database refuses the second.
    """
    withdrawn = Delivery.objects.filter(kind=DeliveryKind.INVITATION, state=DeliveryState.CANCELLED)
    earlier = withdrawn.filter(follow_up__in=[row.pk for row in rows])
    return dict(earlier.values_list("follow_up").annotate(number=Max("number")))


def _held(rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    return rows.select_for_update(of=("self",), skip_locked=True)


def _reasons_to_skip(row: Any, agreeing: set[UUID]) -> tuple[Reason, ...]:
    return (Reason.SUPERSEDED,) if row.is_superseded else _obstacles(row, agreeing)


def _with_stops(rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """The follow-ups with ``plan_stopped``: whether their clients want no more emails of the plan."""
    of_plan = {"client": OuterRef("client"), "case": OuterRef("case"), "plan": OuterRef("enrollment__plan")}
    return rows.annotate(plan_stopped=Exists(PlanStop.objects.standing().filter(**of_plan)))


def _obstacles(row: Any, agreeing: set[UUID]) -> tuple[Reason, ...]:
    return obstacles(row.client, agrees=row.client_id in agreeing, plan_stopped=row.plan_stopped)


def _skip(skipped: Mapping[Reason, list[UUID]], *, now: datetime) -> None:
    for reason, ids in skipped.items():
        end_follow_ups(FollowUp.objects.filter(pk__in=ids), to=FollowUpStatus.SKIPPED, reason=reason, now=now)


def _enqueue(emails: Mapping[FollowUp, tuple[DeliveryKind, int]], *, now: datetime) -> None:
    spacing = Spacing((row.client_id for row in emails), now=now)
    deliveries = Delivery.objects.bulk_create(
        _delivery(row, kind, number, next_at=spacing.place(row.client), now=now)
        for row, (kind, number) in emails.items()
    )
    note_deliveries(deliveries, DeliveryEventKind.QUEUED, at=now)


def _delivery(row: FollowUp, kind: DeliveryKind, number: int, *, next_at: datetime, now: datetime) -> Delivery:
    pk = uuid7()
    domain = conf().from_email.rpartition("@")[2]
    return Delivery(
        id=pk,
        follow_up=row,
        kind=kind,
        number=number,
        next_at=next_at,
        message_id=f"<{pk}@{domain}>",
        created_at=now,
    )
