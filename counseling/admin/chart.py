"""Where a tracked quantity has been, laid out for an SVG: pure geometry, no color and no text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

WIDTH, HEIGHT = 420, 220
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 10, 28
GAP_STEP = 20


class PathPoint(Protocol):
    """The estimate after one wave, with its band."""

    @property
    def at(self) -> datetime: ...
    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on an axis and the value that stands there."""

    at: float
    value: float | datetime


@dataclass(frozen=True, slots=True)
class Chart:
    """Coordinates in a box of ``width`` times ``height``; ``band`` and ``line`` are SVG point lists."""

    points: tuple[tuple[float, float], ...]
    band: str
    line: str
    limit: float | None
    values: tuple[Mark, ...]
    days: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def draw_path(path: Sequence[PathPoint], *, size: float, is_gap: bool) -> Chart | None:
    """The path over time with the size that matters. A gap shows what it spans, a scale runs from 0 to 100.

    None for fewer than two waves: one point is no path.
    """
    if len(path) < 2:
        return None
    lowest, highest = _range(path, size) if is_gap else (0.0, 100.0)
    first, last = path[0].at, path[-1].at
    seconds = max((last - first).total_seconds(), 1)

    def across(at: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (at - first).total_seconds() / seconds, 1)

    def up(value: float) -> float:
        share = (min(max(value, lowest), highest) - lowest) / (highest - lowest)
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share, 1)

    upper = [(across(point.at), up(point.high)) for point in path]
    lower = [(across(point.at), up(point.low)) for point in path]
    middle = tuple((across(point.at), up(point.value)) for point in path)
    return Chart(
        points=middle,
        band=_points([*upper, *reversed(lower)]),
        line=_points(middle),
        limit=up(size),
        values=tuple(Mark(up(value), value) for value in _marks(lowest, highest)),
        days=(Mark(across(first), first), Mark(across(last), last)),
    )


def _range(path: Sequence[PathPoint], size: float) -> tuple[float, float]:
    """In round steps from below the bands to above them, with zero and the size that matters inside."""
    lowest = min(0.0, size, *(point.low for point in path))
    highest = max(0.0, size, *(point.high for point in path))
    return math.floor(lowest / GAP_STEP) * GAP_STEP, math.ceil(highest / GAP_STEP) * GAP_STEP


def _points(pairs: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in pairs)


def _marks(lowest: float, highest: float) -> list[float]:
    """Round values from edge to edge, some four of them."""
    step = GAP_STEP * max(1, round((highest - lowest) / GAP_STEP / 4))
    return [float(value) for value in range(int(lowest), int(highest) + 1, step)]
