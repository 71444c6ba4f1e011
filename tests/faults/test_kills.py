"""Workers killed at random moments, for as long as `FAULTS_SECONDS` says; `FAULTS_SEED` repeats a run's dice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from time import monotonic, sleep

from counseling.conf import Conf
from tests.faults.oracle import bury, complaints, states, time_passes
from tests.load import due_follow_ups
from tests.stack import Stack

SECONDS = float(os.environ.get("FAULTS_SECONDS") or 20)
WORKERS = 2
BACKLOG = 500
GROUP = Conf().smtp_connections
"""So many emails a worker may have handed over and not settled when it is killed."""


class Nursery:
    """Forks workers that drain without end, and kills them."""

    def __init__(self, stack: Stack) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._parent = stack.start("nursery", "-m", "tests.faults.worker", "spawn", **pipes)
        self.workers: list[int] = []
        self.killed = 0

    def spawn(self) -> None:
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.write("\n")
        self._parent.stdin.flush()
        self.workers.append(int(self._parent.stdout.readline()))

    def kill(self, worker: int) -> None:
        os.kill(worker, signal.SIGKILL)
        self.workers.remove(worker)
        self.killed += 1
        bury(worker)


def test_whenever_a_worker_is_killed_nothing_is_lost_and_nothing_sent_twice(stack, sink, capsys):
    seed = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(10**6))
    dice = random.Random(seed)
    nursery = Nursery(stack)
    batches = 0
    deadline = monotonic() + SECONDS
    while monotonic() < deadline:
        if Counter(states().values())["sent"] > (batches - 0.5) * BACKLOG:
            due_follow_ups(BACKLOG, now=datetime.now(UTC), recipient=f"client{{}}@batch{batches}.example")
            batches += 1
        while len(nursery.workers) < WORKERS:
            nursery.spawn()
        sleep(dice.uniform(0.05, 2.0))
        nursery.kill(dice.choice(nursery.workers))
    while nursery.workers:
        nursery.kill(nursery.workers[0])
    for minutes in (2, 31, 31):
        stack.run("manage.py", "send_due")
        time_passes(minutes=minutes)
    stack.run("manage.py", "send_due")
    ends = Counter(states().values())
    with capsys.disabled():
        sys.stdout.write(f"\nseed={seed} killed={nursery.killed} emails={batches * BACKLOG} {dict(ends)}\n")
    assert complaints(sink) == []
    assert ends["sent"] + ends["uncertain"] == batches * BACKLOG
    assert ends["uncertain"] <= nursery.killed * GROUP
