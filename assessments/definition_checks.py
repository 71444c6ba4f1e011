"""The rules between the parts of a definition: ids are unique, references lead somewhere, scales can be scored."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from assessments.exceptions import Problem

if TYPE_CHECKING:
    from assessments.definition import Definition, Scale

_TEXT_FIELDS = frozenset({"title", "text", "help", "intro", "advice", "period", "notice", "declined", "source"})
_BRACES = re.compile(r"[{}]")
_PLACEHOLDERS = re.compile(r"\{(other|Other|your_other)\}")


def problems_in(definition: Definition) -> Iterator[Problem]:
    """Every rule that this definition breaks."""
    yield from _repeated_ids(definition)
    yield from _unusable_items(definition)
    yield from _hidden_too_late(definition)
    yield from _unusable_scales(definition)
    yield from _loose_mirrors(definition)
    yield from _loose_alerts(definition)
    yield from _texts(definition.model_dump(), "$", definition.languages)


def _repeated_ids(definition: Definition) -> Iterator[Problem]:
    groups: dict[str, list[str]] = {
        "$.blocks": [block.id for block in definition.blocks],
        "$.blocks[*].items": [item.id for block in definition.blocks for item in block.items],
        "$.scales": [scale.id for scale in definition.scales],
        "$.mirrors": [mirror.id for mirror in definition.mirrors],
    }
    for path, ids in groups.items():
        yield from (Problem(path, f'the id "{repeated}" is used twice; rename one') for repeated in _repeated(ids))
    for name, options in definition.option_sets.items():
        for value in _repeated(option.value for option in options):
            yield Problem(f"$.option_sets.{name}", f"the value {value} is used twice; change one")


def _repeated(ids: Iterable[Any]) -> list[Any]:
    return [value for value, times in Counter(ids).items() if times > 1]


def _unusable_items(definition: Definition) -> Iterator[Problem]:
    for path, item in _located_items(definition):
        if item.kind == "text":
            continue
        if item.options not in definition.option_sets:
            yield Problem(f"{path}.options", f'there is no option set "{item.options}"; add it to option_sets')
        elif item.kind == "choice" and item.expected is not None and _foreign(definition, item, item.expected):
            yield Problem(f"{path}.expected", "is none of the item's values; use one of them")


def _hidden_too_late(definition: Definition) -> Iterator[Problem]:
    """A page is sent as a whole, so that what a question depends on must be asked on an earlier one."""
    page_of = {item.id: number for number, block in enumerate(definition.blocks) for item in block.items}
    for path, item in _located_items(definition):
        if item.visible_when is None:
            continue
        asked = item.visible_when.item
        if asked not in page_of:
            yield Problem(f"{path}.visible_when.item", f'there is no item "{asked}"; correct the id')
        elif page_of[asked] >= page_of[item.id]:
            yield Problem(f"{path}.visible_when.item", f'"{asked}" must be asked in an earlier block; move it there')
        elif _foreign(definition, _by_id(definition)[asked], item.visible_when.equals):
            yield Problem(f"{path}.visible_when.equals", f'is no value of "{asked}"; use one of its values')


def _unusable_scales(definition: Definition) -> Iterator[Problem]:
    for number, scale in enumerate(definition.scales):
        path = f"$.scales[{number}]"
        items = _by_id(definition)
        unknown = [item for item in scale.items if item not in items or not _scorable(items[item])]
        yield from (Problem(f"{path}.items", f'"{item}" cannot be scored; name a choice item') for item in unknown)
        if not unknown and len({_ends(definition, items[item]) for item in scale.items}) > 1:
            yield Problem(f"{path}.items", "have answers of different ranges; give them the same")
        yield from _unusable_counts(definition, scale, path)


def _unusable_counts(definition: Definition, scale: Scale, path: str) -> Iterator[Problem]:
    for item in _repeated(scale.items):
        yield Problem(f"{path}.items", f'"{item}" is listed twice; remove one')
    for item in set(scale.reversed) - set(scale.items):
        yield Problem(f"{path}.reversed", f'"{item}" is not in this scale; remove it')
    if scale.minimum > len(scale.items):
        yield Problem(f"{path}.minimum", f"is more than the {len(scale.items)} items; lower it")
    if scale.complete_pairs is not None:
        paired = {i for m in definition.mirrors if m.id == scale.complete_pairs for pair in m.pairs for i in pair}
        for item in set(scale.items) - paired:
            yield Problem(f"{path}.complete_pairs", f'"{item}" has no pair in "{scale.complete_pairs}"; add the pair')


def _loose_mirrors(definition: Definition) -> Iterator[Problem]:
    for number, mirror in enumerate(definition.mirrors):
        path = f"$.mirrors[{number}].pairs"
        members = [item for pair in mirror.pairs for item in pair]
        for item in set(members) - set(_by_id(definition)):
            yield Problem(path, f'there is no item "{item}"; correct the id')
        for item in _repeated(members):
            yield Problem(path, f'"{item}" is in two pairs; keep one')


def _loose_alerts(definition: Definition) -> Iterator[Problem]:
    items = _by_id(definition)
    for number, alert in enumerate(definition.alerts):
        path = f"$.alerts[{number}]"
        if alert.item not in items or items[alert.item].kind == "text":
            yield Problem(f"{path}.item", f'"{alert.item}" is no item with options; correct the id')
        elif _foreign(definition, items[alert.item], alert.at_or_above):
            yield Problem(f"{path}.at_or_above", f'is no value of "{alert.item}"; use one of its values')


def _texts(value: Any, path: str, languages: tuple[str, ...]) -> Iterator[Problem]:
    """Walk the plain data: every text is there in every language, with no placeholder but the known ones."""
    if isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _texts(part, f"{path}[{number}]", languages)
    elif isinstance(value, dict):
        for key, part in value.items():
            walk = _wordings if key in _TEXT_FIELDS and isinstance(part, dict) else _texts
            yield from walk(part, f"{path}.{key}", languages)


def _wordings(texts: dict[str, str], path: str, languages: tuple[str, ...]) -> Iterator[Problem]:
    for language in sorted(set(languages) - set(texts)):
        yield Problem(path, f'has no "{language}"; add the wording')
    for language in sorted(set(texts) - set(languages)):
        yield Problem(path, f'"{language}" is not one of the languages; add it to $.languages or remove it')
    for language, wording in texts.items():
        if _BRACES.search(_PLACEHOLDERS.sub("", wording)):
            yield Problem(f"{path}.{language}", "has braces; only {other}, {Other} and {your_other} may stand in them")


def _located_items(definition: Definition) -> Iterator[tuple[str, Any]]:
    for page, block in enumerate(definition.blocks):
        for number, item in enumerate(block.items):
            yield f"$.blocks[{page}].items[{number}]", item


def _by_id(definition: Definition) -> dict[str, Any]:
    return {item.id: item for block in definition.blocks for item in block.items}


def _scorable(item: Any) -> bool:
    return item.kind == "choice" and item.expected is None


def _values(definition: Definition, item: Any) -> set[int]:
    return {option.value for option in definition.option_sets.get(getattr(item, "options", ""), ())}


def _foreign(definition: Definition, item: Any, value: int) -> bool:
    """Not a value of the item. An item whose option set is missing was told so already."""
    values = _values(definition, item)
    return bool(values) and value not in values


def _ends(definition: Definition, item: Any) -> tuple[int, int] | None:
    values = _values(definition, item)
    return (min(values), max(values)) if values else None
