"""What differs between two parts of the same kind, field by field: no field is left out."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from assessments.definition.base import Strict
from assessments.differences.base import Area, Difference, Effect
from assessments.differences.words import label, shown

T = TypeVar("T")
Finding = tuple[str, str, str]
"""What differs, as it was, as it is."""


def changed_fields(old: Strict, new: Strict, *, leaving: Collection[str] = ()) -> Iterator[tuple[str, Any, Any]]:
    """The name of every field that differs, with its two values. Of two kinds only what both have is compared."""
    for name in type(old).model_fields:
        if name in type(new).model_fields and name not in leaving:
            before, after = getattr(old, name), getattr(new, name)
            if before != after:
                yield name, before, after


def in_field(name: str, before: Any, after: Any) -> Iterator[Finding]:
    """A text by language, a part by its own fields, everything else as it was and is."""
    if _is_texts(before) or _is_texts(after):
        yield from in_texts(label(name), before or {}, after or {})
    elif isinstance(before, Strict) and type(before) is type(after):
        for inner, was, now in changed_fields(before, after):
            yield from ((f"{label(name)}, {what}", old, new) for what, old, new in in_field(inner, was, now))
    else:
        yield label(name), shown(before), shown(after)


def in_texts(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Finding]:
    for language in dict.fromkeys((*before, *after)):
        was, now = before.get(language, ""), after.get(language, "")
        if was != now:
            yield f"{what} ({language})", was, now


def differing(
    about: str, area: Area, old: Strict, new: Strict, *, effect: Callable[[str], Effect], leaving: Collection[str] = ()
) -> Iterator[Difference]:
    """A difference for every field, and language of a text, that is not the same. ``effect`` is asked by field."""
    for name, before, after in changed_fields(old, new, leaving=leaving):
        for what, was, now in in_field(name, before, after):
            yield Difference(area, about, what, was, now, effect(name))


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(isinstance(text, str) for text in value.values())


def came_or_went(
    about: str, area: Area, old: T | None, new: T | None, described: Callable[[T], str], *, effect: Effect = "none"
) -> Difference:
    """What is in one of the two versions only."""
    before, after = ("" if part is None else described(part) for part in (old, new))
    return Difference(area, about, "is gone" if new is None else "is new", before, after, effect)


def reordered(
    about: str, area: Area, old: Iterable[Any], new: Iterable[Any], *, effect: Effect = "none"
) -> Iterator[Difference]:
    """Whether what stayed stands in another order; ``old`` and ``new`` are the keys in theirs."""
    old, new = list(old), list(new)
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield Difference(area, about, "in another order", shown(old), shown(new), effect)
