"""A questionnaire with one of everything that two versions can differ in."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from assessments.definition import Definition, load_definition


def both(text: str) -> dict[str, str]:
    return {"en": text, "es": f"{text} (es)"}


def choice(item_id: str, **more: Any) -> dict[str, Any]:
    return {"id": item_id, "kind": "choice", "options": "agree", "text": both(item_id.upper()), **more}


RICH: dict[str, Any] = {
    "slug": "rich",
    "title": both("Rich"),
    "languages": ["en", "es"],
    "period": both("Today"),
    "notice": both("No diagnosis"),
    "declined": both("Rather not"),
    "option_sets": {
        "agree": [{"value": value, "text": both(f"Option {value}")} for value in (0, 1, 2)],
        "yes_no": [{"value": 1, "text": both("Yes")}, {"value": 0, "text": both("No")}],
        "many": [
            {"value": 1, "text": both("One"), "score": 2.0},
            {"value": 2, "text": both("None"), "exclusive": True},
        ],
    },
    "groups": [
        {"id": "outer", "title": both("Outer")},
        {"id": "inner", "help": both("Inside"), "within": "outer", "visible_when": {"item": "gate", "equals": 1}},
    ],
    "blocks": [
        {
            "id": "first",
            "title": both("First"),
            "intro": both("Intro"),
            "items": [
                choice("a", codes=[{"system": "s", "code": "1"}]),
                choice("b", prefix="2.", help=both("Help")),
                {"id": "gate", "kind": "gate", "options": "yes_no", "text": both("Gate")},
                {
                    "id": "age",
                    "kind": "integer",
                    "minimum": 0,
                    "maximum": 120,
                    "unit": both("years"),
                    "text": both("Age"),
                },
                {"id": "since", "kind": "date", "earliest": "2020-01-01", "text": both("Since")},
            ],
        },
        {
            "id": "second",
            "private": True,
            "advice": both("Alone"),
            "items": [
                choice("c", group="inner"),
                choice("d", group="inner", visible_when={"any": [{"item": "age", "comparison": "above", "value": 18}]}),
                {"id": "many", "kind": "multiple_choice", "options": "many", "at_most": 2, "text": both("Many")},
                {"id": "how", "kind": "scale", "minimum": 0, "maximum": 10, "low": both("Low"), "text": both("How")},
                {"id": "weight", "kind": "decimal", "minimum": 0.0, "places": 1, "text": both("Weight")},
                {"id": "fear", "kind": "boolean", "sensitive": True, "text": both("Fear")},
                {"id": "words", "kind": "display", "text": both("Words")},
                {"id": "note", "kind": "text", "required": False, "text": both("Note")},
                choice("check", expected=1),
            ],
        },
    ],
    "scales": [
        {
            "id": "pomp",
            "title": {"en": "Percent"},
            "kind": "pomp",
            "items": ["a", "b"],
            "reversed": ["b"],
            "minimum": 1,
            "complete_pairs": "sides",
            "direction": "neutral",
            "uncertainty": {"sem": 4.0, "sd": 8.0, "reliability": 0.75, "source": {"en": "Assumed"}},
        },
        {
            "id": "sum",
            "title": {"en": "Sum"},
            "kind": "sum",
            "items": ["c", "d"],
            "minimum": 2,
            "factor": 2.0,
            "direction": "higher_is_worse",
            "bands": [{"at_least": 0.0, "label": {"en": "low"}}, {"at_least": 4.0, "label": {"en": "high"}}],
            "cutoffs": [{"comparison": "at_least", "value": 4.0, "label": {"en": "cut"}, "source": {"en": "s"}}],
            "reliable_change": {"points": 3.0, "source": {"en": "s"}},
            "norms": [
                {"group": "general", "population": {"en": "all"}, "mean": 2.0, "sd": 1.0, "source": {"en": "s"}},
            ],
        },
        {
            "id": "heavy",
            "title": {"en": "Weighted"},
            "kind": "weighted",
            "items": ["how", "many"],
            "weights": {"how": 1.0, "many": 2.0},
            "minimum": 2,
            "direction": "neutral",
        },
        {
            "id": "total",
            "title": {"en": "Total"},
            "kind": "mean",
            "scales": ["sum", "heavy"],
            "minimum": 2,
            "direction": "neutral",
        },
    ],
    "mirrors": [{"id": "sides", "pairs": [["a", "b"], ["c", "d"]]}],
    "alerts": [
        {"item": "fear", "at_or_above": 1, "kind": "safety", "soft_when_declined": True},
        {"item": "a", "at_or_above": 2, "kind": "contact_request"},
    ],
    "privacy": [{"item": "gate", "equals": 1}],
    "origin": {"standard": "fhir", "release": "R4", "url": "https://example.org/q", "codes": [{"code": "x"}]},
    "scoring_key": "phq-9",
}


def rich_data() -> dict[str, Any]:
    return deepcopy(RICH)


def load(data: dict[str, Any]) -> Definition:
    return load_definition(json.dumps(data))
