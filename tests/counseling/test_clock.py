from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from counseling.clock import database_now, today_in


@pytest.mark.django_db
def test_the_database_answers_with_an_aware_instant_close_to_ours():
    instant = database_now()
    assert instant.utcoffset() == timedelta(0)
    assert abs(instant - timezone.now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Pacific/Auckland", date(2026, 3, 3)), ("UTC", date(2026, 3, 2)), ("Pacific/Honolulu", date(2026, 3, 2))],
)
def test_today_depends_on_where_one_stands(zone, expected):
    assert today_in(zone, now=datetime(2026, 3, 2, 12, tzinfo=UTC)) == expected
