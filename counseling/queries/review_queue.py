"""What waits for a person's judgement: safety, then what the data confirm, then signals; the oldest first."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from counseling.enums import Pattern
from counseling.models import Finding, StaffMember
from counseling.queries.headlines import with_headlines

PEOPLE = (
    "case__client",
    "case__relationship__first",
    "case__relationship__second",
    "case__lead",
    "subject",
    "claimed_by",
)


def review_queue(
    staff: StaffMember, *, pattern: Pattern | None = None, counselor: UUID | None = None
) -> QuerySet[Finding]:
    """The undecided findings within reach, with everybody they name joined and what their headlines need.

    One query, however many.
    """
    rows = Finding.objects.visible_to(staff).waiting().select_related(*PEOPLE).defer("evidence")
    if pattern is not None:
        rows = rows.filter(pattern=pattern)
    if counselor is not None:
        rows = rows.filter(case__lead=counselor)
    return with_headlines(rows.by_urgency())
