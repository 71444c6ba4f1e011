"""Emails at every stage of leaving, and a mail server that does as it is told."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from counseling.models import Case, Client, Delivery, FollowUp
from counseling.outbox.claiming import claim_due
from counseling.outbox.handoff import hand_over
from counseling.outbox.queueing import queue_invitations
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
    assert hand_over(delivery, now=now) is None
    return delivery


def ledger(follow_up: FollowUp) -> list[tuple[str, str]]:
    return list(follow_up.ledger.values_list("kind", "detail"))


def counted_queries() -> CaptureQueriesContext:
    return CaptureQueriesContext(connection)


def client_of(delivery: Delivery) -> Client:
    return delivery.follow_up.client


class ScriptedTransport:
    """Takes every email, unless told otherwise for the next ones."""

    def __init__(self, *outcomes: Outcome | BaseException | None) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[Envelope] = []
        self.opened = 0
        self.is_closed = False
        self.before_handoff: list[Any] = []

    def open(self) -> None:
        self.opened += 1
        if self.outcomes and isinstance(self.outcomes[0], TransportUnavailable):
            raise self.outcomes.pop(0)

    def send(self, envelope: Envelope, permit: Permit) -> Outcome:
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if isinstance(outcome, Outcome) and outcome.verdict in BEFORE_DOT:
            return outcome
        permit.keep()
        for event in self.before_handoff:
            event()
        if not permit.hand_over():
            return Outcome(Verdict.WITHHELD)
        if isinstance(outcome, BaseException):
            raise outcome
        if outcome is None or outcome.verdict in {Verdict.ACCEPTED, Verdict.UNKNOWN}:
            self.sent.append(envelope)
        return outcome or Outcome(Verdict.ACCEPTED, 250)

    def close(self) -> None:
        self.is_closed = True
