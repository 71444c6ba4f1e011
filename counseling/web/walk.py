"""The way through a questionnaire, one visible block after the other. Pure."""

from __future__ import annotations

from typing import NamedTuple

from assessments.answers import unanswered, visible_blocks
from assessments.definition import Answers, Block, Definition


class Part(NamedTuple):
    """One page. ``number`` is its place in the definition and stays; ``position`` counts what is visible just now."""

    number: int
    block: Block
    position: int
    total: int


def parts_of(definition: Definition, answers: Answers) -> tuple[Part, ...]:
    """The pages that these answers lead through."""
    number_of = {block.id: number for number, block in enumerate(definition.blocks, start=1)}
    blocks = visible_blocks(definition, answers)
    return tuple(
        Part(number_of[block.id], block, position, len(blocks)) for position, block in enumerate(blocks, start=1)
    )


def find_part(definition: Definition, answers: Answers, number: int) -> Part | None:
    """The page with that number, if it is visible."""
    return next((part for part in parts_of(definition, answers) if part.number == number), None)


def part_after(definition: Definition, answers: Answers, number: int) -> Part | None:
    """The next visible page, None after the last."""
    return next((part for part in parts_of(definition, answers) if part.number > number), None)


def part_before(definition: Definition, answers: Answers, number: int) -> Part | None:
    return next((part for part in reversed(parts_of(definition, answers)) if part.number < number), None)


def first_open_part(definition: Definition, answers: Answers) -> Part | None:
    """Where to go on: the first page with a question that still needs an answer, None when none does."""
    open_items = {item.id for item in unanswered(definition, answers)}
    parts = parts_of(definition, answers)
    return next((part for part in parts if any(item.id in open_items for item in part.block.items)), None)


def minutes_needed(definition: Definition) -> int:
    """A friendly guess at how long all of it takes: nine seconds a question."""
    return max(1, round(sum(1 for _ in definition.questions()) * 9 / 60))
