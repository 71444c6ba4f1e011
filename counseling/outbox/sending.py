"""The loop that carries claimed deliveries to the mail server. The network is only ever used between transactions."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from time import monotonic

from counseling.conf import conf
from counseling.enums import Reason
from counseling.exceptions import StaleState
from counseling.models import Delivery
from counseling.outbox.claiming import claim_due, new_owner, release_claims, renew_leases
from counseling.outbox.facts import known_facts
from counseling.outbox.handoff import Objection, find_objection, hand_over, turn_down
from counseling.outbox.settling import settle_accepted, settle_deferred, settle_refused
from counseling.outbox.writing import write_envelope
from counseling.transport import Envelope, Outcome, Transport, TransportUnavailable, Verdict

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

PAUSE = timedelta(minutes=5)
"""How long emails rest that would only have met the same refusal of our setup."""


class Ending(Enum):
    """Why a sender stopped."""

    EMPTY = auto()
    TIME_UP = auto()
    STOPPED = auto()  # the server or our setup: whoever comes right after will fare no better


class Lease:
    """The worker's hold on its batch, renewed only as long as there is progress to show for it."""

    def __init__(self, owner: str, *, clock: Clock) -> None:
        self.owner = owner
        self._clock = clock
        self._renewed = monotonic()

    def keep(self) -> None:
        if monotonic() - self._renewed > conf().lease_seconds / 3:
            self._renewed = monotonic()
            renew_leases(self.owner, now=self._clock())


class Hold:
    """A transport's permit for one delivery."""

    def __init__(self, delivery: Delivery, lease: Lease, *, clock: Clock) -> None:
        self.objection: Objection | None = None
        self.keep = lease.keep
        self._delivery = delivery
        self._clock = clock

    def hand_over(self) -> bool:
        try:
            self.objection = hand_over(self._delivery, now=self._clock())
        except StaleState:
            return False
        return self.objection is None


class Sender:
    """One worker's way through what is due, batch after batch."""

    def __init__(self, transport: Transport, *, clock: Clock) -> None:
        self.counts: Counter[Verdict] = Counter()
        self._transport = transport
        self._clock = clock
        self._owner = new_owner()

    def send_due(self, *, until: float) -> Ending:
        """Send until nothing is due, the time (a reading of `time.monotonic`) is up, or going on is no use.

        What was claimed and not begun is put back. An email that was begun is finished, however long that takes.
        """
        try:
            while monotonic() < until:
                if not self._connects():
                    return Ending.STOPPED
                lease = Lease(self._owner, clock=self._clock)
                batch = claim_due(self._owner, now=self._clock(), limit=conf().claim_batch)
                if not batch:
                    return Ending.EMPTY
                if not self._send_batch(batch, lease, until=until):
                    return Ending.STOPPED
            return Ending.TIME_UP
        finally:
            self._transport.close()

    def _connects(self) -> bool:
        try:
            self._transport.open()
        except TransportUnavailable as error:
            logger.warning("nothing can be sent: %s", error)
            return False
        return True

    def _send_batch(self, batch: list[Delivery], lease: Lease, *, until: float) -> bool:
        """Send the batch, or as much as time allows. False when going on is no use."""
        for delivery in batch:
            if monotonic() >= until:
                release_claims(self._owner)
                break
            lease.keep()
            if not self._connects():
                release_claims(self._owner)
                return False
            if (verdict := self._send(delivery, lease)) in _STOPPING:
                pause = PAUSE if verdict == Verdict.SETUP_REFUSED else timedelta()
                release_claims(self._owner, until=self._clock() + pause)
                logger.warning("sending stops for now: %s", verdict)
                return False
        return True

    def _send(self, delivery: Delivery, lease: Lease) -> Verdict:
        now = self._clock()
        if objection := find_objection(known_facts(delivery), now=now):
            turn_down(delivery, objection, now=now)
            return self._count(Verdict.WITHHELD)
        envelope = self._write(delivery, now=now)
        if envelope is None:
            return self._count(Verdict.DEFERRED)
        hold = Hold(delivery, lease, clock=self._clock)
        outcome = self._transport.send(envelope, hold)
        self._settle(delivery, outcome, hold.objection)
        return self._count(outcome.verdict)

    def _write(self, delivery: Delivery, *, now: datetime) -> Envelope | None:
        """The envelope; None, and tried again later, when it can't be written. The others are not held up by it."""
        try:
            return write_envelope(delivery, now=now)
        except Exception:
            logger.exception("delivery %s cannot be written", delivery.pk)
            settle_deferred(delivery, reason=Reason.UNWRITABLE, now=now)
            return None

    def _settle(self, delivery: Delivery, outcome: Outcome, objection: Objection | None) -> None:
        """Write down what came of it. Silence is written by nobody: the row stays where a person will find it."""
        now, code = self._clock(), outcome.code
        match outcome.verdict:
            case Verdict.ACCEPTED:
                settle_accepted(delivery, code=code, now=now)
            case Verdict.REFUSED:
                settle_refused(delivery, code=code, now=now)
            case Verdict.DEFERRED | Verdict.LOST | Verdict.SETUP_REFUSED:
                settle_deferred(delivery, code=code, reason=_DETAIL.get(outcome.verdict), now=now)
            case Verdict.WITHHELD if objection is not None:
                turn_down(delivery, objection, now=now)

    def _count(self, verdict: Verdict) -> Verdict:
        self.counts[verdict] += 1
        return verdict


_STOPPING = frozenset({Verdict.SETUP_REFUSED, Verdict.UNKNOWN})
_DETAIL = {Verdict.LOST: Reason.SERVER_LOST, Verdict.SETUP_REFUSED: Reason.SETUP_REFUSED}
