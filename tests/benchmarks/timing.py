"""Medians of several runs, ours and the reference taken in turns so that both meet the same noise."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

SHORTEST_RUN = 0.02
"""Seconds. A shorter run measures the clock, so the call is repeated within it."""

Call = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconds:
    """Seconds of one call, as a rule the median."""

    ours: float
    reference: float


def compare(
    ours: Call, reference: Call, *, runs: int = 7, pick: Callable[[Iterable[float]], float] = median
) -> Seconds:
    """Time both calls, in turns, after one warm-up each. ``pick=min`` for pure computing, which noise only slows."""
    repeats = {call: _repeats(call) for call in (ours, reference)}
    taken: dict[Call, list[float]] = {ours: [], reference: []}
    for _ in range(runs):
        for call, times in taken.items():
            times.append(_seconds_per_call(call, repeats[call]))
    return Seconds(ours=pick(taken[ours]), reference=pick(taken[reference]))


def median_seconds(call: Call, *, runs: int = 7) -> float:
    """Median seconds of one call, after a warm-up."""
    repeats = _repeats(call)
    return median(_seconds_per_call(call, repeats) for _ in range(runs))


def _repeats(call: Call) -> int:
    """How often to call within one run so that it lasts long enough to be told from the clock's own grain."""
    call()
    repeats = 1
    while _seconds_per_call(call, repeats) * repeats < SHORTEST_RUN:
        repeats *= 2
    return repeats


def _seconds_per_call(call: Call, repeats: int) -> float:
    collecting = gc.isenabled()
    gc.disable()
    try:
        start = perf_counter()
        for _ in range(repeats):
            call()
        return (perf_counter() - start) / repeats
    finally:
        if collecting:
            gc.enable()
