"""What became of an email: the mail server's answer, its silence, or the client using the link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef

from counseling.conf import conf
from counseling.enums import DeliveryEventKind, DeliveryKind, DeliveryState, FollowUpStatus, Reason
from counseling.models import Delivery, FollowUp
from counseling.models.delivery import DeliveryQuerySet
from counseling.models.follow_up import FollowUpQuerySet
from counseling.outbox.claiming import jittered_delay
from counseling.outbox.ending import UNSENT
from counseling.outbox.ledger import note_deliveries
from counseling.outbox.reminding import next_reminder
from counseling.outbox.spacing import LEFT
from counseling.outbox.statements import adapted, commit_with_the_next, execute, for_update
from counseling.transport import Outcome, Verdict

OPEN = (DeliveryState.HANDOFF, DeliveryState.UNCERTAIN)

# Held in the order of their ids, as by everybody who holds several.
_ASK = """
UPDATE counseling_followup SET status = 'sent', sent_at = %(now)s, next_reminder_at = {reminder_at}
 WHERE id IN (SELECT id FROM counseling_followup WHERE id IN %(follow_ups)s AND status || '' = 'planned'
               ORDER BY id{lock})
RETURNING id
"""
_ACCEPT = """
UPDATE counseling_delivery SET state = 'sent', accepted_at = %(now)s, smtp_code = %(code)s
 WHERE id IN %(deliveries)s AND owner = %(owner)s AND attempt = %(attempt)s AND state IN ('handoff', 'uncertain')
RETURNING id
"""
_DETAIL = {Verdict.LOST: Reason.SERVER_LOST}


@transaction.atomic(durable=True)
def settle(outcomes: Mapping[Delivery, Outcome], *, now: datetime) -> None:
    """Write down what the mail server said about each. Silence is written by nobody: a person will find the row.

    The handoff that comes next, moments later, waits for the disk; this does not wait as well. An answer that is lost
    when the database itself dies leaves its email uncertain, and never sent again.
    """
    with connection.cursor() as cursor:
        commit_with_the_next(cursor)
    _accept({row: each.code for row, each in outcomes.items() if each.verdict == Verdict.ACCEPTED}, now=now)
    for delivery, outcome in outcomes.items():
        match outcome.verdict:
            case Verdict.REFUSED:
                _refuse(delivery, code=outcome.code, now=now)
            case Verdict.DEFERRED | Verdict.LOST:
                defer(delivery, code=outcome.code, reason=_DETAIL.get(outcome.verdict), now=now)
            case Verdict.SETUP_REFUSED:
                _hold(delivery, code=outcome.code, now=now)


def _accept(codes: Mapping[Delivery, int | None], *, now: datetime) -> None:
    """The mail server took them: the clients are asked from now on. One statement for those alike.

    One that its provider gave back in the meantime stays dead, and its client unasked.
    """
    ask([delivery.follow_up for delivery in codes], now=now)
    overtaken = {delivery.pk: delivery.follow_up_id for delivery in codes}
    alike: dict[tuple[str, int, int | None], dict[object, Delivery]] = defaultdict(dict)
    for delivery, code in codes.items():
        alike[delivery.owner, delivery.attempt, code][adapted(delivery.pk)] = delivery
    with connection.cursor() as cursor:
        for (owner, attempt, code), rows in alike.items():
            facts = {"deliveries": [*rows], "owner": owner, "attempt": attempt, "code": code, "now": now}
            accepted = [rows[pk] for (pk,) in execute(cursor, _ACCEPT, **facts).fetchall()]
            note_deliveries(accepted, DeliveryEventKind.ACCEPTED, at=now, detail=_text(code))
            for delivery in accepted:
                del overtaken[delivery.pk]
    if overtaken:
        unask(overtaken.values())


@transaction.atomic
def defer(delivery: Delivery, *, code: int | None = None, reason: Reason | None = None, now: datetime) -> None:
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


def _hold(delivery: Delivery, *, code: int | None, now: datetime) -> None:
    """The refusal was of our setup, so it burns no attempt; others are tried first when the circuit closes.

    One that keeps meeting it waits longer each time: where it is this email alone that offends, it stops the others
    ever more seldom.
    """
    met = delivery.events.filter(kind=DeliveryEventKind.DEFERRED, detail=Reason.SETUP_REFUSED).count()
    changed = _unsettled(delivery).update(
        state=DeliveryState.DUE,
        next_at=now + jittered_delay(met + 1),
        attempt=F("attempt") - 1,
        owner="",
        lease_until=None,
        handed_over_at=None,
        smtp_code=code,
    )
    if changed:
        note_deliveries([delivery], DeliveryEventKind.DEFERRED, at=now, detail=Reason.SETUP_REFUSED)


def _refuse(delivery: Delivery, *, code: int | None, now: datetime) -> None:
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
    ask([follow_up], now=now)
    _settle_by_use(follow_up.deliveries.filter(state__in=OPEN), DeliveryState.SENT, accepted_at=now, at=now)
    unsent = follow_up.deliveries.filter(state__in=UNSENT, kind=DeliveryKind.INVITATION)
    _settle_by_use(unsent, DeliveryState.CANCELLED, lease_until=None, at=now)


def ask(follow_ups: Iterable[FollowUp], *, now: datetime) -> None:
    """Move planned follow-ups to sent and plan their first reminders, in one statement; any other stays as it is.

    Reads their steps.
    """
    rows = {adapted(row.pk): row for row in follow_ups}
    reminder_of = {pk: next_reminder(row, asked_at=now, after=now) for pk, row in rows.items()}
    days, facts = _by_reminder(reminder_of)
    statement = _ASK.format(reminder_at=days, lock=for_update(""))
    if not rows:
        return
    with connection.cursor() as cursor:
        asked = execute(cursor, statement, **facts, follow_ups=[*rows], now=now).fetchall()
    for (pk,) in asked:
        rows[pk].status, rows[pk].sent_at, rows[pk].next_reminder_at = FollowUpStatus.SENT, now, reminder_of[pk]


def unask(follow_ups: Iterable[UUID]) -> None:
    """Move follow-ups back to planned that are sent although no email about them may have reached anybody.

    Their next reminder stays planned, as for an email whose outcome is unknown: it is another try.
    """
    gone = Delivery.objects.filter(follow_up=OuterRef("pk"), state__in=LEFT)
    rows = FollowUp.objects.filter(~Exists(gone), pk__in=list(follow_ups), status=FollowUpStatus.SENT)
    rows.update(status=FollowUpStatus.PLANNED, sent_at=None)


def _by_reminder(reminder_of: Mapping[Any, datetime | None]) -> tuple[str, dict[str, Any]]:
    """An expression for each row's reminder, and what to fill in: most of a group are reminded at the same time."""
    alike: dict[datetime, list[object]] = defaultdict(list)
    for pk, reminder_at in reminder_of.items():
        if reminder_at is not None:
            alike[reminder_at].append(pk)
    whens = [f"WHEN id IN %(those_{number})s THEN %(at_{number})s" for number in range(len(alike))]
    facts: dict[str, Any] = {f"those_{number}": ids for number, ids in enumerate(alike.values())}
    facts |= {f"at_{number}": at for number, at in enumerate(alike)}
    return (f"CASE {' '.join(whens)} END" if whens else "NULL"), facts


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
