"""Pages and groups that are new, gone or changed, and questions that moved."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from functools import partial

from assessments.definition import Block, Definition, Group
from assessments.differences.base import Area, Difference, Effect, Versions
from assessments.differences.fields import came_or_went, differing, reordered
from assessments.differences.questions import condition_of, name_of
from assessments.differences.words import label, shown

_STEMS = frozenset({"intro", "help", "title"})
"""Words that may be part of what is asked, like "In the last two weeks, how often ..."."""


def in_pages(versions: Versions) -> Iterator[Difference]:
    yield from _in_blocks(versions)
    yield from _in_groups(versions)
    for difference, item_id in _moves(versions):
        yield replace(difference, effect=versions.asking([item_id]), risk=item_id in versions.alarming)


def _in_blocks(versions: Versions) -> Iterator[Difference]:
    old, new = ({block.id: block for block in version.blocks} for version in (versions.old, versions.new))
    for block_id in dict.fromkeys((*old, *new)):
        was, now = old.get(block_id), new.get(block_id)
        if was and now:
            yield from _in_block(versions, was, now)
        else:
            yield came_or_went(f"Page {block_id}", Area.PAGES, was, now, lambda block: shown(block.title))
    yield from reordered("Pages", Area.PAGES, old, new)


def _in_block(versions: Versions, old: Block, new: Block) -> Iterator[Difference]:
    asking = versions.asking(item.id for item in (*old.items, *new.items))

    def effect(field: str) -> Effect:
        return asking if field in _STEMS or field == "shuffle" else "none"

    yield from differing(f"Page {new.id}", Area.PAGES, old, new, effect=effect, leaving={"items"})


def _in_groups(versions: Versions) -> Iterator[Difference]:
    old, new = ({group.id: group for group in version.groups} for version in (versions.old, versions.new))
    for group_id in dict.fromkeys((*old, *new)):
        was, now = old.get(group_id), new.get(group_id)
        members = _members(versions.old, group_id) | _members(versions.new, group_id)
        found = _in_group(versions, group_id, was, now, versions.asking(members))
        risk = not versions.alarming.isdisjoint(members)
        yield from (replace(difference, risk=risk) for difference in found)
    yield from reordered("Groups", Area.PAGES, old, new)


def _members(definition: Definition, group_id: str) -> set[str]:
    inside = ((item.id, definition.groups_of(item)) for item in definition.items())
    return {item_id for item_id, groups in inside if any(group.id == group_id for group in groups)}


def _in_group(
    versions: Versions, group_id: str, old: Group | None, new: Group | None, asking: Effect
) -> Iterator[Difference]:
    about = f"Group {group_id}"
    if old and new:
        yield from differing(about, Area.PAGES, old, new, effect=_effect_in_group(asking), leaving={"visible_when"})
        if old.visible_when != new.visible_when:
            before, after = condition_of(versions.old, old), condition_of(versions.new, new)
            yield Difference(Area.PAGES, about, label("visible_when"), before, after, asking)
    else:
        described = partial(_described, versions.new if new else versions.old)
        yield came_or_went(about, Area.PAGES, old, new, described, effect=asking)


def _effect_in_group(asking: Effect) -> Callable[[str], Effect]:
    return lambda field: asking if field in _STEMS or field == "within" else "none"


def _described(definition: Definition, group: Group) -> str:
    condition = f"{label('visible_when')} {condition_of(definition, group)}" if group.visible_when else ""
    return shown(list(filter(None, (shown(group.title), shown(group.help), condition))))


def _moves(versions: Versions) -> Iterator[tuple[Difference, str]]:
    """The kept items that stand on another page, or elsewhere among the kept ones of their page."""
    pages = [_places(version, versions.kept) for version in (versions.old, versions.new)]
    stayed = _stayed(*(list(page) for page in pages))
    for item_id, page in pages[1].items():
        before = pages[0][item_id]
        if before != page:
            yield _moved(versions.new, item_id, "moved to another page", before, page), item_id
        elif item_id not in stayed:
            yield _moved(versions.new, item_id, "moved", "", _after(list(pages[1]), item_id)), item_id


def _places(definition: Definition, kept: frozenset[str]) -> dict[str, str]:
    return {item.id: block.id for block in definition.blocks for item in block.items if item.id in kept}


def _stayed(old: list[str], new: list[str]) -> set[str]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {item_id for start, _, size in blocks for item_id in old[start : start + size]}


def _moved(definition: Definition, item_id: str, what: str, before: str, after: str) -> Difference:
    return Difference(Area.PAGES, name_of(definition.item(item_id)), what, before, after)


def _after(ids: list[str], item_id: str) -> str:
    place = ids.index(item_id)
    return f"after {ids[place - 1]}" if place else "to the beginning"
