from __future__ import annotations

import pytest

from assessments.alerts import RaisedAlert, raised_alerts
from tests.assessments.factories import every_kind, full_answers, two_way_check_in

TWC = two_way_check_in()


@pytest.mark.parametrize(
    ("answers", "raised"),
    [
        ({}, []),
        (full_answers(), []),
        ({"fear": 0, "hurt": 0, "contact": 0}, []),
        ({"fear": 1}, [("fear", "safety", 1)]),
        ({"fear": 4, "hurt": 2}, [("fear", "safety", 4), ("hurt", "safety", 2)]),
        ({"fear": None, "hurt": None}, [("fear", "declined", None), ("hurt", "declined", None)]),
        ({"contact": 1}, [("contact", "contact_request", 1)]),
        ({"contact": None}, []),
        ({"fear": "x"}, []),
    ],
)
def test_a_single_answer_is_enough(answers, raised):
    assert raised_alerts(TWC, answers) == tuple(RaisedAlert(*alert) for alert in raised)


@pytest.mark.parametrize(
    ("item", "limit", "answer", "value"),
    [
        ("some", 2, [1, 3], 3),
        ("some", 2, [1], None),
        ("some", 2, [], None),
        ("some", 2, [3, "in own words"], 3),
        ("one", 1, "in own words", None),
        ("yes", 1, 1, 1),
        ("rating", 3, 3, 3),
        ("amount", 2, 3.5, 3.5),
    ],
)
def test_any_kind_of_number_can_raise_an_alert(item, limit, answer, value):
    """Of a multiple choice, one of the chosen values is enough."""
    definition = every_kind(alerts=[{"item": item, "at_or_above": limit, "kind": "safety"}])
    raised = () if value is None else (RaisedAlert(item, "safety", value),)
    assert raised_alerts(definition, {item: answer}) == raised
