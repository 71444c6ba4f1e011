from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from counseling.enums import FollowUpStatus
from counseling.models import FollowUp
from tests.counseling.web.visitor import Visitor
from tests.couples import enrolled, wave

AT = timedelta(hours=2)


@pytest.fixture(autouse=True)
def _nobody_missed_yet() -> None:
    cache.clear()


@pytest.fixture
def couple() -> list[FollowUp]:
    """The first questionnaires of two partners, emailed two hours ago; the clock stands."""
    both = wave(enrolled(), 1)
    for follow_up in both:
        follow_up.status, follow_up.sent_at = FollowUpStatus.SENT, follow_up.due_at
        follow_up.save()
    return both


@pytest.fixture
def follow_up(couple: list[FollowUp]) -> FollowUp:
    return couple[0]


@pytest.fixture
def clock(follow_up: FollowUp) -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(follow_up.due_at + AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visitor(follow_up: FollowUp, clock: time_machine.Coordinates) -> Visitor:
    return Visitor(follow_up)
