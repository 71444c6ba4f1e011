"""One fault at a time, at an exact point of sending one email."""

from __future__ import annotations

import os
import signal
import subprocess
from datetime import UTC, datetime

import pytest

from counseling.actions.consents import withdraw_consent
from counseling.actions.deliveries import resend_delivery
from counseling.enums import ConsentPurpose
from counseling.models import Delivery, FollowUp
from tests.faults.oracle import accepted, complaints, states, time_passes
from tests.load import due_follow_ups
from tests.smtp_sink import HANG, Conversation
from tests.stack import Stack, wait_until

LEASE = 2  # minutes, longer than a lease
HANDOFF = 31  # minutes, longer than an answer is waited for
PAUSE = 1  # minute, longer than a server that refused us is left alone at first


@pytest.fixture
def follow_up(stack: Stack) -> FollowUp:
    return due_follow_ups(1, now=datetime.now(UTC))[0]


def stopped(stack: Stack, stop: str, bug: str = "") -> subprocess.Popen[str]:
    """A worker that has come to the stop."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    worker = stack.start("stopping", "-m", "tests.faults.worker", stop, bug, **pipes)
    assert worker.stdout
    assert worker.stdout.readline() == f"{stop}\n", stack.log_of("stopping")
    return worker


def go_on(worker: subprocess.Popen[str]) -> None:
    """Let it finish."""
    worker.communicate("\n", timeout=60)
    assert worker.returncode == 0


def kill(worker: subprocess.Popen[str]) -> None:
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()


def drain(stack: Stack) -> None:
    stack.run("manage.py", "send_due")


def come_to_rest(stack: Stack) -> None:
    """Everything that time and workers bring about by themselves."""
    drain(stack)
    time_passes(minutes=HANDOFF)
    drain(stack)
    drain(stack)


def test_killed_before_the_handoff_it_is_sent_once_by_another(stack, sink, follow_up):
    kill(stopped(stack, "body"))
    sink.wait_for(lambda notes: len(notes.abandoned) == 1)
    drain(stack)
    assert set(states().values()) == {"claimed"}, "a lease that runs is respected"
    time_passes(minutes=LEASE)
    drain(stack)
    assert (list(accepted(sink).values()), set(states().values())) == ([1], {"sent"})
    assert complaints(sink) == []


def test_killed_between_handoff_and_dot_it_is_uncertain_and_never_sent_by_itself(stack, sink, follow_up):
    kill(stopped(stack, "handoff"))
    time_passes(minutes=LEASE)
    drain(stack)
    assert set(states().values()) == {"handoff"}, "nobody reclaims a handoff"
    come_to_rest(stack)
    assert (sink.mails, set(states().values())) == ([], {"uncertain"})
    resend_delivery(Delivery.objects.get(), by=follow_up.enrollment.started_by, now=datetime.now(UTC))
    drain(stack)
    assert (list(accepted(sink).values()), complaints(sink)) == ([1], [])


@pytest.mark.parametrize("stop", ["dot", "answer"])
def test_killed_after_the_dot_it_is_uncertain_and_never_sent_again(stack, sink, follow_up, stop):
    kill(stopped(stack, stop))
    come_to_rest(stack)
    assert (list(accepted(sink).values()), set(states().values())) == ([1], {"uncertain"})
    assert complaints(sink) == []


def test_a_worker_that_sleeps_past_its_lease_does_not_send_what_another_has_sent(stack, sink, follow_up):
    sleeper = stopped(stack, "body")
    time_passes(minutes=LEASE)
    drain(stack)
    go_on(sleeper)
    assert (list(accepted(sink).values()), len(sink.notes.abandoned)) == ([1], 1)
    assert complaints(sink) == []


def test_consent_withdrawn_after_the_claim_keeps_the_email_from_leaving(stack, sink, follow_up):
    worker = stopped(stack, "body")
    withdraw_consent(follow_up.client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=datetime.now(UTC))
    go_on(worker)
    follow_up.refresh_from_db()
    assert (sink.mails, len(sink.notes.abandoned)) == ([], 1)
    assert (set(states().values()), follow_up.status, follow_up.end_reason) == ({"cancelled"}, "skipped", "no_consent")


def test_an_email_deferred_by_the_server_is_sent_later(stack, sink, follow_up):
    sink.script = lambda verb, _: "451 4.3.0 later" if verb == "RCPT" else None
    drain(stack)
    assert (sink.mails, set(states().values())) == ([], {"due"})
    sink.script = lambda *_: None
    time_passes(minutes=LEASE)
    drain(stack)
    assert (list(accepted(sink).values()), complaints(sink)) == ([1], [])


def test_a_mailbox_that_does_not_exist_is_dead_and_the_others_are_sent(stack, sink, follow_up):
    due_follow_ups(2, now=datetime.now(UTC), recipient="other{}@mail.example")

    def never(verb: str, conversation: Conversation) -> str | None:
        wrong = verb == "RCPT" and conversation.recipient.startswith("client")
        return "550 5.1.1 no such mailbox" if wrong else None

    sink.script = never
    drain(stack)
    assert sorted(states().values()) == ["dead", "sent", "sent"]
    assert complaints(sink) == []


def test_when_the_server_refuses_our_sign_in_nothing_is_claimed_and_no_attempt_burned(stack, sink, follow_up):
    url = stack.environment["EMAIL_URL"]
    stack.environment["EMAIL_URL"] = url.replace("smtp://", "smtp://clinic:wrong@")
    sink.script = lambda verb, _: "535 5.7.8 bad credentials" if verb == "AUTH" else None
    drain(stack)
    assert list(Delivery.objects.values_list("state", "attempt")) == [("due", 0)]
    sink.script = lambda *_: None
    time_passes(minutes=PAUSE)
    drain(stack)
    assert (list(accepted(sink).values()), complaints(sink)) == ([1], [])


def test_a_server_that_takes_the_email_and_hangs_leaves_a_doubt_and_no_second_email(stack, sink, follow_up):
    due_follow_ups(2, now=datetime.now(UTC), recipient="other{}@mail.example")
    sink.script = lambda verb, _: HANG if verb == "DOT" else None
    worker = stack.start("hanging", "manage.py", "send_due")
    sink.wait_for(lambda notes: len(notes.mails) == 1)
    worker.kill()
    worker.wait()
    sink.script = lambda *_: None
    come_to_rest(stack)
    assert sorted(states().values()) == ["sent", "sent", "uncertain"]
    assert complaints(sink) == []


def test_what_redis_forgets_the_database_remembers(stack, sink, follow_up):
    stack.worker()
    wait_until(lambda: "sent" in states().values())
    due_follow_ups(3, now=datetime.now(UTC), recipient="other{}@mail.example")
    stack.broker.flushdb()
    stack.beat()
    wait_until(lambda: list(states().values()) == ["sent"] * 4)
    assert complaints(sink) == []


@pytest.mark.parametrize(("bug", "stop"), [("send-then-mark", "body"), ("mark-first", "handoff"), ("no-fence", "body")])
def test_the_suite_notices_a_worker_with_a_known_bug(stack, sink, follow_up, bug, stop):
    worker = stopped(stack, stop, bug)
    if bug == "no-fence":
        time_passes(minutes=LEASE)
        drain(stack)
        go_on(worker)
    else:
        kill(worker)
        time_passes(minutes=LEASE)
        come_to_rest(stack)
    assert complaints(sink) != []
