"""Questions that are new, gone, asked in other words or of other people."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from assessments.condition_words import in_words
from assessments.definition import Definition, DisplayItem, Item
from assessments.differences.base import Area, Difference, Effect, Versions
from assessments.differences.fields import came_or_went, differing
from assessments.differences.words import label, shown

_NOT_ASKED = frozenset({"prefix", "link_id", "codes", "sensitive", "group"})
"""Fields of a question that change nothing about what a person is asked. A group's own words are its own affair."""
_COUNTED = frozenset({"kind", "minimum", "maximum", "step", "expected"})


def in_questions(versions: Versions) -> Iterator[Difference]:
    for difference, item_id in _found(versions):
        yield replace(difference, risk=item_id in versions.alarming)


def _found(versions: Versions) -> Iterator[tuple[Difference, str]]:
    old, new = ({item.id: item for item in version.items()} for version in (versions.old, versions.new))
    for item_id in dict.fromkeys((*old, *new)):
        was, now = old.get(item_id), new.get(item_id)
        if was and now:
            yield from ((found, item_id) for found in _in_one(versions, was, now))
        else:
            about = name_of(now or old[item_id])
            yield came_or_went(about, Area.QUESTIONS, was, now, lambda item: shown(item.text)), item_id


def _in_one(versions: Versions, old: Item, new: Item) -> Iterator[Difference]:
    effect = _effect_of(versions, old, new)
    yield from differing(name_of(new), Area.QUESTIONS, old, new, effect=effect, leaving={"visible_when"})
    yield from _in_condition(versions, old, new)


def name_of(item: Item) -> str:
    return f"{'Text' if isinstance(item, DisplayItem) else 'Question'} {item.id}"


def _effect_of(versions: Versions, old: Item, new: Item) -> Any:
    def effect(field: str) -> Effect:
        if field in _NOT_ASKED or new.id not in versions.scored:
            return "none"
        if field == "options":
            return "asking" if _points(versions.old, old) == _points(versions.new, new) else "scoring"
        return "scoring" if field in _COUNTED else "asking"

    return effect


def _points(definition: Definition, item: Item) -> list[tuple[int, float]]:
    return [(option.value, option.points) for option in definition.options(item)]


def _in_condition(versions: Versions, old: Item, new: Item) -> Iterator[Difference]:
    if old.visible_when != new.visible_when:
        effect = versions.asking([new.id])
        before, after = condition_of(versions.old, old), condition_of(versions.new, new)
        yield Difference(Area.QUESTIONS, name_of(new), label("visible_when"), before, after, effect)


def condition_of(definition: Definition, part: Any) -> str:
    """When a question or a group is shown, in the questionnaire's first language."""
    if part.visible_when is None:
        return "always"
    return in_words(part.visible_when, definition, definition.languages[0])
