from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.enums import Runner
from counseling.models import Heartbeat
from counseling.outbox.heartbeat import note_finish, note_start
from tests.counseling.outbox.mailing import HOUR, MORNING

pytestmark = pytest.mark.django_db
SOON = MORNING + timedelta(seconds=4)


def beats() -> list[tuple[object, ...]]:
    return list(Heartbeat.objects.order_by("runner").values_list("runner", "started_at", "finished_at", "emails"))


def test_each_kind_of_runner_has_one_row_with_its_last_tick():
    for now in (MORNING, MORNING + HOUR):
        note_start(Runner.WORKER, now=now)
    note_start(Runner.COMMAND, now=MORNING)
    note_finish(Runner.WORKER, emails=3, now=MORNING + HOUR)
    assert beats() == [("command", MORNING, None, 0), ("worker", MORNING + HOUR, MORNING + HOUR, 3)]


def test_ticks_within_seconds_share_a_beat():
    note_start(Runner.WORKER, now=MORNING)
    note_finish(Runner.WORKER, emails=3, now=SOON)
    note_start(Runner.WORKER, now=SOON, is_over=True)
    assert beats() == [("worker", MORNING, SOON, 3)]


def test_a_tick_with_nothing_to_do_begins_and_ends_at_once():
    note_start(Runner.WORKER, now=MORNING)
    note_finish(Runner.WORKER, emails=3, now=MORNING)
    note_start(Runner.WORKER, now=MORNING + HOUR, is_over=True)
    assert beats() == [("worker", MORNING + HOUR, MORNING + HOUR, 0)]


def test_a_clock_that_goes_back_does_not_take_a_beat_back():
    note_start(Runner.WORKER, now=MORNING + HOUR)
    note_start(Runner.WORKER, now=MORNING)
    assert [beat[1] for beat in beats()] == [MORNING + HOUR]
