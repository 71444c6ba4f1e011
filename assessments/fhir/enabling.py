"""Conditions as FHIR says them: ``enableWhen`` where it can, else an expression that means the same. Pure.

``enableWhen`` holds comparisons that are joined by one "all" or "any". In FHIR as here a question without an answer
equals nothing and is above or below nothing, so that ``!=`` is true of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from assessments.definition import (
    AllOf,
    Answered,
    AnyOf,
    BooleanItem,
    ChoiceItem,
    Compares,
    Condition,
    DateItem,
    DecimalItem,
    Definition,
    Equals,
    GateItem,
    Group,
    IntegerItem,
    Item,
    MultipleChoiceItem,
    NoneOf,
    ScaleItem,
)
from assessments.exceptions import Problem
from assessments.fhir.codes import ENABLE_WHEN_EXPRESSION
from assessments.fhir.links import Links, codings, links_of

Data = dict[str, Any]
OPERATORS = {"above": ">", "at_least": ">=", "below": "<", "at_most": "<="}


def enabling(definition: Definition, links: Links, condition: Condition | None) -> Data:
    """The fields of a Questionnaire's item that make it asked only when the condition holds."""
    if condition is None:
        return {}
    rows = _rows(definition, links, condition)
    if rows is None:
        expression = {"language": "text/fhirpath", "expression": fhirpath(definition, links, condition)}
        return {"extension": [{"url": ENABLE_WHEN_EXPRESSION, "valueExpression": expression}]}
    behavior, comparisons = rows
    joined = {"enableBehavior": behavior} if len(comparisons) > 1 else {}
    return {"enableWhen": comparisons, **joined}


def fhirpath(definition: Definition, links: Links, condition: Condition) -> str:
    """The condition as an expression over the response. It is always true or false, never empty."""
    match condition:
        case AllOf(all=parts):
            return _joined(" and ", (fhirpath(definition, links, part) for part in parts))
        case AnyOf(any=parts):
            return _joined(" or ", (fhirpath(definition, links, part) for part in parts))
        case NoneOf(none=parts):
            return _joined(" or ", (fhirpath(definition, links, part) for part in parts)) + ".not()"
    answer = f"%resource.repeat(item).where(linkId={_quoted(links.items[condition.item])}).answer"
    if isinstance(condition, Answered):
        return f"{answer}.exists()" if condition.answered else f"{answer}.empty()"
    return f"{answer}.where({_test(definition, condition)}).exists()"


def changed_expressions(definition: Definition, questionnaire: Data) -> Iterator[Problem]:
    """Where an export's expression is no longer the one that was written: it is not run, so nobody would notice."""
    links = links_of(definition)
    parts: dict[str, Item | Group] = {links.items[item.id]: item for item in definition.items()}
    parts |= {links.groups[group.id]: group for group in definition.groups}
    for path, item in _items_in(questionnaire, "Questionnaire"):
        part = parts.get(item["linkId"])
        written = enabling(definition, links, part.visible_when) if part else {}
        if _expressions(item) != _expressions(written):
            yield Problem(f"{path}.extension", "is another expression than was exported; change the condition there")


def _items_in(part: Data, path: str) -> Iterator[tuple[str, Data]]:
    for number, item in enumerate(part.get("item", ())):
        here = f"{path}.item[{number}]"
        yield here, item
        yield from _items_in(item, here)


def _expressions(item: Data) -> list[Any]:
    """What decides about an item, however misshapen: another program may have written it."""
    extensions = [each for each in item.get("extension", ()) if isinstance(each, dict)]
    found = [each.get("valueExpression") for each in extensions if each.get("url") == ENABLE_WHEN_EXPRESSION]
    return [each.get("expression") if isinstance(each, dict) else None for each in found]


def _rows(definition: Definition, links: Links, condition: Condition) -> tuple[str, list[Data]] | None:
    """Whether all or any must hold, and the comparisons; None where enableWhen cannot say it."""
    for behavior, parts in (("all", _conjuncts(condition)), ("any", _disjuncts(definition, condition))):
        leaves = [_leaf(definition, links, part) for part in parts]
        rows = [leaf for leaf in leaves if leaf is not None]
        if rows and len(rows) == len(leaves):
            return behavior, rows
    return None


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    """What must hold together for the condition to hold."""
    match condition:
        case AllOf(all=parts):
            for part in parts:
                yield from _conjuncts(part)
        case NoneOf(none=(AnyOf(any=parts),)):
            yield from _conjuncts(NoneOf(none=parts))
        case NoneOf(none=parts) if len(parts) > 1:
            for part in parts:
                yield from _conjuncts(NoneOf(none=(part,)))
        case _:
            yield condition


def _disjuncts(definition: Definition, condition: Condition) -> Iterator[Condition]:
    """Of what each is enough for the condition to hold."""
    match condition:
        case AnyOf(any=parts):
            for part in parts:
                yield from _disjuncts(definition, part)
        case NoneOf(none=(AllOf(all=parts),)):
            for part in parts:
                yield from _disjuncts(definition, NoneOf(none=(part,)))
        case Compares() if (values := _values(definition, condition)) is not None:
            yield from (Equals(item=condition.item, equals=value) for value in values)
        case _:
            yield condition


def _leaf(definition: Definition, links: Links, condition: Condition) -> Data | None:
    match condition:
        case NoneOf(none=(only,)):
            return _opposite(definition, links, only)
        case Answered(item=item, answered=answered):
            return {"question": links.items[item], "operator": "exists", "answerBoolean": answered}
        case Equals() | Compares():
            return _comparison(definition, links, condition)
    return None


def _opposite(definition: Definition, links: Links, condition: Condition) -> Data | None:
    """The comparison that holds exactly when this one does not. "At most 3" is not the opposite of "above 3"."""
    match condition:
        case Answered():
            return _leaf(definition, links, Answered(item=condition.item, answered=not condition.answered))
        case Equals():
            leaf = _comparison(definition, links, condition)
            return leaf and {**leaf, "operator": "!="}
        case NoneOf(none=(only,)):
            return _leaf(definition, links, only)
    return None


def _comparison(definition: Definition, links: Links, leaf: Equals | Compares) -> Data | None:
    values = _values(definition, leaf)
    if values is None:
        operator, value = _operator(leaf)
    elif len(values) == 1:
        operator, value = "=", values[0]
    else:
        return None
    if operator != "=" and isinstance(value, str) and not isinstance(definition.item(leaf.item), DateItem):
        return None  # FHIR does not say which text is above another
    answer = _answer(definition, leaf.item, value)
    return answer and {"question": links.items[leaf.item], "operator": operator, **answer}


def _operator(leaf: Equals | Compares) -> tuple[str, Any]:
    return ("=", leaf.equals) if isinstance(leaf, Equals) else (OPERATORS[leaf.comparison], leaf.value)


def _values(definition: Definition, leaf: Equals | Compares) -> list[int] | None:
    """Which of a question's named answers it is true of; None where the answers have no names."""
    item = definition.item(leaf.item)
    known = [0, 1] if isinstance(item, BooleanItem) else [option.value for option in definition.options(item)]
    several = isinstance(item, MultipleChoiceItem)
    return [value for value in known if leaf.holds({leaf.item: [value] if several else value})] if known else None


def _answer(definition: Definition, item_id: str, value: Any) -> Data | None:
    """``answer[x]`` of enableWhen; None for a value that an answer of this kind can never be written as."""
    match definition.item(item_id):
        case ChoiceItem() | GateItem() | MultipleChoiceItem() as item:
            return {"answerCoding": codings(definition.options(item))[value]}
        case BooleanItem():
            return {"answerBoolean": value == 1}
        case IntegerItem() | ScaleItem():
            return {"answerInteger": int(value)} if value == math.floor(value) else None
        case DecimalItem():
            return {"answerDecimal": value}
        case DateItem():
            return {"answerDate": value}
    return {"answerString": value} if value.strip() else None


def _test(definition: Definition, leaf: Equals | Compares) -> str:
    """What is true of one answer when the comparison is."""
    values = _values(definition, leaf)
    item = definition.item(leaf.item)
    if values is None:
        operator, value = _operator(leaf)
        return f"value {operator} {_literal(item, value)}"
    if isinstance(item, BooleanItem):
        tests = [f"value = {'true' if value == 1 else 'false'}" for value in values]
    else:
        named = codings(definition.options(item))
        tests = [_is_coding(named[value]) for value in values]
    return " or ".join(tests) or "false"


def _is_coding(coding: Data) -> str:
    system = f"value.system = {_quoted(coding['system'])}" if "system" in coding else "value.system.empty()"
    return f"(value.code = {_quoted(coding['code'])} and {system})"


def _literal(item: Any, value: Any) -> str:
    if isinstance(item, DateItem):
        return f"@{value}"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\r", "\\r").replace("\n", "\\n")
    return "'" + escaped.replace("\t", "\\t") + "'"


def _joined(word: str, parts: Iterable[str]) -> str:
    return "(" + word.join(parts) + ")"
