"""The way through a questionnaire, one visible block after the other. Pure."""

from __future__ import annotations

from typing import NamedTuple

from assessments.answers import unanswered, visible_blocks
from assessments.definition import Answers, Block, Definition, TextItem


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
    """The first page with a question that still needs an answer, None when none does."""
    open_items = {item.id for item in unanswered(definition, answers)}
    parts = parts_of(definition, answers)
    return next((part for part in parts if any(item.id in open_items for item in part.block.items)), None)


def part_to_go_on_with(definition: Definition, answers: Answers) -> Part | None:
    """Where whoever comes back goes on, None when everything was met.

    After the last page that holds an answer, or on an earlier one that still needs one. So a page with nothing that
    must be answered, or nothing but words to read, is neither passed over nor in anybody's way.
    """
    parts = parts_of(definition, answers)
    held = [part.position for part in parts if any(item.id in answers for item in part.block.items)]
    following = parts[max(held, default=0) :][:1]
    needed = first_open_part(definition, answers)
    return min((part for part in (*following, needed) if part is not None), default=None, key=lambda part: part.number)


def part_after_change(definition: Definition, before: Answers, after: Answers) -> Part | None:
    """What a change to finished answers asks for: the first page that needs an answer, or that was not there before."""
    known = {part.number for part in parts_of(definition, before)}
    opened = next((part for part in parts_of(definition, after) if part.number not in known), None)
    return first_open_part(definition, after) or opened


def minutes_needed(definition: Definition) -> int:
    """A friendly guess at how long all of it takes: nine seconds a question, a minute where one writes."""
    seconds = (60 if isinstance(item, TextItem) and not item.short else 9 for item in definition.questions())
    return max(1, round(sum(seconds) / 60))
