"""The items of a Questionnaire as a tree of what is asked and what is left out, each with a name of its own. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assessments.fhir import codes
from assessments.fhir.constructs import KINDS, refuse
from assessments.fhir.nodes import Node
from assessments.fhir.shapes import kind_of

MOST_ITEMS = 1000
DEEPEST_ITEMS = 10
LONGEST_LINK = 500
LONGEST_ID = 40

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NOT_KNOWN = refuse("is no kind of item; use one of FHIR's")
_SHOWN_LATER = ("display", "display-non-empty")


@dataclass
class Part:
    """One item of the file. ``left_out`` says why it is not asked; ``id`` is its name in the definition."""

    node: Node
    link_id: str
    kind: str
    inside: list[Part] = field(default_factory=list)
    left_out: str | None = None
    id: str = ""

    def walk(self) -> Iterator[Part]:
        yield self
        for part in self.inside:
            yield from part.walk()


def parts_of(root: Node) -> list[Part]:
    """The tree of all items. Repeated and missing linkIds, unknown kinds, too many and too deep items are refused."""
    parts = _parts(root, 1)
    every = [part for top in parts for part in top.walk()]
    if len(every) > MOST_ITEMS:
        root.refuse(f"has {len(every)} items; the most is {MOST_ITEMS}", "item")
        return []
    seen: set[str] = set()
    for part in every:
        if part.link_id in seen:
            part.node.refuse(f'repeats the linkId "{part.link_id}"; rename one', "linkId")
        seen.add(part.link_id)
    for part in parts:
        _leave_out(part)
    return parts


def give_ids(parts: Iterable[Part]) -> None:
    """A linkId that can be an id is one; the others become one, numbered where they meet."""
    named = list(parts)
    taken = {part.link_id for part in named if _IDENTIFIER.fullmatch(part.link_id)}
    for part in named:
        part.id = part.link_id if part.link_id in taken else _free(slugged(part.link_id, "_") or "q", taken)
        taken.add(part.id)


def slugged(text: str, mark: str) -> str:
    """The text in lower-case ASCII letters, digits and ``mark``, beginning with a letter; "" where none is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", mark, plain).strip(mark)
    return f"q{mark}{slug}" if slug[:1].isdigit() else slug


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted[:LONGEST_ID], 2
    while name in taken:
        name = f"{wanted[: LONGEST_ID - 5]}_{number}"
        number += 1
    return name


def _parts(node: Node, depth: int) -> list[Part]:
    if depth > DEEPEST_ITEMS and node.data.get("item"):
        node.refuse(f"has more than {DEEPEST_ITEMS} levels of items; flatten it", "item")
        return []
    return [_part(item, depth) for item in node.nodes("item")]


def _part(item: Node, depth: int) -> Part:
    link_id, kind = item.text("linkId"), kind_of(item)
    if link_id is None:
        item.refuse("has no linkId; add one")
    elif len(link_id) > LONGEST_LINK:
        item.refuse(f"is longer than {LONGEST_LINK} characters; shorten it", "linkId")
    if kind is None:
        item.refuse("has no type; add it")
    part = Part(item, link_id or item.path, kind or "", _parts(item, depth + 1))
    part.left_out = _reason(part)
    return part


def _reason(part: Part) -> str | None:
    """Why an item is not asked, on its own account."""
    item = part.node
    if _true(item, codes.HIDDEN):
        return "is hidden; it is not asked"
    if item.extensions(codes.CALCULATED):
        return "is computed from other answers; it is not asked, and scores are computed here"
    if item.flag("readOnly"):
        return "cannot be answered by the person (readOnly); it is not asked"
    mode = item.extension(codes.USAGE_MODE)
    value = mode.value() if mode else None
    if value is not None and value.data in _SHOWN_LATER:
        return "is only for showing answers; it is not asked"
    return None


def _leave_out(part: Part) -> None:
    """Note what is left out; refuse where that would lose a question that must be answered, or an unknown kind."""
    if part.left_out is not None:
        needed = next((each for each in part.walk() if _must_be_answered(each)), None)
        if needed is None:
            part.node.note(part.left_out)
        else:
            part.node.refuse(f"{part.left_out}, but {needed.node.path} must be answered; show it or make that optional")
        return
    decision = KINDS.get(part.kind, _NOT_KNOWN)
    if decision.what == "refuse" and part.kind:
        part.node.refuse(decision.message, "type")
    for inside in part.inside:
        _leave_out(inside)


def _must_be_answered(part: Part) -> bool:
    asked = part.kind not in {"group", "display"}
    item = part.node
    return asked and item.flag("required") and not (item.flag("readOnly") or item.extensions(codes.CALCULATED))


def _true(item: Node, url: str) -> bool:
    extension = item.extension(url)
    value = extension.value() if extension else None
    return value is not None and value.data is True
