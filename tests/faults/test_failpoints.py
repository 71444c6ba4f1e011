"""A worker killed on either side of every commit of the protocol, but a renewed lease's, and at every turn
on the wire.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from counseling.models import Delivery, FollowUp
from tests.faults.nursery import Nursery
from tests.faults.oracle import accepted, complaints, states, time_passes
from tests.faults.scenes import HANDOFF, come_to_rest, withdraw
from tests.load import due_follow_ups
from tests.smtp_sink import Sink

SIDES = ("before", "after")


@pytest.fixture
def follow_up() -> FollowUp:
    return due_follow_ups(1, now=datetime.now(UTC))[0]


def ends(sink: Sink) -> tuple[Counter[str], int]:
    """How the emails ended, and how many were accepted. Fails when there is anything to complain about."""
    assert complaints(sink) == []
    return Counter(states().values()), sum(accepted(sink).values())


def killed(nursery: Nursery, failpoint: str) -> None:
    nursery.kill(nursery.stopped_at(failpoint))


@pytest.mark.parametrize(
    ("failpoint", "left", "taken"),
    [
        ("queue_invitations:before", "sent", 1),
        ("queue_invitations:after", "sent", 1),
        ("claim_due:before", "sent", 1),
        ("claim_due:after", "sent", 1),
        ("body", "sent", 1),
        ("hand_over:before", "sent", 1),
        ("hand_over:after", "uncertain", 0),
        ("dot", "uncertain", 1),
        ("answer", "uncertain", 1),
        ("settle:before", "uncertain", 1),
        ("settle:after", "sent", 1),
        ("release_claims:before", "sent", 1),
        ("release_claims:after", "sent", 1),
    ],
)
def test_killed_while_sending_it_is_sent_once_or_in_doubt(nursery, sink, follow_up, failpoint, left, taken):
    killed(nursery, failpoint)
    come_to_rest(nursery)
    assert ends(sink) == ({left: 1}, taken)


@pytest.mark.parametrize("side", SIDES)
def test_killed_while_it_takes_back_what_a_dead_worker_had(nursery, sink, follow_up, side):
    killed(nursery, "claim_due:after")
    time_passes(minutes=HANDOFF)
    killed(nursery, f"reclaim_expired:{side}")
    come_to_rest(nursery)
    assert ends(sink) == ({"sent": 1}, 1)


@pytest.mark.parametrize("side", SIDES)
def test_killed_while_it_gives_up_on_an_answer(nursery, sink, follow_up, side):
    killed(nursery, "dot")
    time_passes(minutes=HANDOFF)
    killed(nursery, f"mark_uncertain:{side}")
    come_to_rest(nursery)
    assert ends(sink) == ({"uncertain": 1}, 1)


@pytest.mark.parametrize("side", SIDES)
def test_killed_while_it_reminds(nursery, sink, follow_up, side):
    nursery.drain()
    long_ago = datetime.now(UTC) - timedelta(days=1)
    Delivery.objects.update(handed_over_at=long_ago)
    FollowUp.objects.update(next_reminder_at=long_ago)
    killed(nursery, f"queue_reminders:{side}")
    come_to_rest(nursery)
    assert ends(sink) == ({"sent": 2}, 2)


@pytest.mark.parametrize("side", SIDES)
def test_killed_while_it_closes_what_is_over(nursery, sink, follow_up, side):
    killed(nursery, "queue_invitations:after")
    now = datetime.now(UTC)
    FollowUp.objects.update(due_at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    killed(nursery, f"expire_overdue:{side}")
    come_to_rest(nursery)
    assert ends(sink) == ({"expired": 1}, 0)


@pytest.mark.parametrize("side", SIDES)
def test_killed_while_it_turns_an_unwanted_email_down(nursery, sink, follow_up, side):
    worker = nursery.stopped_at("body")
    withdraw(follow_up)
    nursery.kill(worker)
    time_passes(minutes=HANDOFF)
    killed(nursery, f"turn_down:{side}")
    come_to_rest(nursery)
    assert ends(sink) == ({"cancelled": 1}, 0)


@pytest.mark.parametrize("side", SIDES)
def test_killed_while_it_spares_a_domain(nursery, sink, side):
    due_follow_ups(4, now=datetime.now(UTC))
    nursery.kill(nursery.stopped_at(f"put_off:{side}", conf={"DOMAIN_PER_MINUTE": 2}))
    come_to_rest(nursery)
    assert ends(sink) == ({"sent": 4}, 4)
