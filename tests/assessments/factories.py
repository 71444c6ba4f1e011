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
