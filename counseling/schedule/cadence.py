"""How often: the dates a rhythm falls on."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Literal, get_args

from counseling.schedule.errors import ScheduleError, require_between
from counseling.schedule.local_time import days_after

Unit = Literal["once", "daily", "weekly", "monthly"]


@dataclass(frozen=True, slots=True)
class Cadence:
    """Once, or every ``every`` days, weeks or months."""

    unit: Unit
    every: int = 1

    def __post_init__(self) -> None:
        if self.unit not in get_args(Unit):
            raise ScheduleError(f"unknown cadence {self.unit!r}: use one of {', '.join(get_args(Unit))}")
        require_between("every", self.every, 1, 366)

    def dates(self, anchor: date, *, offset_months: int = 0) -> Iterator[date]:
        """The dates from so many months after ``anchor`` on, without end, except for ``once``.

        Months are counted from the anchor and clamped to their last day, so none is skipped and no day is lost:
        31 January, 28 February, 31 March. Raises `ScheduleError` past the calendar.
        """
        steps = (0,) if self.unit == "once" else count(0, self.every)
        first = months_after(anchor, offset_months)
        for step in steps:
            if self.unit == "monthly":
                yield months_after(anchor, offset_months + step)
            else:
                yield days_after(first, step * self._days)

    @property
    def _days(self) -> int:
        return 7 if self.unit == "weekly" else 1


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last. Raises `ScheduleError` past the calendar."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > date.max.year:
        raise ScheduleError(f"{months} months from {day.isoformat()} is outside the calendar")
    return date(year, month, min(day.day, monthrange(year, month)[1]))
