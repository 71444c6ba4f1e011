"""An enrollment set aside and taken up again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from counseling.enums import DeliveryEventKind, DeliveryKind, DeliveryState, FollowUpStatus, Reason
from counseling.models import Delivery, Enrollment, FollowUp
from counseling.models.follow_up import AWAITED
from counseling.outbox.ending import UNSENT, end_follow_ups, withdraw_unsent
from counseling.outbox.ledger import note_follow_ups
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
    fallen = [row for row in held if row.due_at <= now and not (moves_later and row.session_id is None)]
    free = [row for row in held if row not in fallen]
    changes = _changes(ChangeKind.LEFT_OUT, enrollment, fallen, reason=Reason.PAUSE)
    changes.add(_changes(ChangeKind.RESUMED, enrollment, free).rows)
    if not is_rehearsal():
        ids = [row.pk for row in fallen]
        end_follow_ups(FollowUp.objects.filter(pk__in=ids), to=FollowUpStatus.SKIPPED, reason=Reason.PAUSE, now=now)
        _write_resumption([row.pk for row in free], now=now)
    return changes


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
    reminders = Delivery.objects.filter(follow_up__in=awaited, kind=DeliveryKind.REMINDER, state__in=UNSENT)
    reminders.update(state=DeliveryState.CANCELLED, lease_until=None)


def _write_resumption(ids: list[UUID], *, now: datetime) -> None:
    FollowUp.objects.filter(pk__in=ids).update(status=FollowUpStatus.PLANNED)
    note_follow_ups(ids, DeliveryEventKind.RESUMED, at=now)
