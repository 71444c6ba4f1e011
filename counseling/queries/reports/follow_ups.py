from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from counseling.enums import FollowUpStatus
from counseling.models import Clinic, FollowUp
from counseling.queries.reports.base import Line, Period, figure, grouped_by_month, lines_of

COLUMNS: dict[str, Q | None] = {
    "planned": None,
    "sent": Q(sent_at__isnull=False),
    "answered": Q(status=FollowUpStatus.COMPLETED),
    "expired": Q(status=FollowUpStatus.EXPIRED),
}


def follow_ups_by_month(clinic: Clinic, period: Period, *, counselor: UUID | None = None) -> list[Line]:
    """The follow-ups due in each month, and what has become of them so far.

    A follow-up stays in the month it was due, whenever it was answered: each figure is a part of the first one.
    The figures are planned, sent, answered and expired. One query.
    """
    rows = FollowUp.objects.filter(clinic=clinic)
    if counselor is not None:
        rows = rows.filter(case__lead=counselor)
    groups = grouped_by_month(rows, at="due_at", case="case", period=period, zone=ZoneInfo(clinic.time_zone))
    for column, condition in COLUMNS.items():
        groups = groups.annotate(**figure(column, person="client", condition=condition))
    return lines_of(groups, tuple(COLUMNS))
