"""Workers with a known bug: a campaign with them in it has to end in complaints."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from time import monotonic

import pytest
from django.db import connection

from counseling.models import Delivery
from tests.faults.bugs import BUGS
from tests.faults.nursery import Nursery
from tests.faults.oracle import Journal, bury, complaints, time_passes
from tests.faults.scenes import HANDOFF, LEASE
from tests.load import due_follow_ups
from tests.smtp_sink import Sink

SEED = 1
PATIENCE = 100.0
ON_THE_WAY = ("queue_invitations:after", "claim_due:after", "body", "hand_over:after", "dot", "answer", "settle:after")
"""Where every email comes past."""


class Skirmish:
    """A small campaign: workers killed and put to sleep at failpoints until something goes wrong."""

    def __init__(self, nursery: Nursery, sink: Sink, bug: str) -> None:
        self.journal = Journal()
        self._nursery = nursery
        self._sink = sink
        self._bug = bug
        self._dice = random.Random(SEED)
        self._decks: dict[str, list[str]] = {"kill": [], "pause": []}

    def complaints_of_a_round(self) -> list[str]:
        self._invite(6)
        stopped = [self._send("pause"), self._send("kill"), self._send("kill")]
        for worker in stopped:
            bury(worker)
        self._pair()
        for worker in stopped:
            self._wake(worker)
        self._come_to_rest()
        return complaints(self._sink, self.journal)

    def _invite(self, count: int) -> None:
        number = len(self.journal.recipients)
        made = due_follow_ups(count, now=datetime.now(UTC), recipient=f"client{{}}@round{number}.example")
        self.journal.recipients |= {str(row.pk): row.case.client.email for row in made}

    def _send(self, act: str) -> int:
        deck = self._decks[act] = self._decks[act] or self._dice.sample(ON_THE_WAY, len(ON_THE_WAY))
        worker = self._nursery.start(at=deck.pop(), act=act, bug=self._bug)
        self._nursery.wait_for_rest(worker)
        return worker

    def _pair(self) -> None:
        """Two workers that begin at the same moment."""
        self._invite(4)
        time_passes(minutes=LEASE)
        for worker in [self._nursery.start(bug=self._bug) for _ in range(2)]:
            self._nursery.wait_for_end(worker)

    def _wake(self, worker: int) -> None:
        if self._nursery.state(worker):
            self._nursery.finish(worker)

    def _come_to_rest(self) -> None:
        for _ in range(3):
            time_passes(minutes=HANDOFF)
            self._nursery.drain(bug=self._bug)


@pytest.fixture
def without_constraint(transactional_db: None) -> Iterator[None]:
    """What keeps a follow-up from being invited twice is taken away, until the test's rows are gone."""
    once = next(constraint for constraint in Delivery._meta.constraints if constraint.name == "delivery_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Delivery, once)
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE counseling_delivery CASCADE")
    with connection.schema_editor() as editor:
        editor.add_constraint(Delivery, once)


def found_in(skirmish: Skirmish, *, seconds: float) -> list[str]:
    """The first complaints, or none after so many seconds."""
    deadline = monotonic() + seconds
    found: list[str] = []
    while not found and monotonic() < deadline:
        found = skirmish.complaints_of_a_round()
    return found


@pytest.mark.parametrize("bug", sorted(BUGS.keys() - {"", "no-lock"}))
def test_a_known_bug_is_noticed(nursery, sink, bug):
    assert found_in(Skirmish(nursery, sink, bug), seconds=PATIENCE) != []


def test_a_missing_constraint_is_noticed(nursery, sink, without_constraint):
    assert any("invited 2 times" in each for each in found_in(Skirmish(nursery, sink, "no-lock"), seconds=PATIENCE))


def test_the_constraint_alone_keeps_two_workers_from_inviting_twice(nursery, sink):
    assert found_in(Skirmish(nursery, sink, "no-lock"), seconds=3) == []


def test_without_a_bug_there_is_nothing_to_notice(nursery, sink):
    assert found_in(Skirmish(nursery, sink, ""), seconds=10) == []
