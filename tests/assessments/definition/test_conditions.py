"""What makes a question visible."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from assessments.definition import Condition

CONDITION = TypeAdapter(Condition)


def read(condition: object) -> Condition:
    return CONDITION.validate_json(json.dumps(condition))


def holds(condition: dict, answers: dict) -> bool:
    return read(condition).holds(answers)


@pytest.mark.parametrize(
    ("condition", "answer", "expected"),
    [
        ({"equals": 1}, 1, True),
        ({"equals": 1}, 2, False),
        ({"equals": 1}, [3, 1], True),
        ({"equals": 1}, [3], False),
        ({"equals": "2026-01-31"}, "2026-01-31", True),
        ({"comparison": "above", "value": 5}, 6, True),
        ({"comparison": "above", "value": 5}, 5, False),
        ({"comparison": "at_least", "value": 5}, 5, True),
        ({"comparison": "below", "value": 5.5}, 5, True),
        ({"comparison": "at_most", "value": 5}, 5.5, False),
        ({"comparison": "below", "value": "2026-01-31"}, "2025-12-31", True),
        ({"comparison": "below", "value": "2026-01-31"}, 3, False),
        ({"comparison": "below", "value": 3}, "2025-12-31", False),
        ({"comparison": "above", "value": 0}, [1], False),
        ({"answered": True}, 0, True),
        ({"answered": True}, "", False),
        ({"answered": False}, "", True),
    ],
)
def test_one_answer_is_looked_at(condition, answer, expected):
    assert holds({"item": "a", **condition}, {"a": answer}) is expected


@pytest.mark.parametrize("given_answers", [{}, {"a": None}], ids=["absent", "declined"])
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"equals": 1}, False),
        ({"comparison": "above", "value": -1}, False),
        ({"comparison": "at_most", "value": 9}, False),
        ({"answered": True}, False),
        ({"answered": False}, True),
    ],
)
def test_what_is_missing_equals_and_exceeds_nothing(condition, expected, given_answers):
    assert holds({"item": "a", **condition}, given_answers) is expected


A, B = {"item": "a", "equals": 1}, {"item": "b", "equals": 1}


@given(st.sampled_from([0, 1]), st.sampled_from([0, 1]))
def test_all_any_and_none_are_and_or_and_not(a, b):
    answers = {"a": a, "b": b}
    assert holds({"all": [A, B]}, answers) is bool(a and b)
    assert holds({"any": [A, B]}, answers) is bool(a or b)
    assert holds({"none": [A, B]}, answers) is not (a or b)
    assert holds({"all": [{"none": [A]}, {"any": [A, B]}]}, answers) is bool(b and not a)


def test_a_condition_names_every_comparison_in_it():
    nested = {"all": [A, {"any": [{"none": [B]}, {"item": "c", "answered": True}]}]}
    leaves = read(nested).comparisons()
    assert [leaf.item for leaf in leaves] == ["a", "b", "c"]


@pytest.mark.parametrize("wrong", [{}, {"item": "a"}, {"all": []}, "a = 1", {"item": "a", "equals": 1, "value": 2}])
def test_what_is_no_condition_is_refused(wrong):
    with pytest.raises(ValidationError):
        read(wrong)
