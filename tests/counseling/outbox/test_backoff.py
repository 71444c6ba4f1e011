from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.outbox.backoff import LONGEST, SHORTEST, retry_delay


@pytest.mark.parametrize(
    ("failures", "ceiling"),
    [(1, "0:01:00"), (2, "0:02:00"), (5, "0:16:00"), (9, "4:16:00"), (10, "6:00:00"), (500, "6:00:00")],
)
def test_the_ceiling_doubles_from_a_minute_to_six_hours(failures, ceiling):
    assert str(retry_delay(failures, dice=1.0)) == ceiling


def test_after_no_failure_there_is_nothing_to_wait_for():
    assert retry_delay(0, dice=0.5) == timedelta()


@given(failures=st.integers(1, 10_000), dice=st.floats(0, 1, exclude_max=True))
def test_the_delay_is_anywhere_below_the_ceiling(failures, dice):
    assert timedelta() <= retry_delay(failures, dice=dice) <= retry_delay(failures, dice=1.0)
    assert SHORTEST <= retry_delay(failures, dice=1.0) <= LONGEST
