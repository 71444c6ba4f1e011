from __future__ import annotations

import pytest

from counseling import tasks
from counseling.actions import ticking
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
    monkeypatch.setattr(ticking, "run_tick", lambda *, runner: Tick(ending=ending))
    tasks.drain()
    assert len(queued) == times


@pytest.mark.parametrize("name", ["drain", "plan_follow_ups", "expire_follow_ups", "sweep_handoffs"])
def test_the_tasks_take_nothing_and_go_by_the_names_that_beat_knows(name):
    task = getattr(tasks, name)
    assert (task.name, task.run.__code__.co_argcount) == (f"counseling.tasks.{name}", 0)


@pytest.mark.parametrize("name", ["plan_follow_ups", "expire_follow_ups", "sweep_handoffs"])
def test_a_part_of_the_tick_is_the_action_of_its_name(monkeypatch, name):
    calls: list[str] = []
    monkeypatch.setattr(ticking, name, lambda: calls.append(name))
    getattr(tasks, name)()
    assert calls == [name]
