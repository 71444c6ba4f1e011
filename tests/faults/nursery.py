"""The test's side of `tests.faults.worker`: starts workers in milliseconds, watches them, ends them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.stack import Stack, wait_until


class Nursery:
    """Needs Linux, whose ``/proc`` tells a process that sleeps from one that is gone."""

    def __init__(self, stack: Stack) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._parent = stack.start("nursery", "-m", "tests.faults.worker", **pipes)
        self._children: set[int] = set()
        self.everybody: set[int] = set()
        """Every worker there ever was."""

    def start(self, **job: Any) -> int:
        """Start a worker on the job, described in `tests.faults.worker`; its process id."""
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.write(json.dumps(job) + "\n")
        self._parent.stdin.flush()
        worker = int(self._parent.stdout.readline())
        self._children.add(worker)
        self.everybody.add(worker)
        return worker

    def drain(self, **job: Any) -> None:
        """Have one worker do what there is to do, to its end."""
        self.wait_for_end(self.start(**job))

    def stopped_at(self, failpoint: str, **job: Any) -> int:
        """A worker that has fallen asleep at the failpoint."""
        worker = self.start(at=failpoint, act="pause", **job)
        self.wait_for_rest(worker)
        assert self.state(worker) == "T", f"never came to {failpoint}"
        return worker

    def go_on(self, worker: int) -> None:
        os.kill(worker, signal.SIGCONT)

    def finish(self, worker: int) -> None:
        """Wake it, and wait for its end."""
        self.go_on(worker)
        self.wait_for_end(worker)

    def kill(self, worker: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
        self.wait_for_end(worker)

    def wait_for_rest(self, worker: int) -> None:
        """Until it sleeps or is gone."""
        wait_until(lambda: self.state(worker) in {"T", ""})

    def wait_for_end(self, worker: int) -> None:
        wait_until(lambda: not self.state(worker))
        self._children.discard(worker)

    def state(self, worker: int) -> str:
        """The kernel's letter for it: T when it sleeps by order, empty when it is gone."""
        try:
            letter = Path(f"/proc/{worker}/stat").read_text().rpartition(") ")[2][0]
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return "" if letter in "ZX" else letter

    def kill_all(self) -> None:
        for worker in [*self._children]:
            self.kill(worker)
