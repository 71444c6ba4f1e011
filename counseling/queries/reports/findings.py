from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from counseling.enums import Decision, FindingEventKind
from counseling.models import Clinic, FindingEvent, Review
from counseling.queries.reports.base import Line, Period, figure, grouped_by_month, lines_of, no_figure

RAISING = (FindingEventKind.RAISED, FindingEventKind.REOPENED)
DECIDING = (Decision.CONFIRM, Decision.DISMISS, Decision.WATCH)
PERSON = "finding__subject"


def findings_by_month(clinic: Clinic, period: Period, *, counselor: UUID | None = None) -> list[Line]:
    """How often findings were raised in each month, again included, and how often somebody decided on one.

    Counted from what is only ever appended: a finding itself forgets its last decision when it is raised again.
    The figures are raised and decided. One query.
    """
    about: dict[str, Any] = {"at": "at", "case": "finding__case", "period": period, "zone": ZoneInfo(clinic.time_zone)}
    whose: dict[str, Any] = {"finding__clinic": clinic}
    if counselor is not None:
        whose["finding__case__lead"] = counselor
    events = grouped_by_month(FindingEvent.objects.filter(kind__in=RAISING, **whose), **about)
    reviews = grouped_by_month(Review.objects.filter(decision__in=DECIDING, **whose), **about)
    raised = events.annotate(**figure("raised", person=PERSON), **no_figure("decided"))
    decided = reviews.annotate(**no_figure("raised"), **figure("decided", person=PERSON))
    return lines_of(raised.union(decided, all=True).order_by(), ("raised", "decided"))
