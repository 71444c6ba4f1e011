"""Emails at every stage of leaving, and a mail server that does as it is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from counseling.models import Case, Client, Delivery, FollowUp
from counseling.outbox.claiming import claim_due
from counseling.outbox.handoff import hand_over
from counseling.outbox.queueing import queue_invitations
from counseling.outbox.settling import settle
from counseling.transport import Envelope, Outcome, Permit, TransportUnavailable, Verdict
from tests.couples import enrolled
from tests.factories import CaseFactory, ClientFactory, StaffFactory

MORNING = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
"""The first follow-up fell due an hour ago: 10 o'clock where the client lives."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEFORE_DOT = frozenset({Verdict.LOST})


def single_case(**client: Any) -> Case:
    lead = StaffFactory()
    return CaseFactory(lead=lead, relationship=None, client=ClientFactory(registered_by=lead, **client))


def due_follow_up(case: Case | None = None, **step: Any) -> FollowUp:
    """A single client's first follow-up, due at nine in the morning."""
    follow_up = enrolled(case or single_case(), **{"send_at": time(9), **step}).follow_ups.order_by("due_at").first()
    assert follow_up is not None
    return follow_up


def queued(case: Case | None = None, *, now: datetime = MORNING, **step: Any) -> Delivery:
    follow_up = due_follow_up(case, **step)
    queue_invitations(now=now)
    return follow_up.deliveries.get()


def claimed(case: Case | None = None, *, owner: str = "worker", now: datetime = MORNING, **step: Any) -> Delivery:
    queued(case, now=now, **step)
    (delivery,) = claim_due(owner, now=now, limit=1)
    return delivery


def handed_over(case: Case | None = None, *, now: datetime = MORNING, **step: Any) -> Delivery:
    delivery = claimed(case, now=now, **step)
    assert passes(delivery, now=now)
    return delivery


def passes(delivery: Delivery, *, now: datetime) -> bool:
    """Hand over one by itself: whether nothing stands against it."""
    return hand_over([delivery], now=now) == {}


def is_lost(delivery: Delivery, *, now: datetime) -> bool:
    """Try to hand over one by itself: whether it is not ours any more."""
    return hand_over([delivery], now=now) == {delivery.pk: None}


def settle_accepted(delivery: Delivery, *, code: int, now: datetime) -> None:
    settle({delivery: Outcome(Verdict.ACCEPTED, code)}, now=now)


def settle_refused(delivery: Delivery, *, code: int, now: datetime) -> None:
    settle({delivery: Outcome(Verdict.REFUSED, code)}, now=now)


def settle_deferred(delivery: Delivery, *, code: int | None = None, now: datetime) -> None:
    settle({delivery: Outcome(Verdict.LOST if code is None else Verdict.DEFERRED, code)}, now=now)


def ledger(follow_up: FollowUp) -> list[tuple[str, str]]:
    return list(follow_up.ledger.values_list("kind", "detail"))


def counted_queries() -> CaptureQueriesContext:
    return CaptureQueriesContext(connection)


def client_of(delivery: Delivery) -> Client:
    return delivery.follow_up.client


class ScriptedTransport:
    """Takes every email, unless told otherwise for the next ones. ``room`` is how many it takes at once."""

    def __init__(self, *outcomes: Outcome | BaseException | None, room: int = 1) -> None:
        self.outcomes = list(outcomes)
        self.room = room
        self.sent: list[Envelope] = []
        self.groups: list[int] = []
        self.silent: dict[UUID, Outcome] = {}
        self.opened = 0
        self.is_closed = False
        self.before_handoff: list[Any] = []

    def open(self, wanted: int) -> int:
        self.opened += 1
        if self.outcomes and isinstance(self.outcomes[0], TransportUnavailable):
            raise self.outcomes.pop(0)
        return min(wanted, self.room)

    def send(self, group: Mapping[UUID, Envelope], permit: Permit) -> dict[UUID, Outcome]:
        self.groups.append(len(group))
        told = {key: self.outcomes.pop(0) if self.outcomes else None for key in group}
        known = {key: each for key, each in told.items() if isinstance(each, Outcome) and each.verdict in BEFORE_DOT}
        offered = [key for key in group if key not in known]
        if not offered:
            return known
        permit.keep()
        for event in self.before_handoff:
            event()
        allowed = permit.hand_over(offered)
        known |= {key: Outcome(Verdict.WITHHELD) for key in offered if key not in allowed}
        return known | {key: self._finish(group[key], told[key]) for key in allowed}

    def _finish(self, envelope: Envelope, outcome: Outcome | BaseException | None) -> Outcome:
        if isinstance(outcome, BaseException):
            raise outcome
        if outcome is None or outcome.verdict in {Verdict.ACCEPTED, Verdict.UNKNOWN}:
            self.sent.append(envelope)
        return outcome or Outcome(Verdict.ACCEPTED, 250)

    def wait(self) -> dict[UUID, Outcome]:
        heard, self.silent = self.silent, {}
        return heard

    def close(self) -> None:
        self.is_closed = True
