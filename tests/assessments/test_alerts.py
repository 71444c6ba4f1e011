from __future__ import annotations

import pytest

from assessments.alerts import RaisedAlert, raised_alerts
from tests.assessments.factories import every_kind, full_answers, small, small_data, two_way_check_in

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


# --- No answer at all -----------------------------------------------------------------------------

RISK = {"item": "b", "at_or_above": 3, "kind": "safety", "soft_when_declined": True}


def risky(**alert):
    """A form as it is imported: its question about risk may not be declined, and need not be answered."""
    blocks = small_data()["blocks"]
    blocks[1]["items"][0].update(required=False)
    return small(blocks=blocks, alerts=[{**RISK, **alert}])


@pytest.mark.parametrize("blank", [{}, {"b": ""}, {"b": []}])
def test_a_question_about_risk_that_was_sent_without_an_answer_is_no_zero(blank):
    answers = {"a": 1, "gate": 1, **blank}
    assert raised_alerts(risky(), answers, submitted=True) == (RaisedAlert("b", "left_open", None),)
    assert raised_alerts(risky(), answers) == ()


@pytest.mark.parametrize(
    ("answers", "alert"),
    [
        ({"gate": 1, "b": 1}, {}),
        ({"gate": 0}, {}),
        ({"gate": 1}, {"soft_when_declined": False}),
    ],
    ids=["answered", "never asked", "declining is nothing"],
)
def test_a_blank_is_a_signal_only_where_it_was_asked_and_declining_were_one(answers, alert):
    assert raised_alerts(risky(**alert), answers, submitted=True) == ()


def test_what_was_declined_or_said_is_told_as_that_once_it_is_sent():
    sent = {**full_answers(), "fear": None, "hurt": 2}
    assert raised_alerts(TWC, sent, submitted=True) == raised_alerts(TWC, sent)
