"""Enrollments that are over: what is unanswered of them is taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from counseling.enums import FollowUpStatus, Reason
from counseling.models import Enrollment, FollowUp
from counseling.outbox.ending import end_follow_ups
from counseling.planning.changes import ChangeKind
from counseling.planning.difference import change_of
from counseling.planning.rehearsal import is_rehearsal, note_changes
from counseling.transitions import FOLLOW_UP, sources_of


def take_back(enrollments: Collection[Enrollment], *, reason: Reason, now: datetime) -> int:
    """Cancel what is unanswered, emailed or not; how many there were. An email handed over is beyond recall."""
    rows = FollowUp.objects.filter(enrollment__in=enrollments)
    open_rows = rows.filter(status__in=sources_of(FOLLOW_UP, FollowUpStatus.CANCELLED))
    if is_rehearsal():
        found = open_rows.select_related("version__instrument", "enrollment__case__client").select_related(
            "enrollment__case__relationship__first", "enrollment__case__relationship__second"
        )
        changes = [
            change_of(ChangeKind.CANCELLED, row.enrollment, row, before=row, reason=reason)
            for row in found.defer("version__definition_json")
        ]
        note_changes(changes)
        return len(changes)
    return end_follow_ups(rows, to=FollowUpStatus.CANCELLED, reason=reason, now=now)
