from __future__ import annotations

import pytest

from counseling import tasks
from counseling.outbox.drain import Tick
from counseling.outbox.sending import Ending


@pytest.fixture
def queued(monkeypatch):
    """How often the task was queued again."""
    again: list[None] = []
    monkeypatch.setattr(tasks.drain, "delay_on_commit", lambda: again.append(None), raising=False)
    return again


@pytest.mark.parametrize(("ending", "times"), [(Ending.TIME_UP, 1), (Ending.EMPTY, 0), (Ending.STOPPED, 0)])
def test_the_task_comes_again_only_when_time_ran_out_before_the_work(monkeypatch, queued, ending, times):
    monkeypatch.setattr(tasks, "run_tick", lambda: Tick(ending=ending))
    tasks.drain()
    assert len(queued) == times


def test_the_task_takes_nothing_and_goes_by_the_name_that_beat_knows():
    assert tasks.drain.name == "counseling.tasks.drain"
