"""The loop that carries claimed deliveries to the mail server. The network is only ever used between transactions."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from contextlib import closing, suppress
from datetime import UTC, datetime
from enum import Enum, auto
from time import monotonic, sleep
from uuid import UUID

from counseling.conf import conf
from counseling.enums import Reason
from counseling.models import Delivery
from counseling.outbox.aside import Aside
from counseling.outbox.circuit import ANSWERS, Breaker, Leave, refuses_all
from counseling.outbox.claiming import claim_due, new_owner, put_off, release_claims, renew_leases
from counseling.outbox.facts import facts_as_claimed
from counseling.outbox.handoff import Objection, find_objection, hand_over, turn_down
from counseling.outbox.rate import SOON, hold_back
from counseling.outbox.settling import defer, settle
from counseling.outbox.writing import write_envelope
from counseling.transport import Envelope, Outcome, Transport, TransportUnavailable, Verdict

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]


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
    """A transport's permit for one group of deliveries. ``objections`` is what stood against those it gave no leave.

    ``before`` is called before leave is asked.
    """

    def __init__(
        self, group: Mapping[UUID, Delivery], lease: Lease, *, clock: Clock, before: Callable[[], None]
    ) -> None:
        self.objections: dict[UUID, Objection | None] = {}
        self.keep = lease.keep
        self._group = group
        self._clock = clock
        self._before = before

    def hand_over(self, offered: Collection[UUID]) -> Collection[UUID]:
        self._before()
        objections = hand_over([self._group[pk] for pk in offered], now=self._clock())
        self.objections |= objections
        return [pk for pk in offered if pk not in objections]


class Sender:
    """One worker's way through what is due, group after group.

    The first group is a single email, and each may be twice as large as the last one's answers were many: a server that
    takes emails and then says nothing leaves one doubt rather than a group of them.

    What the server answered is written down, and more is claimed, while the next group is written and offered; but no
    group is handed over before the answers to the last one are safe.
    """

    def __init__(self, transport: Transport, *, clock: Clock) -> None:
        self.counts: Counter[Verdict] = Counter()
        self._transport = transport
        self._clock = clock
        self._owner = new_owner()
        self._lease = Lease(self._owner, clock=clock)
        self._aside = Aside()
        self._ahead: Future[list[Delivery]] | None = None
        self._claimed: list[Delivery] = []
        self._written: dict[UUID, Envelope] = {}
        self._begun: dict[UUID, Delivery] = {}
        self._settling: Future[None] | None = None
        self._width = 1
        self._breaker = Breaker(self._owner)
        self._back_at: list[datetime] = []

    def send_due(self, *, until: float) -> Ending:
        """Send until nothing is due, the time (a reading of `time.monotonic`) is up, or going on is no use.

        What was claimed and not begun is put back. An email that was begun is finished, however long that takes.
        """
        with self._aside, closing(self._transport):
            ending = self._send_groups(until=until)
            self._aside.finish()
            release_claims(self._owner)
            while self._begun:
                self._settle(self._transport.wait())
            self._aside.finish()
            return ending

    def _send_groups(self, *, until: float) -> Ending:
        if self._breaker.ask(now=self._clock()) == Leave.WAIT:
            return Ending.STOPPED
        while monotonic() < until:
            try:
                room = self._transport.open(self._width)
            except TransportUnavailable as error:
                logger.warning("nothing can be sent: %s", error)
                self._breaker.hear_nothing(error, now=self._clock())
                return Ending.STOPPED
            self._lease.keep()
            if len(self._claimed) < room and not self._claim() and not self._claimed:
                if self._lingers():
                    continue
                return Ending.EMPTY
            verdicts = self._send(self._next_group(room))
            if Verdict.UNKNOWN in verdicts or refuses_all(verdicts):
                logger.warning("sending stops for now: %s", ", ".join(sorted(verdicts)))
                return Ending.STOPPED
        return Ending.TIME_UP

    def _claim(self) -> int:
        """Claim a batch, or take the one claimed ahead, and put aside what may be sent of it; how many were claimed.

        A full batch hardly is the last: the next one is claimed while this one is sent.
        """
        claiming, self._ahead = self._ahead or self._begin_claiming(), None
        batch, now = claiming.result(), self._clock()
        if len(batch) == conf().claim_batch and not self._breaker.is_probing:
            self._ahead = self._begin_claiming()
        wanted: list[Delivery] = []
        for delivery in batch:
            if objection := find_objection(facts_as_claimed(delivery), now=now):
                turn_down(delivery, objection, now=now)
                self.counts[Verdict.WITHHELD] += 1
            else:
                wanted.append(delivery)
        self._claimed += self._within_rate(wanted, now=now)
        return len(batch)

    def _begin_claiming(self) -> Future[list[Delivery]]:
        probing = self._breaker.is_probing
        limit = 1 if probing else conf().claim_batch
        return self._aside.do(claim_due, self._owner, now=self._clock(), limit=limit, probing=probing)

    def _within_rate(self, deliveries: Collection[Delivery], *, now: datetime) -> list[Delivery]:
        """Those that may leave at once; the others are put off, because too many go to their domain already."""
        waiting = hold_back(deliveries, now=now)
        if waiting:
            put_off(waiting, reason=Reason.DOMAIN_RATE, now=now)
            self.counts[Verdict.WITHHELD] += len(waiting)
            self._back_at.extend(waiting.values())
        return [delivery for delivery in deliveries if delivery not in waiting]

    def _lingers(self) -> bool:
        """Wait for what was put off, if the first of it is back in moments; whether there is something to look for."""
        left = min(self._back_at, default=datetime.max.replace(tzinfo=UTC)) - self._clock()
        self._back_at.clear()
        if left <= SOON:
            sleep(max(0.0, left.total_seconds()))
        return left <= SOON

    def _next_group(self, room: int) -> dict[UUID, Delivery]:
        group, self._claimed = self._claimed[:room], self._claimed[room:]
        return {delivery.pk: delivery for delivery in group}

    def _send(self, group: Mapping[UUID, Delivery]) -> set[Verdict]:
        """Send the group, and go on once any of it is settled; the verdicts that were heard."""
        now = self._clock()
        envelopes = {pk: envelope for pk, row in group.items() if (envelope := self._write(row, now=now))}
        self._begun |= {pk: group[pk] for pk in envelopes}
        hold = Hold(group, self._lease, clock=self._clock, before=self._await_settling)
        outcomes = self._transport.send(envelopes, hold) if envelopes else {}
        verdicts = self._settle(outcomes, hold.objections)
        while self._begun and not outcomes:
            outcomes = self._transport.wait()
            verdicts |= self._settle(outcomes)
        self._width = max(1, 2 * sum(outcome.verdict in ANSWERS for outcome in outcomes.values()))
        return verdicts

    def _await_settling(self) -> None:
        """Write the emails of the next group until the answers to the last one are written down."""
        now = self._clock()
        for delivery in self._claimed[: self._width]:
            with suppress(Exception):  # it is tried once more, and then seen to, when its turn comes
                self._written[delivery.pk] = write_envelope(delivery, now=now)
        if self._settling is not None:
            self._settling.result()

    def _write(self, delivery: Delivery, *, now: datetime) -> Envelope | None:
        """The envelope; None, and tried again later, when it can't be written. The others are not held up by it."""
        try:
            return self._written.pop(delivery.pk, None) or write_envelope(delivery, now=now)
        except Exception:
            logger.exception("delivery %s cannot be written", delivery.pk)
            defer(delivery, reason=Reason.UNWRITABLE, now=now)
            self.counts[Verdict.DEFERRED] += 1
            return None

    def _settle(
        self, outcomes: Mapping[UUID, Outcome], objections: Mapping[UUID, Objection | None] | None = None
    ) -> set[Verdict]:
        """Have it written down what came of them; the verdicts."""
        now, settled = self._clock(), {self._begun.pop(pk): outcome for pk, outcome in outcomes.items()}
        turned_down = {row: found for row in settled if (found := (objections or {}).get(row.pk))}
        self._settling = self._aside.do(_write_down, settled, turned_down, now=now)
        self._breaker.hear(outcomes.values(), now=now)
        verdicts = [outcome.verdict for outcome in outcomes.values()]
        self.counts.update(verdicts)
        return set(verdicts)


def _write_down(
    settled: Mapping[Delivery, Outcome], turned_down: Mapping[Delivery, Objection], *, now: datetime
) -> None:
    """All in one transaction, but for those that were given no leave."""
    settle(settled, now=now)
    for delivery, objection in turned_down.items():
        turn_down(delivery, objection, now=now)
