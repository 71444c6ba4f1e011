from __future__ import annotations

import pytest

from assessments.cautions import cautions_in
from assessments.exceptions import Problem
from tests.assessments.factories import small, small_data, two_way_check_in

BESIDE = Problem(
    "$.blocks[0]",
    'asks "a", where an answer can raise an alert, beside other questions: none of this page\'s answers is shown to '
    "the person again. Ask it in a private block of its own",
)


def with_first(**changes):
    first, second = small_data()["blocks"]
    return [{**first, **changes}, second]


def test_an_alert_among_other_questions_is_worth_a_second_look():
    assert cautions_in(small()) == (BESIDE,)


@pytest.mark.parametrize(
    "changes",
    [
        {"alerts": []},
        {"blocks": with_first(private=True), "alerts": small_data()["alerts"]},
        {"alerts": [{**small_data()["alerts"][0], "item": item} for item in ("a", "gate")]},
    ],
    ids=["no alert", "private", "nothing else"],
)
def test_nothing_is_said_where_the_author_decided_or_nothing_else_is_asked(changes):
    if "blocks" in changes:
        for item in changes["blocks"][1]["items"]:
            item.pop("visible_when")
    if len(changes["alerts"]) == 2:
        changes["alerts"][1]["at_or_above"] = 1
    assert cautions_in(small(**changes)) == ()


def test_the_shipped_check_in_gives_no_reason():
    assert cautions_in(two_way_check_in()) == ()
