"""Weekends and holidays: whether anybody is asked on such a day, and where the question goes instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from counseling.schedule.errors import ScheduleError
from counseling.schedule.local_time import days_after

Policy = Literal["as_is", "move", "leave_out"]
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Saturdays, Sundays and the ``closed`` days, and what becomes of an occasion on one of them."""

    policy: Policy = "as_is"
    closed: frozenset[date] = field(default=frozenset(), repr=False)

    def __post_init__(self) -> None:
        if self.policy not in get_args(Policy):
            raise ScheduleError(f"unknown policy {self.policy!r}: use one of {', '.join(get_args(Policy))}")

    def is_off(self, day: date) -> bool:
        return day.weekday() >= SATURDAY or day in self.closed

    def placed(self, day: date, *, direction: Literal[1, -1] = 1) -> date | None:
        """The day itself or, when it is off, the working day after it (before it, for -1), or None to leave it out.

        Raises `ScheduleError` when the calendar ends first.
        """
        if self.policy == "as_is" or not self.is_off(day):
            return day
        if self.policy == "leave_out":
            return None
        while self.is_off(day):
            day = days_after(day, direction)
        return day

    def spread(self, numbered: Iterable[tuple[int, date]]) -> Iterator[tuple[int, date]]:
        """Increasing days with their numbers, each placed. Of several that meet on one day, the last stays."""
        held: tuple[int, date] | None = None
        for number, day in numbered:
            placed = self.placed(day)
            if placed is None:
                continue
            if held is not None and held[1] < placed:
                yield held
            held = number, placed
        if held is not None:
            yield held
