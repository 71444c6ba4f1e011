"""Questions whose answers raise an alert, on private pages of their own. Pure.

Whoever holds the link must not see such an answer again. A page that also asks other things would be hidden with it, or
tell by its being hidden; a published form knows of neither.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, takewhile
from typing import NamedTuple

from assessments.definition import Block, Definition, DisplayItem, Item, Question, Texts

LONGEST_INTRO = 5000
LONGEST_ID = 40


class _Piece(NamedTuple):
    """A question with the words to read that stand before it (or, behind the last one, after it)."""

    items: tuple[Item, ...]
    is_risky: bool
    has_words: bool


def with_alerts_apart(definition: Definition) -> Definition:
    """The same questions in the same order, those that raise an alert on pages of their own where that is faithful.

    Words that a page begins with are said again above what was taken off it. A page stays as it is where its questions
    are shuffled, where other words in its middle may belong to the question, and where another question depends on it.
    """
    risky = {alert.item for alert in definition.alerts} - _looked_at(definition)
    taken = {block.id for block in definition.blocks}
    blocks = [part for block in definition.blocks for part in _split(definition, block, risky, taken)]
    return (
        definition.model_copy(update={"blocks": tuple(blocks)}) if len(blocks) > len(definition.blocks) else definition
    )


def _looked_at(definition: Definition) -> set[str]:
    """What a condition looks at: nothing outside a private page may depend on what is asked there."""
    conditions = (part.visible_when for part in (*definition.groups, *definition.items()))
    return {leaf.item for condition in conditions if condition is not None for leaf in condition.comparisons()}


def _split(definition: Definition, block: Block, risky: Collection[str], taken: set[str]) -> Iterator[Block]:
    opening = tuple(takewhile(lambda item: isinstance(item, DisplayItem), block.items))
    pieces = list(_pieces(block.items[len(opening) :], risky))
    runs = [list(run) for _, run in groupby(pieces, lambda piece: piece.is_risky)]
    intros = [_intro(definition, block, opening, run[0].items[-1]) for run in runs]
    if len(runs) < 2 or block.private or block.shuffle or not _can_part(pieces, opening) or _too_long(intros):
        yield block
        return
    for number, (run, intro) in enumerate(zip(runs, intros, strict=True)):
        items = tuple(item for piece in run for item in piece.items)
        changed = {"id": _free(block.id, taken), "intro": intro} if number else {"items": (*opening, *items)}
        yield block.model_copy(update={"items": items, "private": run[0].is_risky, **changed})


def _pieces(items: Sequence[Item], risky: Collection[str]) -> Iterator[_Piece]:
    words: list[Item] = []
    asked: list[tuple[tuple[Item, ...], Question]] = []
    for item in items:
        words.append(item)
        if not isinstance(item, DisplayItem):
            asked.append((tuple(words), item))
            words = []
    for number, (part, question) in enumerate(asked, start=1):
        behind = tuple(words) if number == len(asked) else ()
        yield _Piece((*part, *behind), question.id in risky, len(part) > 1)


def _can_part(pieces: Sequence[_Piece], opening: Sequence[Item]) -> bool:
    """Words that always open the page can be said again; those in its middle may be meant for all that follows."""
    last = max(number for number, piece in enumerate(pieces) if piece.is_risky)
    return all(item.visible_when is None for item in opening) and not any(
        piece.has_words and not piece.is_risky for piece in pieces[:last]
    )


def _intro(definition: Definition, block: Block, opening: Sequence[Item], first: Item) -> Texts | None:
    """The page's own introduction and its opening words, where those stand in a group that goes on here."""
    around = {None, *(group.id for group in definition.groups_of(first))}
    said = [*([block.intro] if block.intro else []), *(item.text for item in opening if item.group in around)]
    if not said:
        return None
    return {language: "\n".join(texts[language] for texts in said) for language in definition.languages}


def _too_long(intros: Sequence[Texts | None]) -> bool:
    return any(len(words) > LONGEST_INTRO for intro in intros if intro for words in intro.values())


def _free(block_id: str, taken: set[str]) -> str:
    numbered = (f"{block_id[: LONGEST_ID - 5]}_{number}" for number in range(2, len(taken) + 3))
    found = next(name for name in numbered if name not in taken)
    taken.add(found)
    return found
