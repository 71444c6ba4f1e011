"""The rules between the parts of a definition: ids are unique, references lead somewhere, questions can be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from assessments.definition import items as kinds
from assessments.definition.conditions import Compares, Equals, Leaf
from assessments.definition.scale_checks import unusable_scales
from assessments.definition.text_checks import missing_words
from assessments.exceptions import Problem

if TYPE_CHECKING:
    from assessments.definition.questionnaire import Definition

MOST_GROUPS = 1000
MOST_COMPARISONS = 2000
"""In all conditions together."""


def problems_in(definition: Definition) -> Iterator[Problem]:
    """Every rule that this definition breaks."""
    if too_much := list(_too_much(definition)):
        yield from too_much
        return
    yield from _repeated_ids(definition)
    yield from _loose_groups(definition)
    yield from _unusable_items(definition)
    yield from _unusable_blocks(definition)
    yield from _hidden_wrongly(definition)
    yield from unusable_scales(definition)
    yield from _loose_mirrors(definition)
    yield from _loose_alerts(definition)
    yield from missing_words(definition)


def _too_much(definition: Definition) -> Iterator[Problem]:
    """More than any questionnaire has: it would only take long to check."""
    if len(definition.groups) > MOST_GROUPS:
        yield Problem("$.groups", f"has {len(definition.groups):,} groups; the most is {MOST_GROUPS:,}: join some")
    parts = (*definition.groups, *(item for block in definition.blocks for item in block.items))
    leaves = sum(1 for part in parts if part.visible_when is not None for _ in part.visible_when.comparisons())
    if leaves > MOST_COMPARISONS:
        found = f"has {leaves:,} comparisons in its conditions; the most is {MOST_COMPARISONS:,}"
        yield Problem("$", f"{found}: put what depends on the same answers into one group")


def _repeated_ids(definition: Definition) -> Iterator[Problem]:
    groups: dict[str, list[str]] = {
        "$.blocks": [block.id for block in definition.blocks],
        "$.groups": [group.id for group in definition.groups],
        "$.blocks[*].items": [item.id for block in definition.blocks for item in block.items],
        "$.scales": [scale.id for scale in definition.scales],
        "$.mirrors": [mirror.id for mirror in definition.mirrors],
    }
    for path, ids in groups.items():
        yield from (Problem(path, f'the id "{repeated}" is used twice; rename one') for repeated in repeats(ids))
    for name, options in definition.option_sets.items():
        for value in repeats(option.value for option in options):
            yield Problem(f"$.option_sets.{name}", f"the value {value} is used twice; change one")
    for language in repeats(definition.languages):
        yield Problem("$.languages", f'"{language}" is named twice; remove one')


def repeats(ids: Iterable[Any]) -> list[Any]:
    return [value for value, times in Counter(ids).items() if times > 1]


def _loose_groups(definition: Definition) -> Iterator[Problem]:
    """Groups form trees, every item's group is there, and the items of one group stand together."""
    within = {group.id: group.within for group in definition.groups}
    for number, group in enumerate(definition.groups):
        if group.within is not None and (group.within not in within or _loops(within, group.id)):
            yield Problem(f"$.groups[{number}].within", "must lead to an outermost group; correct the id")
            return
    left: set[str] = set()
    path: list[str] = []
    for place, item in located_items(definition):
        if item.group is not None and item.group not in within:
            yield Problem(f"{place}.group", f'there is no group "{item.group}"; add it to groups')
            continue
        here = _path_to(within, item.group)
        left |= set(path) - set(here)
        if left & set(here):
            yield Problem(f"{place}.group", f'"{item.group}" was left before; keep the items of a group together')
        path = here


def _loops(within: dict[str, str | None], group_id: str) -> bool:
    return len(_path_to(within, group_id)) > len(within)


def _path_to(within: dict[str, str | None], group_id: str | None) -> list[str]:
    path: list[str] = []
    while group_id is not None and len(path) <= len(within):
        path.append(group_id)
        group_id = within.get(group_id)
    return path


def _unusable_items(definition: Definition) -> Iterator[Problem]:
    for path, item in located_items(definition):
        if isinstance(item, kinds.Optioned):
            yield from _unusable_choice(definition, item, path)
        elif getattr(item, "kind", "") in {"integer", "decimal", "scale"}:
            if None not in {item.minimum, item.maximum} and item.minimum >= item.maximum:
                yield Problem(f"{path}.maximum", "must be above the minimum; correct one of them")
            elif isinstance(item, kinds.ScaleItem) and len(item.values) > kinds.MOST_STEPS + 1:
                steps = f"is {len(item.values) - 1:,} steps above the minimum; the most is {kinds.MOST_STEPS:,}"
                yield Problem(f"{path}.maximum", f"{steps}: give a larger step, or make it an integer")
        elif isinstance(item, kinds.DateItem) and item.earliest and item.latest and item.earliest > item.latest:
            yield Problem(f"{path}.latest", "is before the earliest day; correct one of them")


def _unusable_choice(definition: Definition, item: Any, path: str) -> Iterator[Problem]:
    if item.options not in definition.option_sets:
        yield Problem(f"{path}.options", f'there is no option set "{item.options}"; add it to option_sets')
    elif isinstance(item, kinds.ChoiceItem) and item.expected is not None and foreign(definition, item, item.expected):
        yield Problem(f"{path}.expected", "is none of the item's values; use one of them")


def _unusable_blocks(definition: Definition) -> Iterator[Problem]:
    for number, block in enumerate(definition.blocks):
        fixed = [item.id for item in block.items if item.group or isinstance(item, kinds.DisplayItem)]
        if block.shuffle and fixed:
            yield Problem(
                f"$.blocks[{number}].shuffle", f'"{fixed[0]}" has its place: shuffle only questions without groups'
            )


def _hidden_wrongly(definition: Definition) -> Iterator[Problem]:
    """A page is sent as a whole, so that what a question depends on must be asked on an earlier one."""
    asked = {item.id: (number, item) for number, block in enumerate(definition.blocks) for item in block.items}
    first_page: dict[str, int] = {}
    within = {group.id: group.within for group in definition.groups}
    for path, item in located_items(definition):
        for group_id in _path_to(within, item.group):
            first_page.setdefault(group_id, asked[item.id][0])
        if item.visible_when is not None:
            yield from _loose_condition(definition, item.visible_when, asked, asked[item.id][0], path)
    for number, group in enumerate(definition.groups):
        page = first_page.get(group.id)
        if page is None:
            yield Problem(f"$.groups[{number}]", f'no item is in the group "{group.id}"; remove it')
        elif group.visible_when is not None:
            yield from _loose_condition(definition, group.visible_when, asked, page, f"$.groups[{number}]")


def _loose_condition(
    definition: Definition, condition: Any, asked: dict[str, tuple[int, Any]], page: int, path: str
) -> Iterator[Problem]:
    path = f"{path}.visible_when"
    for leaf in condition.comparisons():
        there, item = asked.get(leaf.item, (page, None))
        if item is None:
            yield Problem(f"{path}.item", f'there is no item "{leaf.item}"; correct the id')
        elif there >= page:
            yield Problem(f"{path}.item", f'"{leaf.item}" must be asked in an earlier block; move it there')
        elif definition.blocks[there].private and not definition.blocks[page].private:
            yield Problem(f"{path}.item", f'"{leaf.item}" is private, and a question outside would tell its answer')
        else:
            yield from _unlike(definition, item, leaf, path)


def _unlike(definition: Definition, asked: Any, leaf: Leaf, path: str) -> Iterator[Problem]:
    """A condition whose value the question can never have."""
    if isinstance(asked, kinds.DisplayItem):
        yield Problem(f"{path}.item", f'"{asked.id}" is no question; name one that can be answered')
    elif isinstance(leaf, Equals) and (foreign(definition, asked, leaf.equals) or not _alike(asked, leaf.equals)):
        yield Problem(f"{path}.equals", f'is no value of "{asked.id}"; use one of its values')
    elif isinstance(leaf, Compares) and not _alike(asked, leaf.value):
        yield Problem(f"{path}.value", f'cannot be compared with "{asked.id}"; give a value of its kind')


def _alike(asked: Any, value: Any) -> bool:
    if isinstance(asked, kinds.DateItem):
        return _is_day(value)
    return isinstance(value, str) == isinstance(asked, kinds.TextItem)


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (TypeError, ValueError):
        return False


def _loose_mirrors(definition: Definition) -> Iterator[Problem]:
    items = by_id(definition)
    for number, mirror in enumerate(definition.mirrors):
        path = f"$.mirrors[{number}].pairs"
        members = [item for pair in mirror.pairs for item in pair]
        for item in dict.fromkeys(members):
            if item not in items:
                yield Problem(path, f'there is no item "{item}"; correct the id')
            elif not _has_numbers(items[item]):
                yield Problem(path, f'"{item}" is no item answered with a number; correct the id')
        for item in repeats(members):
            yield Problem(path, f'"{item}" is in two pairs; keep one')


def _loose_alerts(definition: Definition) -> Iterator[Problem]:
    items = by_id(definition)
    for number, alert in enumerate(definition.alerts):
        path = f"$.alerts[{number}]"
        if not _has_numbers(items.get(alert.item)):
            yield Problem(f"{path}.item", f'"{alert.item}" is no item answered with a number; correct the id')
        elif foreign(definition, items[alert.item], alert.at_or_above):
            yield Problem(f"{path}.at_or_above", f'is no value of "{alert.item}"; use one of its values')
    for number, privacy in enumerate(definition.privacy):
        if privacy.item not in items or foreign(definition, items[privacy.item], privacy.equals):
            yield Problem(f"$.privacy[{number}]", f'"{privacy.item}" has no answer {privacy.equals}; correct one')


def _has_numbers(item: Any) -> bool:
    return item is not None and not isinstance(item, kinds.TextItem | kinds.DateItem | kinds.DisplayItem)


def located_items(definition: Definition) -> Iterator[tuple[str, Any]]:
    for page, block in enumerate(definition.blocks):
        for number, item in enumerate(block.items):
            yield f"$.blocks[{page}].items[{number}]", item


def by_id(definition: Definition) -> dict[str, Any]:
    return {item.id: item for block in definition.blocks for item in block.items}


def options_of(definition: Definition, item: Any) -> tuple[kinds.Option, ...]:
    return definition.option_sets.get(item.options, ()) if isinstance(item, kinds.Optioned) else ()


def foreign(definition: Definition, item: Any, value: Any) -> bool:
    """Not a value of the item. An item whose option set is missing was told so already."""
    values = {0, 1} if isinstance(item, kinds.BooleanItem) else {o.value for o in options_of(definition, item)}
    return bool(values) and value not in values
