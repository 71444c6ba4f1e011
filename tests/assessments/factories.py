"""The questionnaires and rows that the tests of this app start from."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from typing import Any

from assessments.actions.responses import start_response
from assessments.actions.versions import draft_version, publish_version
from assessments.conf import SHIPPED_CATALOG
from assessments.definition import Definition, load_definition
from assessments.models import InstrumentVersion, Response

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@cache
def two_way_check_in() -> Definition:
    return load_definition((SHIPPED_CATALOG / "two-way-check-in.json").read_text())


def words(text: str) -> dict[str, str]:
    return {"en": text}


SMALL: dict[str, Any] = {
    "slug": "small",
    "title": words("Small"),
    "languages": ["en"],
    "period": words("Today."),
    "notice": words("Not a diagnosis."),
    "declined": words("Prefer not to say"),
    "option_sets": {
        "agree": [{"value": value, "text": words(f"Option {value}")} for value in (1, 2, 3)],
        "yes_no": [{"value": 1, "text": words("Yes")}, {"value": 0, "text": words("No")}],
    },
    "blocks": [
        {
            "id": "first",
            "title": words("First"),
            "items": [
                {"id": "a", "kind": "choice", "options": "agree", "text": words("{Other} and I")},
                {"id": "gate", "kind": "gate", "options": "yes_no", "text": words("Did {your_other}?")},
            ],
        },
        {
            "id": "second",
            "title": words("Second"),
            "items": [
                {
                    "id": "b",
                    "kind": "choice",
                    "options": "agree",
                    "text": words("With {other}"),
                    "declinable": False,
                    "visible_when": {"item": "gate", "equals": 1},
                },
                {
                    "id": "note",
                    "kind": "text",
                    "text": words("Anything else?"),
                    "help": words("A line is enough."),
                    "required": False,
                    "max_length": 20,
                    "visible_when": {"item": "gate", "equals": 1},
                },
            ],
        },
    ],
    "scales": [
        {
            "id": "sum",
            "title": words("Sum"),
            "kind": "pomp",
            "items": ["a", "b"],
            "minimum": 1,
            "direction": "neutral",
        }
    ],
    "mirrors": [{"id": "sides", "pairs": [["a", "b"]]}],
    "alerts": [{"item": "a", "at_or_above": 3, "kind": "safety", "soft_when_declined": True}],
}


def small_data() -> dict[str, Any]:
    """A questionnaire with one of everything, to be changed at will."""
    return deepcopy(SMALL)


def small(**changes: Any) -> Definition:
    return load_definition(json.dumps({**small_data(), **changes}))


def published(definition: Definition | None = None) -> InstrumentVersion:
    return publish_version(draft_version(definition or two_way_check_in()), now=NOW)


def draft_response(version: InstrumentVersion | None = None, **changes: Any) -> Response:
    facts = {"language": "en", "other_role": "partner", "now": NOW, **changes}
    return start_response(version or published(), **facts)


def full_answers(value: int = 2) -> dict[str, Any]:
    """Every question of the Two-Way Check-In, limits set on both sides, nothing to worry about."""
    definition = two_way_check_in()
    frequencies = {item.id: value for item in definition.items() if getattr(item, "options", "") == "frequency"}
    quiet = {"attention": 2, "balance": 2, "limit": 1, "partner_limit": 1, "alone": 1, "visible": 0}
    return {**frequencies, **quiet, "fear": 0, "hurt": 0, "contact": 0}


EVERY_KIND: dict[str, Any] = {
    "slug": "every-kind",
    "title": words("Every kind"),
    "languages": ["en"],
    "declined": words("Prefer not to say"),
    "option_sets": {
        "levels": [
            {"value": 0, "text": words("None")},
            {"value": 1, "text": words("Some")},
            {"value": 2, "text": words("Much"), "score": 2.5},
        ],
        "several": [
            {"value": 1, "text": words("Sleep"), "score": 1},
            {"value": 2, "text": words("Food"), "score": 3},
            {"value": 3, "text": words("Rest"), "score": -1},
            {"value": 9, "text": words("None of these"), "score": 0, "exclusive": True},
        ],
        "yes_no": [{"value": 1, "text": words("Yes")}, {"value": 0, "text": words("No")}],
    },
    "groups": [
        {"id": "numbers", "title": words("Numbers"), "visible_when": {"item": "gate", "equals": 1}},
        {"id": "counts", "title": words("Counts"), "within": "numbers"},
    ],
    "blocks": [
        {
            "id": "choices",
            "title": words("Choices"),
            "items": [
                {"id": "one", "kind": "choice", "options": "levels", "text": words("How much?")},
                {"id": "some", "kind": "multiple_choice", "options": "several", "text": words("Which?")},
                {"id": "yes", "kind": "boolean", "text": words("Well?")},
                {"id": "gate", "kind": "gate", "options": "yes_no", "text": words("Go on?")},
                {"id": "check", "kind": "choice", "options": "levels", "text": words("Choose Some."), "expected": 1},
            ],
        },
        {
            "id": "page2",
            "items": [
                {
                    "id": "amount",
                    "kind": "decimal",
                    "minimum": 0,
                    "places": 1,
                    "unit": words("litres"),
                    "text": words("How many litres?"),
                    "group": "numbers",
                    "visible_when": {"item": "yes", "equals": 1},
                },
                {
                    "id": "count",
                    "kind": "integer",
                    "minimum": 0,
                    "maximum": 40,
                    "text": words("How many?"),
                    "group": "counts",
                },
            ],
        },
        {
            "id": "page3",
            "items": [
                {"id": "read", "kind": "display", "text": words("Almost done.")},
                {
                    "id": "rating",
                    "kind": "scale",
                    "minimum": 0,
                    "maximum": 10,
                    "step": 3,
                    "low": words("Not at all"),
                    "high": words("Fully"),
                    "text": words("How far?"),
                    "prefix": "3.",
                },
                {
                    "id": "day",
                    "kind": "date",
                    "earliest": "2020-01-01",
                    "latest": "2026-12-31",
                    "text": words("Since when?"),
                },
                {"id": "line", "kind": "text", "short": True, "text": words("In a word?"), "required": False},
            ],
        },
    ],
}


def every_kind(**changes: Any) -> Definition:
    """A questionnaire with every kind of question, a group in a group, and pages without titles."""
    return load_definition(json.dumps({**deepcopy(EVERY_KIND), **changes}))
