"""An enrollment set aside and taken up again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from counseling.enums import Anchor, DeliveryEventKind, DeliveryKind, DeliveryState, FollowUpStatus, Reason
from counseling.models import Delivery, Enrollment, FollowUp, PlanStep
from counseling.models.follow_up import AWAITED
from counseling.outbox.ending import UNSENT, end_follow_ups, withdraw_unsent
from counseling.outbox.ledger import note_deliveries, note_follow_ups
from counseling.outbox.reminding import next_reminder
from counseling.planning.changes import ChangeKind, Changes
from counseling.planning.difference import change_of
from counseling.planning.rehearsal import is_rehearsal, note_changes
from counseling.planning.replanning import held_follow_ups, lock_running, out_of_hand


def set_aside(enrollment: Enrollment, *, now: datetime) -> Changes:
    """Hold back what nobody was asked yet, and all reminders. Links that are out stay good."""
    lock_running(Enrollment.objects.filter(pk=enrollment.pk))
    rows = held_follow_ups([enrollment])
    gone = out_of_hand(rows)
    waiting = [row for row in rows if row.status == FollowUpStatus.PLANNED and row.pk not in gone]
    changes = _changes(ChangeKind.PAUSED, enrollment, waiting, reason=Reason.PAUSE)
    if not is_rehearsal():
        _write_pause(enrollment, waiting, now=now)
    return changes


def take_up(enrollment: Enrollment, *, moved: Changes, moves_later: bool, now: datetime) -> Changes:
    """Let go of what was held back and not ``moved`` already; what fell into the pause is left out.

    When everything ``moves_later``, only what is counted from sessions or the discharge, which have their own dates,
    falls into it.
    """
    done = {change.follow_up for change in moved.rows}
    held = [row for row in held_follow_ups([enrollment]) if row.status == FollowUpStatus.PAUSED and row.pk not in done]
    steps = PlanStep.objects.filter(plan=enrollment.plan_id, anchor=Anchor.DISCHARGE)
    discharge = set(steps.values_list("pk", flat=True))
    fallen = [row for row in held if row.due_at <= now and not (moves_later and _moves(row, discharge))]
    free = [row for row in held if row not in fallen]
    changes = _changes(ChangeKind.LEFT_OUT, enrollment, fallen, reason=Reason.PAUSE)
    changes.add(_changes(ChangeKind.RESUMED, enrollment, free).rows)
    if not is_rehearsal():
        ids = [row.pk for row in fallen]
        end_follow_ups(FollowUp.objects.filter(pk__in=ids), to=FollowUpStatus.SKIPPED, reason=Reason.PAUSE, now=now)
        _write_resumption([row.pk for row in free], now=now)
        _remind_again(enrollment, now=now)
    return changes


def _moves(row: FollowUp, discharge: Collection[UUID]) -> bool:
    """Whether the plan's own rhythm says when it is asked, so that a pause can move it."""
    return row.session_id is None and row.step_id not in discharge


def _changes(
    kind: ChangeKind, enrollment: Enrollment, rows: Iterable[FollowUp], *, reason: Reason | None = None
) -> Changes:
    stays = kind == ChangeKind.RESUMED
    changes = Changes(
        [change_of(kind, enrollment, row, before=row, after=row if stays else None, reason=reason) for row in rows]
    )
    note_changes(changes.rows)
    return changes


def _write_pause(enrollment: Enrollment, waiting: Iterable[FollowUp], *, now: datetime) -> None:
    ids = [row.pk for row in waiting]
    FollowUp.objects.filter(pk__in=ids).update(status=FollowUpStatus.PAUSED, queued_at=None)
    withdraw_unsent(ids, to=DeliveryState.CANCELLED)
    note_follow_ups(ids, DeliveryEventKind.PAUSED, at=now)
    awaited = FollowUp.objects.filter(enrollment=enrollment, status__in=AWAITED)
    awaited.update(next_reminder_at=None)
    unsent = Delivery.objects.filter(follow_up__in=awaited, kind=DeliveryKind.REMINDER, state__in=UNSENT)
    reminders = list(unsent.select_for_update(no_key=True))
    unsent.filter(pk__in=[row.pk for row in reminders]).update(state=DeliveryState.CANCELLED, lease_until=None)
    note_deliveries(reminders, DeliveryEventKind.CANCELLED, at=now, detail=Reason.PAUSE)


def _write_resumption(ids: list[UUID], *, now: datetime) -> None:
    FollowUp.objects.filter(pk__in=ids).update(status=FollowUpStatus.PLANNED)
    note_follow_ups(ids, DeliveryEventKind.RESUMED, at=now)


def _remind_again(enrollment: Enrollment, *, now: datetime) -> None:
    """Who was asked before the pause, and can still answer, is reminded as often as was left."""
    asked = FollowUp.objects.filter(
        enrollment=enrollment, status__in=(FollowUpStatus.SENT, FollowUpStatus.OPENED), expires_at__gt=now
    )
    rows = list(asked.select_related("step").order_by("pk").select_for_update(of=("self",)))
    for row in rows:
        row.next_reminder_at = next_reminder(row, asked_at=row.sent_at or now, after=now)
    FollowUp.objects.bulk_update(rows, ["next_reminder_at"])
