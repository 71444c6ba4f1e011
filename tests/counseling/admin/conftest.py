from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from tests.counseling.admin.work import Work, browser_of, work_of
from tests.factories import NOW


@pytest.fixture(autouse=True)
def _the_day_after() -> Iterator[None]:
    """The clock stands a day after everything was planned and answered."""
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        yield


@pytest.fixture
def work(db: None) -> Work:
    return work_of()


@pytest.fixture
def counselor(work: Work) -> Browser:
    """The browser of the counselor who leads the case."""
    return browser_of(work.counselor)
