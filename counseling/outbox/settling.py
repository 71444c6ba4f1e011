"""What became of an email: the mail server's answer, its silence, or the client using the link."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from counseling.conf import conf
from counseling.enums import DeliveryEventKind, DeliveryKind, DeliveryState, FollowUpStatus, Reason
from counseling.models import Delivery, FollowUp
from counseling.models.delivery import DeliveryQuerySet
from counseling.models.follow_up import FollowUpQuerySet
from counseling.outbox.claiming import jittered_delay
from counseling.outbox.ending import UNSENT
from counseling.outbox.ledger import note_deliveries
from counseling.outbox.reminding import next_reminder
from counseling.outbox.statements import execute

OPEN = (DeliveryState.HANDOFF, DeliveryState.UNCERTAIN)

_ASK = """
UPDATE counseling_followup SET status = 'sent', sent_at = %(now)s, next_reminder_at = %(reminder_at)s
 WHERE id = %(follow_up)s AND status = 'planned'
"""
_ACCEPT = """
UPDATE counseling_delivery SET state = 'sent', accepted_at = %(now)s, smtp_code = %(code)s
 WHERE id = %(delivery)s AND owner = %(owner)s AND attempt = %(attempt)s AND state IN ('handoff', 'uncertain')
"""
# The next handoff, moments later, waits for the disk; this does not wait as well. PostgreSQL writes its log in order,
# so what is lost when the server itself dies is each worker's last answer: then uncertain, and never sent again.
_COMMIT_WITH_THE_NEXT = "SET LOCAL synchronous_commit TO off"


@transaction.atomic(durable=True)
def settle_accepted(delivery: Delivery, *, code: int | None, now: datetime) -> None:
    """The mail server took it: the client is asked from now on."""
    mark_asked(delivery.follow_up, now=now)
    claim = {"delivery": delivery.pk, "owner": delivery.owner, "attempt": delivery.attempt}
    with connection.cursor() as cursor:
        if execute(cursor, _ACCEPT, **claim, now=now, code=code).rowcount:
            note_deliveries([delivery], DeliveryEventKind.ACCEPTED, at=now, detail=_text(code))
        if connection.vendor == "postgresql":
            cursor.execute(_COMMIT_WITH_THE_NEXT)


@transaction.atomic(durable=True)
def settle_deferred(
    delivery: Delivery, *, code: int | None = None, reason: Reason | None = None, now: datetime
) -> None:
    """It was certainly not sent this time: try again after a delay that grows, until the follow-up expires."""
    changed = _unsettled(delivery).update(
        state=DeliveryState.DUE,
        next_at=now + jittered_delay(delivery.attempt),
        owner="",
        lease_until=None,
        handed_over_at=None,
        smtp_code=code,
    )
    if changed:
        note_deliveries([delivery], DeliveryEventKind.DEFERRED, at=now, detail=reason or _text(code))


@transaction.atomic(durable=True)
def settle_refused(delivery: Delivery, *, code: int | None, now: datetime) -> None:
    """The mail server will not take it for this recipient, ever: dead until a person decides to send it again."""
    changed = _unsettled(delivery).update(
        state=DeliveryState.DEAD, lease_until=None, handed_over_at=None, smtp_code=code
    )
    if changed:
        note_deliveries([delivery], DeliveryEventKind.REJECTED, at=now, detail=_text(code))


@transaction.atomic
def mark_uncertain(*, now: datetime, limit: int = 500) -> int:
    """Give up on answers that never came: listed for a person, never sent again by itself. How many there were.

    The client may or may not have been asked, so the next reminder is planned as if they had.
    """
    since = now - timedelta(minutes=conf().handoff_minutes)
    silent = Delivery.objects.handoff_silent(since).select_related("follow_up__step").order_by("handed_over_at")
    rows = list(silent[:limit])
    for row in rows:
        if row.kind == DeliveryKind.INVITATION and row.handed_over_at is not None:
            at = next_reminder(row.follow_up, asked_at=row.handed_over_at, after=now)
            _unasked(row.follow_up).update(next_reminder_at=at)
    gone = Delivery.objects.handoff_silent(since).filter(pk__in=[row.pk for row in rows])
    changed = list(gone.select_for_update(no_key=True))
    gone.update(state=DeliveryState.UNCERTAIN)
    note_deliveries(changed, DeliveryEventKind.UNCERTAIN, at=now)
    return len(changed)


@transaction.atomic
def resolve_by_use(follow_up: FollowUp, *, now: datetime) -> None:
    """The client has used the link, so it arrived: what could not be known about its emails is known now.

    An invitation that has not left is not needed any more. Call it with the follow-up held, before moving it on.
    """
    mark_asked(follow_up, now=now)
    _settle_by_use(follow_up.deliveries.filter(state__in=OPEN), DeliveryState.SENT, accepted_at=now, at=now)
    unsent = follow_up.deliveries.filter(state__in=UNSENT, kind=DeliveryKind.INVITATION)
    _settle_by_use(unsent, DeliveryState.CANCELLED, lease_until=None, at=now)


def mark_asked(follow_up: FollowUp, *, now: datetime) -> None:
    """Move a planned follow-up to sent and plan its first reminder; any other stays as it is. Reads its step."""
    reminder_at = next_reminder(follow_up, asked_at=now, after=now)
    with connection.cursor() as cursor:
        was_planned = execute(cursor, _ASK, follow_up=follow_up.pk, now=now, reminder_at=reminder_at).rowcount
    if was_planned:
        follow_up.status = FollowUpStatus.SENT
        follow_up.sent_at, follow_up.next_reminder_at = now, reminder_at


def _settle_by_use(rows: DeliveryQuerySet, state: DeliveryState, *, at: datetime, **changes: datetime | None) -> None:
    settled = list(rows.select_for_update(no_key=True))
    if settled:
        rows.filter(pk__in=[row.pk for row in settled]).update(state=state, **changes)
        kind = DeliveryEventKind.ACCEPTED if state == DeliveryState.SENT else DeliveryEventKind.CANCELLED
        note_deliveries(settled, kind, at=at, detail=Reason.LINK_USED)


def _unasked(follow_up: FollowUp) -> FollowUpQuerySet:
    return FollowUp.objects.filter(pk=follow_up.pk, status=FollowUpStatus.PLANNED)


def _ours(delivery: Delivery) -> DeliveryQuerySet:
    return Delivery.objects.filter(pk=delivery.pk, owner=delivery.owner, attempt=delivery.attempt)


def _unsettled(delivery: Delivery) -> DeliveryQuerySet:
    return _ours(delivery).filter(state__in=(DeliveryState.CLAIMED, DeliveryState.HANDOFF))


def _text(code: int | None) -> str:
    return "" if code is None else str(code)
