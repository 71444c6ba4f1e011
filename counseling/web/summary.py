"""What the check page shows: every visible question with the words that were chosen."""

from __future__ import annotations

from typing import Any, NamedTuple

from assessments.answers import unanswered, visible_in
from assessments.definition import Definition, Item, TextItem, Texts, text_for
from assessments.models import Response
from assessments.terms import fill
from counseling.models import FollowUp
from counseling.web.addresses import part_address
from counseling.web.walk import parts_of


class Line(NamedTuple):
    """One question and the answer in words; empty where there is none."""

    address: str
    question: str
    answer: str
    is_missing: bool


class Section(NamedTuple):
    """One part. What ``is_private`` is left out of the page: somebody may be looking on."""

    address: str
    heading: str
    is_private: bool
    lines: tuple[Line, ...]


class _Words(NamedTuple):
    definition: Definition
    language: str
    other_term: str

    def of(self, texts: Texts) -> str:
        return fill(text_for(texts, self.language), self.other_term)

    def of_answer(self, item: Item, answer: Any) -> str:
        """The answer as it read when it was chosen."""
        if answer is None:
            return self.of(self.definition.declined)
        if isinstance(item, TextItem):
            return str(answer)
        return next((self.of(option.text) for option in self.definition.options(item) if option.value == answer), "")


def summarize(follow_up: FollowUp, draft: Response) -> tuple[Section, ...]:
    """The draft, part by part."""
    definition = follow_up.version.definition
    words = _Words(definition, draft.language, draft.other_term)
    missing = {item.id for item in unanswered(definition, draft.answers)}

    def line(item: Item, address: str) -> Line:
        answer = words.of_answer(item, draft.answers.get(item.id, ""))
        return Line(f"{address}#id_{item.id}", words.of(item.text), answer, item.id in missing)

    sections = []
    for part in parts_of(definition, draft.answers):
        address = part_address(follow_up, part, checking=True)
        lines = tuple(line(item, address) for item in visible_in(definition, part.block, draft.answers))
        sections.append(Section(address, words.of(part.block.title), part.block.private, lines))
    return tuple(sections)
