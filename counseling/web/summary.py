"""What the check page shows: every visible question with the words that were chosen."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

from assessments.answers import unanswered, visible_in
from assessments.definition import DisplayItem, Question
from assessments.models import Response
from assessments.wording import Words
from counseling.models import FollowUp
from counseling.web.addresses import part_address
from counseling.web.walk import Part, parts_of


class Line(NamedTuple):
    """One question and the answer in words; empty where there is none. ``group`` is named where one begins."""

    address: str
    group: str
    question: str
    answer: str
    is_missing: bool


class Section(NamedTuple):
    """One part. What ``is_private`` is left out of the page: somebody may be looking on."""

    address: str
    heading: str
    is_private: bool
    lines: tuple[Line, ...]


def summarize(follow_up: FollowUp, draft: Response) -> tuple[Section, ...]:
    """The draft, part by part. A part with nothing but words to read is left out."""
    definition = follow_up.version.definition
    words = Words(definition, draft.language, draft.other_term)
    missing = {item.id for item in unanswered(definition, draft.answers)}
    sections = []
    for part in parts_of(definition, draft.answers):
        address, heading = part_address(follow_up, part, checking=True), words.of(definition.heading(part.block))
        lines = tuple(_lines(draft, part, words, address, missing))
        sections.append(Section(address, heading, definition.is_private(part.block), lines))
    return tuple(section for section in sections if section.lines)


def _lines(draft: Response, part: Part, words: Words, address: str, missing: Container[str]) -> Iterator[Line]:
    definition = words.definition
    last = words.of(definition.heading(part.block))
    for item in visible_in(definition, part.block, draft.answers, seed=str(draft.pk)):
        if not isinstance(item, DisplayItem):
            group = _group(words, item) or last
            answer = words.answer(item, draft.answers.get(item.id, ""))
            begun = "" if group == last else group
            yield Line(f"{address}#id_{item.id}", begun, words.question(item), answer, item.id in missing)
            last = group


def _group(words: Words, item: Question) -> str:
    """The innermost heading that the question stands under."""
    titles = (words.of(group.title) for group in reversed(words.definition.groups_of(item)))
    return next(filter(None, titles), "")
