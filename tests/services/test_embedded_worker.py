"""Embedded mode's worker as a person starts it: one process, its own database file, stopped by a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 150  # a tick comes with each minute of the clock


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.embedded", "VAR_DIR": str(tmp_path)}
    return inherited | settings


@pytest.fixture
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    command = [sys.executable, "-m", "config.embedded_worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        guard = Timer(LONGEST_SECONDS, process.kill)
        guard.start()
        yield process
        guard.cancel()
        process.kill()


def read_until(process: subprocess.Popen[str], *words: str) -> list[str]:
    """Lines the process logs, up to the first that holds all the words. Fails when it ends before."""
    assert process.stderr
    lines = []
    for line in process.stderr:
        lines.append(line)
        if all(word in line for word in words):
            return lines
    pytest.fail("".join(lines))


def stop(process: subprocess.Popen[str], how: signal.Signals) -> int:
    """The exit code; fails on a traceback."""
    process.send_signal(how)
    assert process.stderr
    assert "Traceback" not in process.stderr.read()
    return process.wait(timeout=30)


def test_it_looks_for_work_at_once_and_on_each_tick_and_stops_when_told(worker: subprocess.Popen[str]):
    read_until(worker, "task_succeeded")
    read_until(worker, "Sending due task drain")
    read_until(worker, "task_succeeded")
    assert stop(worker, signal.SIGTERM) == 0


def test_ctrl_c_stops_it_too(worker: subprocess.Popen[str]):
    read_until(worker, "task_succeeded")
    assert stop(worker, signal.SIGINT) == 1  # Celery's way to say that it was interrupted
