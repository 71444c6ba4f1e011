from __future__ import annotations

import pytest

from assessments.alerts import RaisedAlert, raised_alerts
from tests.assessments.factories import full_answers, two_way_check_in

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
