"""Pages for a form that has none: as long as one can read, and never before what they depend on. Pure.

A new page begins with each outermost group, and where something depends on a question of the page before. What is left
of more than ``MOST_QUESTIONS`` is split evenly. Words to read go with the question that they stand before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import ceil

MOST_QUESTIONS = 10


@dataclass(frozen=True)
class Row:
    """One item. ``groups``: the outermost first; ``needs``: the items that must be answered before it is shown."""

    id: str
    groups: tuple[str, ...]
    needs: frozenset[str]
    asks: bool
    leads: bool
    """Words that stand before the next question rather than inside the one before."""


def pages_of(rows: Sequence[Row]) -> list[list[Row]]:
    levels = zip(*(row.groups for row in rows), strict=False)
    around = len(list(takewhile(lambda level: len(set(level)) == 1, levels)))
    return [page for segment in _segments(rows, around) for page in _split(segment)]


def _segments(rows: Iterable[Row], around: int) -> list[list[Row]]:
    """``around``: how many groups hold the whole form and so divide nothing."""
    segments: list[list[Row]] = []
    for row in rows:
        if not segments or segments[-1][-1].groups[around : around + 1] != row.groups[around : around + 1]:
            segments.append([row])
        elif row.needs & {other.id for other in segments[-1]}:
            carried = _carried(segments[-1])
            segments.append([*carried, row])
        else:
            segments[-1].append(row)
    return segments


def _carried(page: list[Row]) -> list[Row]:
    """Take the words at the end of a page, after its last question, over to the next."""
    start = len(page)
    while page[start - 1].leads:
        start -= 1
    carried = page[start:]
    del page[start:]
    return carried


def _split(segment: Sequence[Row]) -> list[list[Row]]:
    asked = sum(row.asks for row in segment)
    size = ceil(asked / max(1, ceil(asked / MOST_QUESTIONS)))
    pages: list[list[Row]] = [[]]
    for row in segment:
        if row.asks and sum(other.asks for other in pages[-1]) == size:
            pages.append(_carried(pages[-1]))
        pages[-1].append(row)
    return pages
