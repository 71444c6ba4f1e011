"""What a counselor decides about a single follow-up."""

from __future__ import annotations

from datetime import datetime

from counseling.actions.base import action, move, record
from counseling.enums import DeliveryEventKind, DeliveryState, FollowUpStatus, Reason
from counseling.models import FollowUp, StaffMember
from counseling.outbox.ending import withdraw_unsent
from counseling.outbox.ledger import note_follow_ups
from counseling.transitions import FOLLOW_UP


@action
def skip_follow_up(follow_up: FollowUp, *, by: StaffMember, now: datetime) -> FollowUp:
    """Leave out one occasion before it is asked: a holiday, a hard week. The others stay."""
    return _end(follow_up, FollowUpStatus.SKIPPED, reason=Reason.BY_STAFF, by=by, now=now)


@action
def cancel_follow_up(follow_up: FollowUp, *, by: StaffMember, now: datetime) -> FollowUp:
    """Take back a question that may have been asked already: its link opens nothing from now on."""
    return _end(follow_up, FollowUpStatus.CANCELLED, reason=Reason.BY_STAFF, by=by, now=now)


@action
def ask_by_phone(follow_up: FollowUp, *, by: StaffMember, now: datetime) -> FollowUp:
    """Note that the client is asked by phone instead: nothing more is sent about it, and its link opens nothing.

    What was not asked yet becomes skipped, what was asked cancelled; one that is over raises `IllegalMove`.
    """
    planned = follow_up.status == FollowUpStatus.PLANNED
    to = FollowUpStatus.SKIPPED if planned else FollowUpStatus.CANCELLED
    return _end(follow_up, to, reason=Reason.ASKED_BY_PHONE, by=by, now=now)


def _end(follow_up: FollowUp, to: FollowUpStatus, *, reason: Reason, by: StaffMember, now: datetime) -> FollowUp:
    source = follow_up.status
    move(follow_up, to, table=FOLLOW_UP, ended_at=now, end_reason=reason)
    withdraw_unsent([follow_up.pk], to=DeliveryState.CANCELLED)
    note_follow_ups([follow_up.pk], DeliveryEventKind.CANCELLED, at=now, detail=reason)
    record(f"follow_up.{to}", follow_up, by=by, now=now, from_status=source, reason=reason)
    return follow_up
