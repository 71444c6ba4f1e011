"""A worker that stops where it is told to, so that it can be killed, or the world changed, exactly there.

``python -m tests.faults.worker STOP`` drains the outbox once with production's settings. At the stop it says so on
standard output and waits for a line of input. The stops, in the order of sending:

    body      all but the dot was sent; the handoff was not asked for yet
    handoff   the handoff is committed; the dot was not sent
    dot       the dot was sent; the answer was not read
    answer    the answer was read; nothing is written down yet
    never     stops nowhere

``python -m tests.faults.worker spawn`` is a nursery instead: for every line of input it forks a worker that drains
without end, and says its process id. Forked, a worker costs milliseconds rather than seconds.

A second argument plants one of the bugs that the suite must notice: see `BUGS`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import django


def main(stop: str, bug: str = "") -> None:
    django.setup()
    BUGS[bug]()
    if stop == "spawn":
        _spawn()
    else:
        _drain_once(stop)


def _pause(stop: str) -> None:
    sys.stdout.write(f"{stop}\n")
    sys.stdout.flush()
    sys.stdin.readline()


def _drain_once(stop: str) -> None:
    from counseling.outbox.drain import drain
    from counseling.transport import open_transport

    drain(transport=lambda: StoppingTransport(open_transport(), stop))


def _spawn() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the killed are buried at once
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            _drain_without_end()
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _drain_without_end() -> None:
    from counseling.outbox.drain import drain

    while True:
        drain(budget=timedelta(seconds=5))


@dataclass
class StoppingTransport:
    """Production's transport, with a look over its shoulder."""

    inner: Any
    stop: str

    def open(self, wanted: int) -> int:
        room: int = self.inner.open(wanted)
        return room

    def wait(self) -> Any:
        return self.inner.wait()

    def close(self) -> None:
        self.inner.close()

    def send(self, group: Any, permit: Any) -> Any:
        outcomes = self.inner.send(group, StoppingPermit(permit, self))
        self.at("answer")
        return outcomes

    def at(self, stop: str) -> None:
        if stop == self.stop:
            _pause(stop)

    def stop_before_the_answers_are_read(self) -> None:
        read = self.inner._answers

        def read_after_stop(**until: Any) -> Any:
            self.inner._answers = read
            self.at("dot")
            return read(**until)

        self.inner._answers = read_after_stop


@dataclass
class StoppingPermit:
    inner: Any
    transport: StoppingTransport

    def keep(self) -> None:
        self.inner.keep()

    def hand_over(self, offered: Any) -> Any:
        self.transport.at("body")
        allowed = self.inner.hand_over(offered)
        if allowed:
            self.transport.at("handoff")
            self.transport.stop_before_the_answers_are_read()
        return allowed


# --- Bugs to be noticed --------------------------------------------------------------------------


def _send_then_mark() -> None:
    """The dot first, the handoff after the answer."""
    from counseling.transport.smtp import SmtpTransport

    finish = SmtpTransport._finish

    class Later:
        def hand_over(self, offered: Any) -> Any:
            return offered

    def finish_then_ask(self: Any, lines: Any, permit: Any) -> None:
        finish(self, lines, Later())  # type: ignore[arg-type]
        permit.hand_over([*lines])

    SmtpTransport._finish = finish_then_ask  # type: ignore[method-assign]


def _mark_first() -> None:
    """Sent in the database as soon as it is handed over."""
    from counseling.outbox import sending
    from counseling.transport import Outcome, Verdict

    hand_over = sending.hand_over

    def hand_over_and_settle(deliveries: Any, *, now: Any) -> Any:
        objections = hand_over(deliveries, now=now)
        passed = [delivery for delivery in deliveries if delivery.pk not in objections]
        sending.settle({delivery: Outcome(Verdict.ACCEPTED, 250) for delivery in passed}, now=now)
        return objections

    sending.hand_over = hand_over_and_settle


def _no_fence() -> None:
    """Whoever has a delivery in hand sends it."""
    from counseling.outbox import sending

    sending.hand_over = lambda _deliveries, *, now: {}


BUGS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "send-then-mark": _send_then_mark,
    "mark-first": _mark_first,
    "no-fence": _no_fence,
}


if __name__ == "__main__":
    main(*sys.argv[1:])
