"""Hypothesis strategies: any definition there can be, and any answers to it."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from assessments.answers import visible_questions
from assessments.definition import Definition, load_definition

OWN_WORDS = st.sampled_from(("quite something else", "99", "<b>mine</b>"))
"""Answers that are not among those listed."""
WORDS = st.sampled_from(
    (
        "a",
        "0",
        "true",
        "Ça va ?",
        "{Other} and I",
        "O'Neil",
        'a "b" \\ c',
        "<b>x</b>",
        "%1 & | $this",
        "一",
        "two\nlines",
        "🙂",
    )
)
SMALL_NUMBERS = st.integers(-4, 9)
SCORES = st.sampled_from((-1.0, 0.5, 2.0, 3.0))
COMPARISONS = ("above", "at_least", "below", "at_most")
DAYS = ("2020-02-29", "2024-06-01", "2026-11-24")
KINDS = ("choice", "gate", "multiple_choice", "boolean", "integer", "decimal", "scale", "date", "text", "display")


def tried(times: int) -> settings:
    """That many examples, however busy the machine is."""
    return settings(max_examples=times, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def definitions(draw: Any) -> Definition:
    return load_definition(json.dumps(draw(definition_data())))


@st.composite
def definition_data(draw: Any) -> dict[str, Any]:
    """Pages, groups in groups, every kind of question, conditions on them, translations, a scale and an alert."""
    languages = draw(st.sampled_from((["en"], ["es", "en"], ["de", "pt-BR"])))
    texts = st.fixed_dictionaries(dict.fromkeys(languages, WORDS))
    option_sets = {f"set_{n}": draw(_options(texts)) for n in range(draw(st.integers(1, 3)))}
    declined = draw(st.none() | texts)
    groups, placed = draw(_groups(texts))
    items = [draw(_item(number, group, texts, sorted(option_sets))) for number, group in enumerate(placed)]
    items += [{"id": "last", "kind": "boolean", "text": draw(texts)}]
    for item in items:
        if item["kind"] != "display":
            item["declinable"] = declined is not None and draw(st.booleans())
    blocks = draw(_blocks(items, texts))
    _add_conditions(draw, blocks, groups, option_sets)
    optional = {
        "period": draw(st.none() | texts),
        "notice": draw(st.none() | texts),
        "declined": declined,
        "origin": draw(_origin()),
        "scales": draw(_scales(items)),
        "alerts": draw(_alerts(items, option_sets)),
    }
    return {
        "slug": draw(st.sampled_from(("any", "any-form-2"))),
        "title": draw(texts),
        "languages": languages,
        "option_sets": option_sets,
        "groups": groups,
        "blocks": blocks,
        **{key: value for key, value in optional.items() if value is not None},
    }


@st.composite
def answers_to(draw: Any, definition: Definition) -> dict[str, Any]:
    """Valid answers to some of the questions that are then asked."""
    answers: dict[str, Any] = {}
    for item in definition.questions():
        if item in visible_questions(definition, answers) and draw(st.booleans()):
            declined = item.declinable and draw(st.booleans())
            answers[item.id] = None if declined else draw(_answer(definition, item))
    return answers


def _answer(definition: Definition, item: Any) -> st.SearchStrategy[Any]:
    values = [option.value for option in definition.options(item)]
    if item.kind == "multiple_choice":
        alone = {option.value for option in definition.options(item) if option.exclusive}
        several = st.lists(st.sampled_from(values), min_size=1, max_size=item.at_most or len(values), unique=True)
        listed = several.map(lambda chosen: chosen[:1] if alone & set(chosen) else chosen)
        return listed | OWN_WORDS.map(lambda text: [text]) if item.own_words else listed
    if item.kind == "text":
        return WORDS.map(lambda text: text[: item.max_length])
    by_kind = {
        "boolean": st.integers(0, 1),
        "integer": st.integers(-2, 12),
        "decimal": st.integers(1, 40).map(lambda tenths: tenths / 10),
        "scale": st.sampled_from(getattr(item, "values", (0,))),
        "date": st.sampled_from(DAYS),
    }
    listed = by_kind.get(item.kind, st.sampled_from(values or [0]))
    return listed | OWN_WORDS if getattr(item, "own_words", False) else listed


@st.composite
def _options(draw: Any, texts: Any) -> list[dict[str, Any]]:
    values = draw(st.lists(SMALL_NUMBERS, min_size=1, max_size=4, unique=True))
    coded = draw(st.sampled_from((None, "http://loinc.org", "")))
    return [
        _given(
            value=value,
            text=draw(texts),
            score=draw(st.none() | SCORES),
            exclusive=draw(st.sampled_from((None, None, True))),
            coding=None if coded is None else _given(system=coded or None, code=f"LA{value}-{draw(st.integers(0, 1))}"),
        )
        for value in values
    ]


@st.composite
def _groups(draw: Any, texts: Any) -> tuple[list[dict[str, Any]], list[str | None]]:
    """Groups, and for each item to come the one it is in: a walk down into new groups and up again."""
    groups: list[dict[str, Any]] = []
    placed: list[str | None] = []
    path: list[str] = []
    for step in draw(st.lists(st.sampled_from(("item", "item", "down", "up")), max_size=12)):
        if step == "down":
            group = _given(
                id=f"g{len(groups)}",
                within=path[-1] if path else None,
                title=draw(st.none() | texts),
                help=draw(st.none() | texts),
                prefix=draw(st.sampled_from((None, "A."))),
                link_id=draw(st.sampled_from((None, f"/G.{len(groups)}"))),
            )
            groups.append(group)
            path.append(group["id"])
            placed.append(group["id"])
        elif step == "up":
            del path[-1:]
        else:
            placed.append(path[-1] if path else None)
    return groups, placed or [None]


@st.composite
def _item(draw: Any, number: int, group: str | None, texts: Any, sets: list[str]) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS))
    item = _given(
        id=f"i{number}",
        kind=kind,
        text=draw(texts),
        group=group,
        prefix=draw(st.sampled_from((None, "1)"))),
        link_id=draw(st.sampled_from((None, f"/q/{number}"))),
        codes=draw(st.sampled_from((None, [{"system": "http://loinc.org", "code": f"{number}-1", "display": "D"}]))),
    )
    if kind != "display":
        item |= _given(help=draw(st.none() | texts), required=draw(st.booleans()), sensitive=draw(st.booleans()))
    return item | draw(_KINDS.get(kind, lambda texts, sets: st.just({}))(texts, sets))


def _optioned(texts: Any, sets: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"options": st.sampled_from(sets)}, optional={"own_words": st.just(True)})


def _number(texts: Any, sets: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={"minimum": st.just(-2), "maximum": st.just(40), "unit": texts})


_KINDS: dict[str, Any] = {
    "choice": _optioned,
    "gate": _optioned,
    "multiple_choice": lambda texts, sets: st.fixed_dictionaries(
        {"options": st.sampled_from(sets)}, optional={"at_most": st.integers(1, 3), "own_words": st.just(True)}
    ),
    "integer": _number,
    "decimal": lambda texts, sets: st.fixed_dictionaries(
        {}, optional={"minimum": st.just(0.1), "maximum": st.just(4.5), "places": st.integers(1, 6), "unit": texts}
    ),
    "scale": lambda texts, sets: st.fixed_dictionaries(
        {"minimum": st.integers(-2, 1), "maximum": st.integers(2, 10)},
        optional={"step": st.integers(1, 3), "low": texts, "high": texts},
    ),
    "date": lambda texts, sets: st.fixed_dictionaries(
        {}, optional={"earliest": st.just(DAYS[0]), "latest": st.just(DAYS[-1])}
    ),
    "text": lambda texts, sets: st.fixed_dictionaries(
        {}, optional={"max_length": st.integers(1, 300), "short": st.booleans()}
    ),
}


@st.composite
def _blocks(draw: Any, items: list[dict[str, Any]], texts: Any) -> list[dict[str, Any]]:
    cuts = [0, *(number for number in range(1, len(items)) if draw(st.booleans())), len(items)]
    pages = [items[start:end] for start, end in pairwise(cuts)]
    return [
        _given(
            id=draw(st.sampled_from((f"b{number}", f"i{number}"))),
            title=draw(st.none() | texts),
            intro=draw(st.sampled_from((None, None, 1))) and draw(texts),
            shuffle=(draw(st.booleans()) and all(i["kind"] != "display" and "group" not in i for i in page)) or None,
            private=(number == len(pages) - 1 and draw(st.booleans())) or None,
            items=page,
        )
        for number, page in enumerate(pages)
    ]


def _add_conditions(draw: Any, blocks: list[dict[str, Any]], groups: list[dict[str, Any]], sets: Any) -> None:
    """To some items and groups, on what is asked on the pages before."""
    asked: list[dict[str, Any]] = []
    started: set[str] = set()
    within = {group["id"]: group.get("within") for group in groups}
    for block in blocks:
        conditions = _condition(asked, sets)
        for item in block["items"]:
            group = item.get("group")
            while group is not None:
                if group not in started and asked and draw(st.booleans()):
                    next(each for each in groups if each["id"] == group)["visible_when"] = draw(conditions)
                started.add(group)
                group = within[group]
            if asked and draw(st.booleans()):
                item["visible_when"] = draw(conditions)
        asked += [item for item in block["items"] if item["kind"] != "display"]


def _condition(asked: list[dict[str, Any]], sets: Any) -> st.SearchStrategy[dict[str, Any]]:
    if not asked:
        return st.nothing()
    leaf = st.sampled_from(asked).flatmap(lambda item: _leaf(item, sets))
    joined = ("all", "any", "none")
    return st.recursive(
        leaf,
        lambda part: st.sampled_from(joined).flatmap(
            lambda word: st.lists(part, min_size=1, max_size=3).map(lambda parts: {word: parts})
        ),
        max_leaves=4,
    )


def _leaf(item: dict[str, Any], sets: Any) -> st.SearchStrategy[dict[str, Any]]:
    name = st.just(item["id"])
    values = _values(item, sets)
    return st.one_of(
        st.fixed_dictionaries({"item": name, "equals": values}),
        st.fixed_dictionaries({"item": name, "comparison": st.sampled_from(COMPARISONS), "value": values}),
        st.fixed_dictionaries({"item": name, "answered": st.booleans()}),
    )


def _values(item: dict[str, Any], sets: Any) -> st.SearchStrategy[Any]:
    match item["kind"]:
        case "choice" | "gate" | "multiple_choice":
            return st.sampled_from([option["value"] for option in sets[item["options"]]])
        case "boolean":
            return st.integers(0, 1)
        case "date":
            return st.sampled_from(DAYS)
        case "text":
            return WORDS
        case "decimal":
            return st.sampled_from((0.5, 1, 4.25))
    return SMALL_NUMBERS


@st.composite
def _scales(draw: Any, items: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    counted = [item["id"] for item in items if item["kind"] in {"choice", "multiple_choice", "boolean", "integer"}]
    if not counted or draw(st.booleans()):
        return None
    facts = {"id": "total", "title": {"en": "Total"}, "kind": "sum", "direction": "higher_is_worse"}
    return [{**facts, "items": counted, "minimum": len(counted), "bands": [{"at_least": 2.5, "label": {"en": "High"}}]}]


@st.composite
def _alerts(draw: Any, items: list[dict[str, Any]], sets: Any) -> list[dict[str, Any]] | None:
    risky = [item for item in items if item["kind"] in {"choice", "boolean"}]
    if not risky or draw(st.booleans()):
        return None
    item = draw(st.sampled_from(risky))
    return [{"item": item["id"], "at_or_above": draw(_values(item, sets)), "kind": "safety"}]


@st.composite
def _origin(draw: Any) -> dict[str, Any] | None:
    if draw(st.booleans()):
        return None
    return _given(
        standard="fhir",
        release=draw(st.sampled_from(("R4", "R5"))),
        url=draw(st.sampled_from((None, "https://example.org/Questionnaire/any"))),
        version=draw(st.sampled_from((None, "2.1"))),
        name=draw(st.sampled_from((None, "Any"))),
        codes=draw(st.sampled_from((None, [{"system": "http://loinc.org", "code": "44249-1"}]))),
        identifiers=draw(st.sampled_from((None, [{"code": "x"}]))),
        publisher=draw(st.sampled_from((None, "Somebody"))),
        copyright=draw(st.sampled_from((None, "© Somebody"))),
        totals=draw(st.sampled_from((None, ["/total"]))),
    )


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
