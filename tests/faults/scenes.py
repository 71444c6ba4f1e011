"""What the tests of single faults do to the world, in a word each."""

from __future__ import annotations

from datetime import UTC, datetime

from counseling.actions.consents import withdraw_consent
from counseling.enums import ConsentPurpose
from counseling.models import FollowUp
from tests.faults.nursery import Nursery
from tests.faults.oracle import time_passes

LEASE = 2  # minutes, longer than a lease
HANDOFF = 31  # minutes, longer than an answer is waited for


def come_to_rest(nursery: Nursery) -> None:
    """Everything that time and workers bring about by themselves."""
    nursery.drain()
    for _ in range(2):  # what was claimed is due again after a while, and then sent
        time_passes(minutes=HANDOFF)
        nursery.drain()
    nursery.drain()


def withdraw(follow_up: FollowUp) -> None:
    """The client takes consent back."""
    withdraw_consent(follow_up.client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=datetime.now(UTC))
