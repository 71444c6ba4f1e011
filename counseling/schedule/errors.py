"""The one error of this package, and the two checks that raise it everywhere."""

from __future__ import annotations

from datetime import datetime

from counseling.exceptions import CounselingError


class ScheduleError(CounselingError):
    """A schedule that cannot be worked out; the message names the value and says what would be accepted."""


def require_between(name: str, value: object, lowest: int, highest: int) -> None:
    """Raise `ScheduleError` unless ``value`` is a whole number within the bounds, both included."""
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise ScheduleError(f"{name} must be a whole number from {lowest} to {highest}, not {value!r}")


def require_aware(name: str, instant: datetime) -> None:
    """Raise `ScheduleError` for a naive datetime: without a zone it names no instant."""
    if instant.utcoffset() is None:
        raise ScheduleError(f"{name} must carry a time zone, {instant.isoformat()} does not")
