"""Servers that die, forget, or say nothing, with Celery's real workers and beats around them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from tests.faults.oracle import accepted, complaints, states, time_passes
from tests.faults.scenes import come_to_rest
from tests.load import due_follow_ups
from tests.stack import wait_until

RECONNECTING = 120.0
"""Seconds in which Celery is back after its broker was."""


def invite(count: int, who: str = "client") -> None:
    due_follow_ups(count, now=datetime.now(UTC), recipient=f"{who}{{}}@mail.example")


def all_sent(count: int) -> bool:
    return list(states().values()) == ["sent"] * count


def test_two_beats_and_two_workers_send_every_email_once(stack, sink):
    invite(200)
    for name in ("one", "two"):
        stack.worker(name)
        stack.beat()
    wait_until(lambda: all_sent(200), seconds=RECONNECTING)
    invite(100, "other")
    wait_until(lambda: all_sent(300), seconds=RECONNECTING)
    assert (max(accepted(sink).values()), complaints(sink)) == (1, [])


def test_with_a_dead_beat_a_worker_that_starts_sends_what_is_due(stack, sink):
    invite(3)
    stack.worker()
    wait_until(lambda: all_sent(3))
    assert complaints(sink) == []


def test_whatever_happens_to_redis_the_emails_are_sent_when_it_is_back(stack, sink, redis_server, redis_proxy):
    """It forgets, dies with everything in it, takes every word and answers none; nobody restarts anything else."""
    stack.worker()
    stack.beat()
    invite(1)
    wait_until(lambda: all_sent(1))

    redis_server.client.flushall()
    invite(1, "flushed")
    wait_until(lambda: all_sent(2), seconds=RECONNECTING)

    redis_server.kill()
    invite(1, "killed")
    redis_server.start()
    wait_until(lambda: all_sent(3), seconds=RECONNECTING)

    redis_proxy.fall_silent()
    invite(1, "silent")
    stack.run("manage.py", "send_due")
    assert all_sent(4), "without Redis, a command sends"
    invite(1, "heard")
    redis_proxy.speak_again()
    wait_until(lambda: all_sent(5), seconds=RECONNECTING)
    assert (max(accepted(sink).values()), complaints(sink)) == (1, [])


@pytest.mark.parametrize("failpoint", ["claim_due:after", "body", "hand_over:after", "dot", "answer", "settle:after"])
def test_postgres_dies_under_a_worker(nursery, sink, postgres, failpoint):
    """What its last commits did not bring to the disk is in doubt at worst, and never sent a second time."""
    invite(1)
    worker = nursery.stopped_at(failpoint, loop=True)
    postgres.restart_without_warning()
    connection.close()
    nursery.go_on(worker)
    invite(1, "other")
    wait_until(lambda: "other0@mail.example" in {mail.recipient for mail in sink.mails})
    nursery.kill(worker)
    come_to_rest(nursery)
    time_passes(minutes=31)
    nursery.drain()
    assert (max(accepted(sink).values()), complaints(sink)) == (1, [])


def test_celery_outlives_a_restart_of_postgres(stack, sink, nursery, postgres):
    stack.worker()
    stack.beat()
    invite(1)
    wait_until(lambda: all_sent(1))
    postgres.restart_without_warning()
    connection.close()
    invite(20, "other")
    wait_until(lambda: list(states().values()).count("sent") >= 20, seconds=RECONNECTING)
    stack.stop()
    come_to_rest(nursery)
    assert (len(sink.mails), max(accepted(sink).values())) == (21, 1)
    assert set(states().values()) <= {"sent", "uncertain"}  # what the restart made forget stays in doubt
    assert complaints(sink) == []
