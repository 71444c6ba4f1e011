"""The tree of a file's items as a definition's flat items and groups. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from assessments.fhir.conditions import Conditions
from assessments.fhir.paging import Row
from assessments.fhir.parts import Part, give_ids
from assessments.fhir.questions import Question, Questions, names_of
from assessments.fhir.surroundings import beside, note_unused, place_inside

Data = dict[str, Any]


@dataclass(frozen=True)
class Around:
    """What an item stands in: its groups (the outermost first) and the conditions of the questions around it."""

    groups: tuple[str, ...] = ()
    conditions: tuple[Data, ...] = ()
    inside_question: bool = False


@dataclass
class Outline:
    """Grows item by item, so that a condition only knows the questions before it."""

    questions: Questions
    conditions: Conditions
    items: dict[str, Question] = field(default_factory=dict)
    groups: list[Data] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    _opened: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, parts: Iterable[Part], around: Around) -> None:
        for part in parts:
            if part.left_out is None and is_shown(part):
                if part.kind != "group":
                    self._add_item(part, around)
                elif any(map(is_shown, _items_in(part))):
                    self._add_group(part, around)
                else:
                    part.node.note("is a group with nothing in it; its words are shown")
                    self._add_item(replace(part, kind="display", inside=[]), around)

    def _add_group(self, part: Part, around: Around) -> None:
        item, tongue = part.node, self.questions.tongue
        if item.flag("repeats"):
            often = "set repeats to false, or list the group as often as it is needed"
            item.refuse(f"may be answered several times, which cannot be asked here; {often}", "repeats")
        condition = self._condition(part, around)
        group: Data = {"id": part.id, **names_of(part), **beside(part, tongue)}
        if title := tongue.texts(item, "text"):
            group["title"] = title
        if around.groups:
            group["within"] = around.groups[-1]
        if condition:
            group["visible_when"] = condition
        note_unused(part)
        self._opened[part.id] = frozenset(_needs(condition))
        self.groups.append(group)
        self.add(_items_in(part), Around((*around.groups, part.id)))

    def _add_item(self, part: Part, around: Around) -> None:
        built = self.questions.question(part)
        condition = self._condition(part, around)
        if condition:
            built.data["visible_when"] = condition
        if around.groups:
            built.data["group"] = around.groups[-1]
        self._add_row(built, condition, around)
        self.items[part.id] = self.conditions.asked[part.link_id] = built
        if part.kind != "display":
            inherited = (condition,) if condition else ()
            self.add(_items_in(part), Around(around.groups, inherited, inside_question=True))

    def _add_row(self, built: Question, condition: Data | None, around: Around) -> None:
        """The groups that this item opens must be known to apply before its page is shown."""
        opened = [needs for group in around.groups if (needs := self._opened.pop(group, None))]
        asks = built.data["kind"] != "display"
        needs = frozenset(_needs(condition)).union(*opened)
        self.rows.append(Row(built.part.id, around.groups, needs, asks, leads=not asks and not around.inside_question))

    def _condition(self, part: Part, around: Around) -> Data | None:
        """Its own condition, and those of the questions that it stands in."""
        own = self.conditions.condition(part.node)
        every = [*around.conditions, *([own] if own else [])]
        return {"all": every} if len(every) > 1 else next(iter(every), None)


def outlined(parts: list[Part], questions: Questions, *, stu3: bool) -> Outline:
    """Everything that is asked or shown. What is not shown is noted, what cannot be is refused."""
    shown = list(_shown(parts))
    give_ids(shown)
    left_out = {part.link_id: part.left_out or "" for part in _left_out(parts)}
    later = {part.link_id: "a group" if part.kind == "group" else "asked later" for part in shown}
    outline = Outline(questions, Conditions(left_out, later, stu3=stu3))
    outline.add(parts, Around())
    return outline


def is_shown(part: Part) -> bool:
    """Something of it comes on a page: its own words, or what is in it."""
    if part.left_out is not None:
        return False
    return part.kind != "group" or part.node.text("text") is not None or any(map(is_shown, _items_in(part)))


def _shown(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        if is_shown(part):
            yield part
            yield from _shown(_items_in(part))
        elif part.left_out is None:
            part.node.note("is a group with nothing to show; it is left out")


def _items_in(part: Part) -> list[Part]:
    return [inside for inside in part.inside if place_inside(part, inside) is None]


def _left_out(parts: Iterable[Part], reason: str | None = None) -> Iterator[Part]:
    for part in parts:
        part.left_out = reason or part.left_out
        if part.left_out is not None:
            yield part
        yield from _left_out(part.inside, part.left_out)


def _needs(condition: Data | None) -> Iterator[str]:
    """The items that a condition looks at."""
    if condition is not None:
        if "item" in condition:
            yield condition["item"]
        for name in ("all", "any", "none"):
            for part in condition.get(name, ()):
                yield from _needs(part)
