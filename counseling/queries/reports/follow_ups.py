from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from counseling.enums import FollowUpStatus
from counseling.models import Clinic, FollowUp
from counseling.queries.reports.base import Line, Period, count_by_month

COLUMNS: dict[str, Q | None] = {
    "planned": None,
    "sent": Q(sent_at__isnull=False),
    "answered": Q(status=FollowUpStatus.COMPLETED),
    "expired": Q(status=FollowUpStatus.EXPIRED),
}


def follow_ups_by_month(clinic: Clinic, period: Period, *, counselor: UUID | None = None) -> list[Line]:
    """The follow-ups due in each month, and what has become of them so far.

    A follow-up stays in the month it was due, whenever it was answered: the columns of a line are parts of one whole.
    """
    return count_by_month(
        FollowUp.objects.all(),
        COLUMNS,
        at="due_at",
        person="client",
        clinic=clinic,
        period=period,
        counselor=counselor,
    )
