from __future__ import annotations

import os
import signal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError

from counseling.enums import Runner
from counseling.management.commands import send_due
from counseling.outbox.drain import Tick
from counseling.outbox.sending import Ending

pytestmark = pytest.mark.django_db  # the loop looks whether its connection still works


@pytest.fixture
def ticks(monkeypatch):
    """What the ticks do, one after the other; then nothing, and the loop is told to stop."""

    def script(*planned: Tick | Exception) -> list[Tick | Exception]:
        left = list(planned)

        def run(*, runner: Runner) -> Tick:
            assert runner == Runner.COMMAND
            if len(left) == 1:
                os.kill(os.getpid(), signal.SIGTERM)
            tick = left.pop(0)
            if isinstance(tick, Exception):
                raise tick
            return tick

        monkeypatch.setattr(send_due, "run_tick", run)
        return left

    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield script
    for number, handler in handlers.items():
        signal.signal(number, handler)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("send_due", *arguments, stdout=out)
    return out.getvalue()


def test_once_means_until_nothing_is_due(monkeypatch):
    left = [
        Tick(verdicts={"accepted": 50}, ending=Ending.TIME_UP),
        Tick(verdicts={"accepted": 3, "refused": 1}),
        Tick(),
    ]
    monkeypatch.setattr(send_due, "run_tick", lambda *, runner: left.pop(0))
    assert run() == "accepted=50\naccepted=3 refused=1\n"
    assert left == [Tick()]


def test_the_loop_goes_on_until_it_is_told_to_stop(monkeypatch, ticks):
    monkeypatch.setattr(send_due, "SECONDS_BETWEEN", 0.0)
    left = ticks(Tick(verdicts={"accepted": 1}), Tick(), Tick(verdicts={"accepted": 2}))
    assert run("--loop") == "accepted=1\naccepted=2\n"
    assert left == []


def test_the_loop_outlives_a_database_that_is_away(monkeypatch, ticks, caplog):
    monkeypatch.setattr(send_due, "SECONDS_AFTER_FAILURE", 0.0)
    monkeypatch.setattr(send_due, "SECONDS_BETWEEN", 0.0)
    caplog.set_level("ERROR", "counseling")
    left = ticks(OperationalError("no"), OperationalError("no"), Tick(verdicts={"accepted": 2}))
    assert run("--loop") == "accepted=2\n"
    assert left == []
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]


def test_once_says_that_it_failed(monkeypatch):
    def fail(*, runner: Runner) -> Tick:
        raise OperationalError("no")

    monkeypatch.setattr(send_due, "run_tick", fail)
    with pytest.raises(OperationalError):
        run()
