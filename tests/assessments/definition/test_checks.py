"""The rules between the parts that only richer questionnaires can break: groups, pages, conditions, scales."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from assessments.definition import load_definition
from assessments.exceptions import InvalidDefinition
from tests.assessments.factories import EVERY_KIND, words


def told(change: Callable[[Any], object]) -> list[tuple[str, str]]:
    data = deepcopy(EVERY_KIND)
    change(data)
    with pytest.raises(InvalidDefinition) as caught:
        load_definition(json.dumps(data))
    return [(problem.path, problem.message) for problem in caught.value.problems]


def item(data: Any, item_id: str) -> Any:
    return next(item for block in data["blocks"] for item in block["items"] if item["id"] == item_id)


def hidden_by(condition: dict[str, Any], item_id: str = "day") -> Callable[[Any], object]:
    return lambda data: item(data, item_id).update(visible_when=condition)


EARLIER = "must be asked in an earlier block; move it there"

RULES: dict[str, tuple[Callable[[Any], object], tuple[str, str]]] = {
    "group in itself": (
        lambda d: d["groups"][0].update(within="counts"),
        ("$.groups[0].within", "must lead to an outermost group; correct the id"),
    ),
    "group within nothing": (
        lambda d: d["groups"][1].update(within="nowhere"),
        ("$.groups[1].within", "must lead to an outermost group; correct the id"),
    ),
    "group twice": (
        lambda d: d["groups"].append({"id": "counts"}),
        ("$.groups", 'the id "counts" is used twice; rename one'),
    ),
    "group of nothing": (
        lambda d: d["groups"].append({"id": "empty"}),
        ("$.groups[2]", 'no item is in the group "empty"; remove it'),
    ),
    "item of no group": (
        lambda d: item(d, "day").update(group="nowhere"),
        ("$.blocks[2].items[2].group", 'there is no group "nowhere"; add it to groups'),
    ),
    "group torn apart": (
        lambda d: item(d, "day").update(group="numbers"),
        ("$.blocks[2].items[2].group", '"numbers" was left before; keep the items of a group together'),
    ),
    "group hidden by itself": (
        lambda d: d["groups"][1].update(visible_when={"item": "count", "answered": True}),
        ("$.groups[1].visible_when.item", f'"count" {EARLIER}'),
    ),
    "ends turned round": (
        lambda d: item(d, "count").update(minimum=41),
        ("$.blocks[1].items[1].maximum", "must be above the minimum; correct one of them"),
    ),
    "days turned round": (
        lambda d: item(d, "day").update(earliest="2027-01-01"),
        ("$.blocks[2].items[2].latest", "is before the earliest day; correct one of them"),
    ),
    "shuffled words": (
        lambda d: d["blocks"][2].update(shuffle=True),
        ("$.blocks[2].shuffle", '"read" has its place: shuffle only questions without groups'),
    ),
    "shuffled group": (
        lambda d: d["blocks"][1].update(shuffle=True),
        ("$.blocks[1].shuffle", '"amount" has its place: shuffle only questions without groups'),
    ),
    "depends on words": (
        lambda d: (
            d["blocks"].append({"id": "more", "items": [{"id": "z", "kind": "boolean", "text": words("Z?")}]}),
            hidden_by({"item": "read", "answered": True}, "z")(d),
        ),
        ("$.blocks[3].items[0].visible_when.item", '"read" is no question; name one that can be answered'),
    ),
    "deep in a condition": (
        hidden_by({"any": [{"item": "yes", "equals": 1}, {"none": [{"item": "rating", "equals": 3}]}]}),
        ("$.blocks[2].items[2].visible_when.item", f'"rating" {EARLIER}'),
    ),
    "neither yes nor no": (
        hidden_by({"item": "yes", "equals": 2}),
        ("$.blocks[2].items[2].visible_when.equals", 'is no value of "yes"; use one of its values'),
    ),
    "a number equal to a text": (
        hidden_by({"item": "count", "equals": "many"}),
        ("$.blocks[2].items[2].visible_when.equals", 'is no value of "count"; use one of its values'),
    ),
    "a number beyond a text": (
        hidden_by({"item": "count", "comparison": "above", "value": "many"}),
        ("$.blocks[2].items[2].visible_when.value", 'cannot be compared with "count"; give a value of its kind'),
    ),
    "private answer told outside": (
        lambda d: (d["blocks"][0].update(private=True), d["blocks"][1].update(private=True)),
        ("$.blocks[2].items[2].visible_when.item", '"yes" is private, and a question outside would tell its answer'),
    ),
    "privacy of no answer": (
        lambda d: d.update(privacy=[{"item": "gate", "equals": 2}]),
        ("$.privacy[0]", '"gate" has no answer 2; correct one'),
    ),
    "nothing to decline with": (
        lambda d: d.pop("declined"),
        ("$.declined", "has no words, but a question may be declined; add them or set declinable to false"),
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_parts_that_disagree_are_told(name):
    change, expected = RULES[name]
    if name == "private answer told outside":
        assert told(lambda data: (change(data), hidden_by({"item": "yes", "equals": 1})(data))) == [expected]
    else:
        assert told(change) == [expected]


@pytest.mark.parametrize("value", ["2026-02-30", "20260131", 20260131])
def test_a_day_is_compared_with_a_day(value):
    def change(data):
        data["blocks"].append({"id": "more", "items": [{"id": "z", "kind": "boolean", "text": words("Z?")}]})
        hidden_by({"item": "day", "comparison": "above", "value": value}, "z")(data)

    assert told(change) == [
        ("$.blocks[3].items[0].visible_when.value", 'cannot be compared with "day"; give a value of its kind')
    ]


@pytest.mark.parametrize(
    ("condition", "path"),
    [
        ({"item": "yes", "equals": 1, "value": 2}, "$.blocks[2].items[2].visible_when.value"),
        ({"item": "yes", "equals": None}, "$.blocks[2].items[2].visible_when.equals"),
        ({"all": [{"item": "Yes", "equals": 1}]}, "$.blocks[2].items[2].visible_when.all[0].item"),
        ({"any": [{"item": "yes"}]}, "$.blocks[2].items[2].visible_when.any[0]"),
    ],
)
def test_a_fault_inside_a_condition_is_told_where_it_is(condition, path):
    assert {found for found, _ in told(hidden_by(condition))} == {path}


# --- Scales ---------------------------------------------------------------------------------------

SCALE = {"id": "s", "title": words("S"), "kind": "sum", "items": ["one", "yes"], "minimum": 2, "direction": "neutral"}
TEXT = {"label": words("L"), "source": words("Somebody 1999")}


def scale(**changes: Any) -> Callable[[Any], object]:
    """The scale so changed; None takes a field out."""
    whole = {key: value for key, value in {**SCALE, **changes}.items() if value is not None}
    return lambda data: data.update(scales=[whole])


SCALE_RULES: dict[str, tuple[Callable[[Any], object], tuple[str, str]]] = {
    "nothing to count": (scale(items=None, minimum=1), ("", "needs either items or scales to count; give one of them")),
    "items and scales": (
        lambda d: (scale(scales=["t"])(d), d["scales"].append({**SCALE, "id": "t"})),
        ("", "needs either items or scales to count; give one of them"),
    ),
    "total of nothing": (
        scale(items=None, scales=["t"], minimum=1),
        (".scales", '"t" is no scale of items; correct the id'),
    ),
    "pairs of a total": (
        lambda d: (
            scale(items=None, scales=["t"], minimum=1, complete_pairs="zz")(d),
            d["scales"].append({**SCALE, "id": "t"}),
        ),
        (".complete_pairs", "belongs to a scale of items, not to a total; remove it"),
    ),
    "no end to reverse from": (
        scale(items=["one", "amount"], reversed=["amount"]),
        (".items", '"amount" needs a minimum and a maximum below it to be scored so; add them'),
    ),
    "prorated over different ranges": (
        scale(minimum=1),
        (".minimum", "must be all where ranges differ: no answer can stand for another; raise it"),
    ),
    "prorated after all": (
        scale(kind="mean", minimum=1, prorate=False),
        (".minimum", "must be 2 where nothing is prorated; raise it"),
    ),
    "weights missing": (
        scale(kind="weighted", weights={"one": 1}),
        (".weights", "must name every item of a weighted scale, and none of another; correct them"),
    ),
    "weights too many": (
        scale(weights={"one": 1}),
        (".weights", "must name every item of a weighted scale, and none of another; correct them"),
    ),
    "weight below zero": (
        lambda d: (
            d["blocks"][0]["items"].append({**item(d, "yes"), "id": "again"}),
            scale(kind="weighted", items=["yes", "again"], weights={"yes": 1, "again": -1}, minimum=1)(d),
        ),
        (".weights", "must be above zero to be prorated; set prorate to false and minimum to all"),
    ),
    "percent with a factor": (
        scale(kind="pomp", items=["yes"], minimum=1, factor=2),
        (".kind", "pomp counts items and has no factor; use another kind"),
    ),
    "error that does not follow": (
        scale(uncertainty={"sem": 5, "sd": 10, "reliability": 0.84, "source": words("S")}),
        (".uncertainty.sem", "is not SD * sqrt(1 - reliability) = 4.00; correct one"),
    ),
    "cut-off on the healthy side": (
        scale(direction="higher_is_better", cutoffs=[{"comparison": "above", "value": 1, **TEXT}]),
        (".cutoffs[0].comparison", "is not the clinical side where higher_is_better; turn it round"),
    ),
    "bands out of order": (
        scale(bands=[{"at_least": 2, "label": words("B")}, {"at_least": 1, "label": words("A")}]),
        (".bands", "must rise from the lowest; put them in order"),
    ),
}


@pytest.mark.parametrize("name", SCALE_RULES)
def test_scales_that_cannot_be_scored_are_told(name):
    change, (path, message) = SCALE_RULES[name]
    assert told(change) == [(f"$.scales[0]{path}", message)]


def test_a_scale_may_know_all_that_is_published_about_it():
    data = deepcopy(EVERY_KIND)
    known = {
        "uncertainty": {
            "sem": 4.1,
            "sd": 11.83,
            "reliability": 0.88,
            "population": words("P"),
            "source": words("S"),
        },
        "bands": [{"at_least": 1, "label": words("Some")}, {"at_least": 2.5, "label": words("Much")}],
        "cutoffs": [{"comparison": "at_least", "value": 2, **TEXT}],
        "reliable_change": {"points": 2, "source": words("S")},
        "norms": [{"group": "general", "population": words("P"), "mean": 1, "sd": 1, "source": words("S")}],
    }
    scale(**known)(data)
    found = load_definition(json.dumps(data)).scale("s")
    assert (found.sem, found.band(0.5), found.band(2.4).label, found.band(9).label) == (
        4.1,
        None,
        words("Some"),
        words("Much"),
    )
    assert [found.cutoffs[0].is_clinical(score) for score in (1.9, 2)] == [False, True]


def test_a_total_counts_scales():
    data = deepcopy(EVERY_KIND)
    data["scales"] = [SCALE, {**SCALE, "id": "total", "items": [], "scales": ["s"], "minimum": 1}]
    assert load_definition(json.dumps(data)).scale("total").parts == ("s",)


@pytest.mark.parametrize("emptied", [{"title": {}}, {"bands": [{"at_least": 0, "label": {}}]}])
def test_a_text_has_words_in_some_language(emptied):
    [(path, message)] = told(scale(**emptied))
    assert path.startswith("$.scales[0].")
    assert message == "needs at least 1 entries; add what is missing"


@pytest.mark.parametrize("guard", ["private", "alert", "sensitive"])
def test_a_page_that_asks_what_is_dangerous_to_know_is_private(guard):
    data = deepcopy(EVERY_KIND)
    if guard == "private":
        data["blocks"][2]["private"] = True
    elif guard == "alert":
        data["alerts"] = [{"item": "rating", "at_or_above": 3, "kind": "safety"}]
    else:
        item(data, "rating")["sensitive"] = True
    definition = load_definition(json.dumps(data))
    assert [definition.is_private(block) for block in definition.blocks] == [False, False, True]
