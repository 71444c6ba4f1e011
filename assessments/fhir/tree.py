"""The order in which a definition's parts stand inside one another in a Questionnaire and in its responses. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from assessments.definition import Block, Definition, Group, Item

Container = Block | Group
Row = tuple[tuple[Container, ...], Item]
Data = dict[str, Any]


def rows_of(definition: Definition) -> Iterator[Row]:
    """Every item with what it stands in, the outermost first: its page where that has a title, then its groups."""
    pages = set(pages_of(definition))
    for block in definition.blocks:
        page = (block,) if block.id in pages else ()
        for item in block.items:
            yield (*page, *definition.groups_of(item)), item


def pages_of(definition: Definition) -> Iterator[str]:
    """The titled blocks that can be groups of their own: no group reaches over their edge."""
    found: dict[str, set[str]] = {}
    for block in definition.blocks:
        for item in block.items:
            for group in definition.groups_of(item):
                found.setdefault(group.id, set()).add(block.id)
    for block in definition.blocks:
        groups = {group.id for item in block.items for group in definition.groups_of(item)}
        if block.title and all(found[group] == {block.id} for group in groups):
            yield block.id


def nested(
    rows: Iterable[Row],
    leaf: Callable[[Item], Data | None],
    around: Callable[[Container, list[Data]], Data],
    depth: int = 0,
) -> list[Data]:
    """The rows as a tree: what ``leaf`` writes of each item, ``around`` it its containers. None leaves an item out.

    A container with nothing in it is left out as well.
    """
    written: list[Data] = []
    for container, inside in groupby(rows, lambda row: row[0][depth] if len(row[0]) > depth else None):
        if container is None:
            written += filter(None, (leaf(item) for _, item in inside))
        elif children := nested(inside, leaf, around, depth + 1):
            written.append(around(container, children))
    return written
