"""Everything that can go wrong goes wrong at random moments, for as long as `FAULTS_SECONDS` says.

`FAULTS_SEED` throws the same dice again; what falls between them is up to the machine.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from statistics import quantiles

import pytest

from counseling.conf import Conf
from tests.faults.campaign import Campaign, World
from tests.faults.clients import SECRET
from tests.faults.oracle import complaints, miscounted, rows, spoken, states, unended

SECONDS = float(os.environ.get("FAULTS_SECONDS") or 20)
SEED = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(10**6))
GROUP = Conf().smtp_connections
"""So many emails a worker may have handed over and not settled when it is killed."""


@pytest.fixture
def world(stack, nursery, sink, postgres, redis_server, redis_proxy, smtp_proxy) -> World:
    url = stack.environment["EMAIL_URL"]
    stack.environment["EMAIL_URL"] = url.replace("smtp://", "smtp://clinic:secret@")
    return World(stack, nursery, sink, postgres, redis_server, redis_proxy, smtp_proxy)


@pytest.mark.timeout(SECONDS * 2 + 600)
def test_whatever_breaks_nothing_is_lost_and_nothing_is_sent_twice(world, folder, record_property):
    noted_before = len(world.stack.log_of("nursery"))
    campaign = Campaign(world, random.Random(SEED), SECONDS)
    campaign.run()
    in_redis = world.redis.words()
    campaign.come_to_rest()
    found = complaints(world.sink, campaign.journal)
    for name, value in figures(campaign, found).items():
        record_property(name, value)
    assert found == []
    assert max(campaign.in_doubt, default=0) <= GROUP
    logs = {log.name: log.read_text() for log in folder.glob("*.log")}
    assert [*spoken(["Canaria", SECRET], texts={**logs, "redis": in_redis}, mails=world.sink.mails)] == []
    assert "Traceback" not in logs["nursery.log"][noted_before:]


def figures(campaign: Campaign, found: list[str]) -> dict[str, object]:
    """What the run came to; printed below the tests' results, see `pytest_terminal_summary` in this folder."""
    mails, ends = campaign.world.sink.mails, Counter(states().values())
    waits = [(mail.at - campaign.due[mail.recipient].timestamp()) for mail in mails if mail.recipient in campaign.due]
    alone = f"{len(campaign.in_doubt)} by nothing else"
    doubts = f"{sum(campaign.in_doubt)} emails in doubt, {max(campaign.in_doubt, default=0)} at most"
    extra = Counter(mail.recipient for mail in mails) - Counter(campaign.journal.recipients.values())
    owners = [
        int(owner.split(":")[1]) for (owner,) in rows("SELECT owner FROM counseling_delivery WHERE state = 'sent'")
    ]
    return {
        "seed": f"{SEED}, {SECONDS:g} seconds",
        "emails": f"{len(campaign.journal.recipients)} {dict(ends)}",
        "killed workers": f"{campaign.killed}; {alone} left {doubts}",
        "faults": dict(campaign.faults),
        "lost": len({*unended(), *miscounted(campaign.world.sink)} & {*found}),
        "duplicated": extra.total(),
        "sent by Celery": sum(owner not in campaign.world.nursery.everybody for owner in owners),
        "answers acknowledged": f"{len(campaign.journal.kept)}, requests that failed {campaign.clients.failures}",
        "revoked": len(campaign.journal.revoked),
        "from due to accepted": _spread(waits),
    }


def _spread(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "none but the backlog"
    percent = quantiles(seconds, n=100)
    return f"median {percent[49]:.1f} s, p99 {percent[98]:.1f} s, of {len(seconds)} emails"
