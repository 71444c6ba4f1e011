"""Enrollments that are over: what is unanswered of them is taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from counseling.enums import FollowUpStatus, Reason
from counseling.models import Enrollment, FollowUp
from counseling.models.follow_up import FollowUpQuerySet
from counseling.outbox.ending import end_follow_ups
from counseling.planning.changes import Change, ChangeKind
from counseling.planning.difference import change_of
from counseling.planning.rehearsal import is_rehearsal, is_watched, note_changes
from counseling.transitions import FOLLOW_UP, sources_of


def take_back(enrollments: Collection[Enrollment], *, reason: Reason, now: datetime) -> int:
    """Cancel what is unanswered, emailed or not; how many there were. An email handed over is beyond recall."""
    rows = FollowUp.objects.filter(enrollment__in=enrollments)
    changes = _changes(rows, reason=reason) if is_watched() else []
    note_changes(changes)
    if is_rehearsal():
        return len(changes)
    return end_follow_ups(rows, to=FollowUpStatus.CANCELLED, reason=reason, now=now)


def _changes(rows: FollowUpQuerySet, *, reason: Reason) -> list[Change]:
    people = ("case__lead", "case__client", "case__relationship__first", "case__relationship__second")
    unanswered = rows.filter(status__in=sources_of(FOLLOW_UP, FollowUpStatus.CANCELLED))
    found = unanswered.select_related("version__instrument", *(f"enrollment__{name}" for name in people))
    return [
        change_of(ChangeKind.CANCELLED, row.enrollment, row, before=row, reason=reason)
        for row in found.defer("version__definition_json")
    ]
