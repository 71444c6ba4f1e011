from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from counseling import clock
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


@pytest.fixture
def readings(monkeypatch):
    """A database clock that is an hour ahead, and a stopwatch, both moved by hand."""
    now = {"database": datetime(2026, 3, 2, 13, tzinfo=UTC), "stopwatch": 100.0, "asked": 0}

    def ask() -> datetime:
        now["asked"] += 1
        return now["database"]

    monkeypatch.setattr(clock, "database_now", ask)
    monkeypatch.setattr(clock, "_stopwatch", lambda: now["stopwatch"])
    return now


def test_the_databases_clock_is_carried_on_between_readings(readings):
    read = clock.DatabaseClock()
    start = read()
    readings["stopwatch"] += 4.5
    assert read() == start + timedelta(seconds=4.5)
    assert readings["asked"] == 1


def test_the_databases_clock_is_read_again_after_some_seconds(readings):
    read = clock.DatabaseClock()
    read()
    readings["stopwatch"] += 5
    readings["database"] += timedelta(hours=2)
    assert read() == readings["database"]
    assert readings["asked"] == 2
