from __future__ import annotations

import pytest

from assessments.alerts import RaisedAlert, raised_alerts
from assessments.conf import SHIPPED_CATALOG
from assessments.definition import load_definition

PULSE = load_definition((SHIPPED_CATALOG / "wellbeing-pulse.json").read_bytes())


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (0, ()),
        (1, (RaisedAlert("self_harm", "safety", 1),)),
        (4, (RaisedAlert("self_harm", "safety", 4),)),
        (None, (RaisedAlert("self_harm", "declined", None),)),
    ],
)
def test_thoughts_of_self_harm_raise_an_alarm_and_declining_a_soft_one(answer, raised):
    assert raised_alerts(PULSE, {"self_harm": answer}) == raised


def test_they_count_in_no_score():
    assert [scale.id for scale in PULSE.scales if "self_harm" in scale.items] == []
