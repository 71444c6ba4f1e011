"""The mail server of the demo's past: it takes everything, but for the addresses it is told otherwise about."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from uuid import UUID

from counseling.outbox import drain as outbox
from counseling.transport import Envelope, Outcome, Permit, Verdict

ACCEPTED = Outcome(Verdict.ACCEPTED, 250)
REFUSED = Outcome(Verdict.REFUSED, 550)
Answers = Mapping[str, Outcome | None]
"""By address; None is a worker that is stopped before it hears the answer."""


class WorkerStopped(Exception):
    """As when the power fails: whatever was going on is not finished."""


class StandInTransport:
    """Keeps nothing: what was sent months ago is in nobody's mailbox."""

    def __init__(self, answers: Answers | None = None) -> None:
        self._answers = answers or {}

    def open(self, wanted: int) -> int:
        return wanted

    def send(self, group: Mapping[UUID, Envelope], permit: Permit) -> dict[UUID, Outcome]:
        allowed = permit.hand_over(group)
        withheld = Outcome(Verdict.WITHHELD)
        return {key: self._answer(each) if key in allowed else withheld for key, each in group.items()}

    def _answer(self, envelope: Envelope) -> Outcome:
        answer = self._answers.get(envelope.recipient, ACCEPTED)
        if answer is None:
            raise WorkerStopped
        return answer

    def wait(self) -> dict[UUID, Outcome]:
        """There is nothing to wait for."""
        return {}

    def close(self) -> None:
        """There is nothing to close."""


def send_due_at(instant: datetime, answers: Answers | None = None) -> None:
    """One tick of the outbox as if it were that instant."""
    with suppress(WorkerStopped):
        outbox.drain(clock=partial(_stopped, instant), transport=partial(StandInTransport, answers))


def _stopped(at: datetime) -> datetime:
    """A clock that stands still."""
    return at
