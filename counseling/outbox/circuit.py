"""One circuit for all workers: while the mail server refuses us, one email at a time finds out whether it still does.

It opens at once when our setup is refused, because every recipient would meet the same refusal; and once the server
could not be reached, or took emails without an answer, several times in a row for some minutes. What is due stays due
and burns no attempt. After a pause, which grows, one worker may try one email; if that is answered, the circuit closes.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import Enum, auto

from django.db import transaction
from django.db.models import Q

from counseling.enums import MailTrouble
from counseling.models import MailCircuit
from counseling.transport import Outcome, TransportUnavailable, Verdict, refuses_setup

logger = logging.getLogger(__name__)

MAIL = "mail"
SHORTEST, LONGEST = timedelta(seconds=30), timedelta(minutes=10)
PATIENCE, PATIENT_FOR = 3, timedelta(minutes=2)
"""So often in a row, and for so long, has the server to be out of reach before the circuit opens. Other workers that
still get through are heard of within that time.
"""
ANSWERS = frozenset({Verdict.ACCEPTED, Verdict.DEFERRED, Verdict.REFUSED})
"""What a server says that can be talked to."""


class Leave(Enum):
    """What a worker may do."""

    SEND = auto()
    PROBE = auto()  # one email, to find out
    WAIT = auto()


def pause_after(failures: int) -> timedelta:
    """Half a minute after the first failure, doubling up to ten minutes. Pure."""
    doublings = min(max(failures - 1, 0), 16)
    pause: timedelta = min(SHORTEST * 2**doublings, LONGEST)
    return pause


def refuses_all(verdicts: Collection[Verdict]) -> bool:
    """Whether our setup was refused. Where another email was accepted at the same time, only that one offended."""
    return Verdict.SETUP_REFUSED in verdicts and Verdict.ACCEPTED not in verdicts


class Breaker:
    """One worker's view of the circuit, and its voice in it."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._leave = Leave.SEND
        self._has_failures = False

    @property
    def is_probing(self) -> bool:
        return self._leave == Leave.PROBE

    def ask(self, *, now: datetime) -> Leave:
        """Whether to send at all. Of those who ask once a pause is over, one gets to probe.

        The next pause begins with the probe: a prober that dies holds nobody up for longer.
        """
        circuit = MailCircuit.objects.filter(name=MAIL).first()
        self._has_failures = circuit is not None and circuit.failures > 0
        if circuit is None or circuit.retry_at is None:
            self._leave = Leave.SEND
        elif circuit.retry_at > now:
            self._leave = Leave.WAIT
        else:
            until = now + pause_after(circuit.failures + 1)
            asked_first = MailCircuit.objects.filter(name=MAIL, retry_at=circuit.retry_at, probing=circuit.probing)
            self._leave = Leave.PROBE if asked_first.update(retry_at=until, probing=self._owner) else Leave.WAIT
        return self._leave

    def hear(self, outcomes: Iterable[Outcome], *, now: datetime) -> None:
        """Draw the conclusion from what the mail server said to some emails."""
        verdicts = {outcome.verdict: outcome.code for outcome in outcomes}
        if refuses_all(verdicts):
            self._note_failure(MailTrouble.SETUP_REFUSED, verdicts[Verdict.SETUP_REFUSED], now=now)
        elif verdicts.keys() & ANSWERS:
            self._note_success()
        elif Verdict.UNKNOWN in verdicts:
            self._note_failure(MailTrouble.SILENT, None, now=now)

    def hear_nothing(self, error: TransportUnavailable, *, now: datetime) -> None:
        """The mail server did not let us in."""
        trouble = MailTrouble.SETUP_REFUSED if refuses_setup(error.code) else MailTrouble.UNREACHABLE
        self._note_failure(trouble, error.code, now=now)

    def _note_success(self) -> None:
        """Close the circuit. While it is open only the prober may, whose email was sent since it opened."""
        if not (self._has_failures or self.is_probing):
            return
        rows = MailCircuit.objects.filter(Q(opened_at__isnull=True) | Q(probing=self._owner), name=MAIL)
        closed = rows.update(
            failures=0, failing_since=None, opened_at=None, retry_at=None, probing="", trouble="", code=None
        )
        if closed and self.is_probing:
            logger.warning("the mail server takes emails again")
        self._leave, self._has_failures = Leave.SEND, False

    @transaction.atomic
    def _note_failure(self, trouble: MailTrouble, code: int | None, *, now: datetime) -> None:
        """Count it, unless the circuit is open and this is a straggler's, begun before."""
        MailCircuit.objects.bulk_create([MailCircuit(name=MAIL)], ignore_conflicts=True)
        circuit = MailCircuit.objects.select_for_update(no_key=True).get(name=MAIL)
        if circuit.opened_at is not None and circuit.probing != self._owner:
            return
        circuit.failures += 1
        circuit.failing_since = circuit.failing_since or now
        circuit.trouble, circuit.code = trouble, code
        if _is_enough(circuit, now=now):
            circuit.opened_at = circuit.opened_at or now
            circuit.retry_at = now + pause_after(circuit.failures)
            logger.error("%s (code %s); next try at %s", trouble, code, circuit.retry_at.isoformat(timespec="seconds"))
        circuit.save(update_fields=["failures", "failing_since", "opened_at", "retry_at", "trouble", "code"])
        self._has_failures = True


def _is_enough(circuit: MailCircuit, *, now: datetime) -> bool:
    if circuit.opened_at is not None or circuit.trouble == MailTrouble.SETUP_REFUSED:
        return True
    lasted = now - (circuit.failing_since or now)
    return circuit.failures >= PATIENCE and lasted >= PATIENT_FOR
