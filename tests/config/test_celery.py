from __future__ import annotations

import pytest
from celery.signals import worker_ready

from config.celery import DRAIN, app


def test_a_task_is_put_back_when_its_worker_dies():
    assert (app.conf.task_acks_late, app.conf.task_reject_on_worker_lost, app.conf.worker_prefetch_multiplier) == (
        True,
        True,
        1,
    )


def test_redelivery_waits_longer_than_any_task_may_run():
    transport = app.conf.broker_transport_options
    assert transport == {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 30,
    }
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit < transport["visibility_timeout"]


def test_beat_only_ticks():
    """One entry without arguments, which nobody runs late: a minute's tick is worth nothing in the next one."""
    [entry] = app.conf.beat_schedule.values()
    assert entry.keys() == {"task", "schedule", "options"}
    assert (entry["task"], str(entry["schedule"]), entry["options"]) == (
        "counseling.tasks.drain",
        "<crontab: * * * * * (m/h/dM/MY/d)>",
        {"expires": 50},
    )


@pytest.mark.django_db  # Celery checks the models, and with them the database's features
def test_the_ticks_task_exists_and_takes_nothing():
    app.loader.import_default_modules()
    assert app.tasks[DRAIN].run.__code__.co_argcount == 0


def test_a_worker_that_starts_looks_for_work_at_once(monkeypatch: pytest.MonkeyPatch):
    sent: list[tuple[str, dict[str, int]]] = []
    monkeypatch.setattr(app, "send_task", lambda name, **options: sent.append((name, options)))
    worker_ready.send(sender=None)
    assert sent == [(DRAIN, {"expires": 50})]
