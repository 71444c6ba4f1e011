"""What the reports share: the months they cover, and the counting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, DateField, Q, QuerySet
from django.db.models.functions import TruncMonth

from counseling.models import Clinic


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months from ``first`` to ``last``, each named by its first day, both included."""

    first: date
    last: date

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The half-open span of time that the months cover on the wall of that zone."""
        start = datetime.combine(self.first, time(), tzinfo=zone)
        return start, datetime.combine(month_after(self.last), time(), tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Figure:
    """How many, and how many different people they are about."""

    count: int
    people: int


@dataclass(frozen=True, slots=True)
class Line:
    """One counselor's month; the figures stand in the order of the report's columns."""

    month: date
    counselor: str
    figures: tuple[Figure, ...]


def month_after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def count_by_month(
    rows: QuerySet[Any],
    columns: Mapping[str, Q | None],
    *,
    at: str,
    person: str,
    clinic: Clinic,
    period: Period,
    counselor: UUID | None = None,
) -> list[Line]:
    """Count the clinic's rows by the month of ``at`` in the clinic's time zone and by who leads their case now.

    ``columns`` says which rows count for each column, None meaning all; ``person`` is whom a row is about.
    """
    zone = ZoneInfo(clinic.time_zone)
    start, end = period.instants(zone)
    rows = rows.filter(Q((f"{at}__gte", start), (f"{at}__lt", end)), clinic=clinic)
    if counselor is not None:
        rows = rows.filter(case__lead=counselor)
    counted = (
        rows.annotate(month=TruncMonth(at, tzinfo=zone, output_field=DateField()))
        .values("month", "case__lead", "case__lead__display_name")
        .annotate(**_figures(columns, person))
        .order_by("month", "case__lead__display_name", "case__lead")
    )
    return [_line(row, columns) for row in counted]


def _figures(columns: Mapping[str, Q | None], person: str) -> dict[str, Count]:
    figures = {}
    for name, condition in columns.items():
        figures[name] = Count("pk", filter=condition)
        figures[f"{name}_people"] = Count(person, filter=condition, distinct=True)
    return figures


def _line(row: dict[str, Any], columns: Mapping[str, Q | None]) -> Line:
    figures = tuple(Figure(row[name], row[f"{name}_people"]) for name in columns)
    return Line(row["month"], row["case__lead__display_name"], figures)
