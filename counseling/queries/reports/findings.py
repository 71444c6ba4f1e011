from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from counseling.models import Clinic, Finding
from counseling.queries.reports.base import Line, Period, count_by_month

COLUMNS: dict[str, Q | None] = {"raised": None, "decided": Q(decided_at__isnull=False)}


def findings_by_month(clinic: Clinic, period: Period, *, counselor: UUID | None = None) -> list[Line]:
    """The findings raised in each month, and how many of them stand decided: confirmed, dismissed or watched."""
    return count_by_month(
        Finding.objects.all(),
        COLUMNS,
        at="raised_at",
        person="subject",
        clinic=clinic,
        period=period,
        counselor=counselor,
    )
