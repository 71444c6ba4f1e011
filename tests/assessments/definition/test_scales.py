"""Between which ends a score lies."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from assessments.definition import load_definition
from tests.assessments.factories import EVERY_KIND, words

SCALE = {"id": "s", "title": words("S"), "items": ["one", "yes"], "minimum": 2, "direction": "neutral"}


def ends(**facts: Any) -> tuple[float, float] | None:
    data = deepcopy(EVERY_KIND)
    whole = {**SCALE, **facts}
    data["scales"] = [whole]
    if whole.get("scales"):
        data["scales"].append({**SCALE, "id": "part", "kind": "sum"})
    definition = load_definition(json.dumps(data))
    return definition.score_ends(definition.scale("s"))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"kind": "pomp", "items": ["yes"], "minimum": 1}, (0, 100)),
        ({"kind": "sum"}, (0, 3.5)),
        ({"kind": "sum", "factor": 4}, (0, 14)),
        ({"kind": "sum", "factor": -1}, (-3.5, 0)),
        ({"kind": "sum", "items": ["one", "some"]}, (-1, 6.5)),
        ({"kind": "mean", "items": ["yes", "count"]}, (0, 40)),
        ({"kind": "weighted", "weights": {"one": 2, "yes": -3}, "prorate": False}, (-3, 5)),
        ({"kind": "sum", "items": ["one", "amount"]}, None),
        ({"kind": "sum", "items": [], "scales": ["part"], "minimum": 1, "factor": 2}, (0, 7)),
    ],
)
def test_the_ends_of_a_score(facts, expected):
    assert ends(**facts) == expected
