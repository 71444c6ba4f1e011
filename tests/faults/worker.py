"""Workers that die, or fall asleep, exactly where they are told to.

``python -m tests.faults.worker`` reads jobs, one JSON object a line, and answers each with the process id of a worker
forked for it: forked, a worker costs milliseconds rather than seconds. It drains the outbox with production's settings
and ends when there is nothing left to do. A job may say:

    loop    true: it goes on without end, also when the database goes away
    at      a failpoint, at which it stops: see `FAILPOINTS`
    after   so many times it passes the failpoint before
    act     what it does there: "kill" (SIGKILL) or "pause" (SIGSTOP, until somebody continues or kills it)
    bug     one of `tests.faults.bugs`
    hours   how wrong its clock is
    conf    what its settings.COUNSELING says differently
    poison  a recipient's first letters: it dies when it is about to write to them
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any, NoReturn

import django
from django.conf import settings

COMMITS = (
    "queue_invitations",
    "queue_reminders",
    "claim_due",
    "hand_over",
    "settle",
    "turn_down",
    "put_off",
    "release_claims",
    "reclaim_expired",
    "mark_uncertain",
    "expire_overdue",
)
"""The functions of the protocol, each of which is one transaction."""
WIRE = ("body", "dot", "answer")
"""All but the dot was sent, the handoff not asked for; the dot was sent; the answer was read and not written down."""
FAILPOINTS = (*(f"{step}:{side}" for step in COMMITS for side in ("before", "after")), *WIRE)

SIGNALS = {"kill": signal.SIGKILL, "pause": signal.SIGSTOP}


@dataclass
class Failpoint:
    """Where this process stops, and how."""

    at: str = ""
    after: int = 0
    act: str = "kill"

    def reached(self, place: str) -> None:
        if place != self.at:
            return
        if self.after:
            self.after -= 1
            return
        self.at = ""
        # To this thread, so that it goes no step further; the others stop with it.
        signal.pthread_kill(threading.get_ident(), SIGNALS[self.act])


def main() -> None:
    django.setup()
    import tests.faults.bugs  # noqa: F401 - loaded once, before anything is forked

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are buried at once
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(**json.loads(line))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def work(
    *,
    loop: bool = False,
    at: str = "",
    after: int = 0,
    act: str = "kill",
    bug: str = "",
    hours: int = 0,
    conf: dict[str, Any] | None = None,
    poison: str = "",
) -> NoReturn:
    """Do the job and end."""
    from tests.faults.bugs import BUGS

    faulthandler.register(signal.SIGUSR1)  # a worker that hangs says where when asked
    failpoint = Failpoint(at, after, act)
    BUGS[bug]()
    _watch_commits(failpoint)
    if hours:
        _mislead(hours)
    settings.COUNSELING.update(conf or {})
    if poison:
        _be_poisoned_by(poison)
    try:
        _drain(failpoint, without_end=loop)
    except BaseException:  # noqa: BLE001 - whatever it is, it must not get back to the loop that forks
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _mislead(hours: int) -> None:
    """Have every clock of this process but the stopwatch go wrong."""
    import time_machine

    time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True).start()


def _be_poisoned_by(recipient: str) -> None:
    from counseling.outbox import sending

    write = sending.write_envelope

    def write_or_die(delivery: Any, **facts: Any) -> Any:
        if delivery.follow_up.client.email.startswith(recipient):
            os.kill(os.getpid(), signal.SIGKILL)
        return write(delivery, **facts)

    sending.write_envelope = write_or_die


def _drain(failpoint: Failpoint, *, without_end: bool) -> None:
    from django.db import InterfaceError, OperationalError, connection

    from counseling.outbox.drain import drain
    from counseling.transport import open_transport

    while True:
        try:
            tick = drain(budget=timedelta(seconds=5), transport=lambda: WatchedTransport(open_transport(), failpoint))
        except (OperationalError, InterfaceError):
            if not without_end:
                raise
            connection.close()
            sleep(0.2)
        else:
            if not without_end and not tick.has_more:
                return
            sleep(0.02)


def _watch_commits(failpoint: Failpoint) -> None:
    from django.db.backends.base.base import BaseDatabaseWrapper

    commit = BaseDatabaseWrapper._commit

    def watched(self: Any) -> None:
        step = _step_at_work()
        failpoint.reached(f"{step}:before")
        commit(self)
        failpoint.reached(f"{step}:after")

    BaseDatabaseWrapper._commit = watched


def _step_at_work() -> str:
    """The protocol's function whose transaction is being committed, found on the stack."""
    frame = sys._getframe()
    while frame:
        name = frame.f_code.co_name
        if name == "inner":  # a decorated function has returned when its transaction is committed
            name = getattr(frame.f_locals.get("func"), "__name__", "")
        if name in COMMITS:
            return str(name)
        frame = frame.f_back  # type: ignore[assignment]
    return ""


@dataclass
class WatchedTransport:
    """Production's transport, with a look over its shoulder."""

    inner: Any
    failpoint: Failpoint

    def open(self, wanted: int) -> int:
        room: int = self.inner.open(wanted)
        return room

    def wait(self) -> Any:
        return self.inner.wait()

    def close(self) -> None:
        self.inner.close()

    def send(self, group: Any, permit: Any) -> Any:
        outcomes = self.inner.send(group, WatchedPermit(permit, self.failpoint, self._before_answers))
        self.failpoint.reached("answer")
        return outcomes

    def _before_answers(self) -> None:
        read = self.inner._answers

        def read_after(**until: Any) -> Any:
            self.inner._answers = read
            self.failpoint.reached("dot")
            return read(**until)

        self.inner._answers = read_after


@dataclass
class WatchedPermit:
    inner: Any
    failpoint: Failpoint
    on_leave: Callable[[], None]

    def keep(self) -> None:
        self.inner.keep()

    def hand_over(self, offered: Any) -> Any:
        self.failpoint.reached("body")
        allowed = self.inner.hand_over(offered)
        if allowed:
            self.on_leave()
        return allowed


if __name__ == "__main__":
    main()
