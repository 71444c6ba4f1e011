"""What the reports share: the months they cover, and the counting."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, DateField, F, Q, QuerySet, Value
from django.db.models.functions import TruncMonth


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


def grouped_by_month(rows: QuerySet[Any], *, at: str, case: str, period: Period, zone: ZoneInfo) -> QuerySet[Any, Any]:
    """The rows of the period, grouped by the month of ``at`` on the zone's wall and by who leads the ``case`` today."""
    start, end = period.instants(zone)
    within = rows.filter(**{f"{at}__gte": start, f"{at}__lt": end}).order_by()
    groups: QuerySet[Any, Any] = within.annotate(
        month=TruncMonth(at, tzinfo=zone, output_field=DateField()),
        lead=F(f"{case}__lead"),
        counselor=F(f"{case}__lead__display_name"),
    ).values("month", "lead", "counselor")
    return groups


def figure(column: str, *, person: str, condition: Q | None = None) -> dict[str, Count]:
    """The two aggregates of a column: how many rows meet the condition, and about how many different people."""
    return {
        column: Count("pk", filter=condition),
        _people(column): Count(person, filter=condition, distinct=True),
    }


def no_figure(column: str) -> dict[str, Value]:
    """In place of `figure`, for rows that say nothing about the column."""
    return {column: Value(0), _people(column): Value(0)}


def lines_of(groups: Iterable[dict[str, Any]], columns: Sequence[str]) -> list[Line]:
    """The groups as lines by month and name. Groups of the same month and counselor are added up."""
    sums: dict[tuple[date, str, UUID], Counter[str]] = defaultdict(Counter)
    for group in groups:
        sums[group.pop("month"), group.pop("counselor"), group.pop("lead")].update(group)
    return [
        Line(month, counselor, tuple(Figure(found[column], found[_people(column)]) for column in columns))
        for (month, counselor, _lead), found in sorted(sums.items())
    ]


def _people(column: str) -> str:
    return f"{column}_people"
