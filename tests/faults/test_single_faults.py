"""One fault at a time, at an exact point of sending one email."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from threading import Event

import pytest

from counseling.actions.deliveries import resend_delivery
from counseling.models import Client, Clinic, Delivery, FollowUp
from tests.faults.oracle import accepted, complaints, states, time_passes
from tests.faults.scenes import HANDOFF, LEASE, come_to_rest, withdraw
from tests.load import due_follow_ups
from tests.smtp_sink import HANG, Conversation
from tests.stack import PATIENCE

PAUSE = 1  # minute, longer than a server that refused us is left alone at first


@pytest.fixture
def follow_up() -> FollowUp:
    return due_follow_ups(1, now=datetime.now(UTC))[0]


def test_a_lease_that_runs_is_respected_and_one_that_ran_out_taken_over(nursery, sink, follow_up):
    nursery.kill(nursery.stopped_at("body"))
    sink.wait_for(lambda notes: len(notes.abandoned) == 1)
    nursery.drain()
    assert set(states().values()) == {"claimed"}
    time_passes(minutes=LEASE)
    nursery.drain()
    assert (list(accepted(sink).values()), complaints(sink)) == ([1], [])


def test_nobody_reclaims_a_handoff_and_a_person_may_send_it_again(nursery, sink, follow_up):
    nursery.kill(nursery.stopped_at("hand_over:after"))
    time_passes(minutes=LEASE)
    nursery.drain()
    assert set(states().values()) == {"handoff"}
    come_to_rest(nursery)
    assert (sink.mails, set(states().values())) == ([], {"uncertain"})
    resend_delivery(Delivery.objects.get(), by=follow_up.enrollment.started_by, now=datetime.now(UTC))
    nursery.drain()
    assert (list(accepted(sink).values()), complaints(sink)) == ([1], [])


@pytest.mark.parametrize("failpoint", ["claim_due:after", "body"])
def test_a_worker_that_sleeps_past_its_lease_does_not_send_what_another_has_sent(nursery, sink, follow_up, failpoint):
    sleeper = nursery.stopped_at(failpoint)
    time_passes(minutes=LEASE)
    nursery.drain()
    nursery.finish(sleeper)
    come_to_rest(nursery)
    assert (list(accepted(sink).values()), complaints(sink)) == ([1], [])


def test_a_worker_that_sleeps_past_the_sweep_leaves_no_second_email(nursery, sink, follow_up):
    sleeper = nursery.stopped_at("hand_over:after")
    time_passes(minutes=HANDOFF)
    nursery.drain()
    assert set(states().values()) == {"uncertain"}
    nursery.finish(sleeper)
    assert (list(accepted(sink).values()), set(states().values())) == ([1], {"sent"})
    assert complaints(sink) == []


@pytest.mark.parametrize("hours", [1, -1])
def test_a_worker_with_a_wrong_clock_sends_nothing_early_and_steals_nothing(nursery, sink, follow_up, hours):
    in_half_an_hour = datetime.now(UTC) + timedelta(minutes=30)
    later = due_follow_ups(1, now=datetime.now(UTC), recipient="later{}@mail.example", due_at=lambda _: in_half_an_hour)
    owner = nursery.stopped_at("body")
    nursery.drain(hours=hours)
    assert set(states().values()) == {"claimed"}, "the owner's lease runs by the database's clock"
    nursery.finish(owner)
    due_follow_ups(2, now=datetime.now(UTC), recipient="other{}@mail.example")
    nursery.drain(hours=hours)
    assert sorted(mail.recipient for mail in sink.mails) == [
        "client0@mail.example",
        "other0@mail.example",
        "other1@mail.example",
    ]
    assert not Delivery.objects.filter(follow_up=later[0]).exists()
    skew = [abs((row.accepted_at - datetime.now(UTC)).total_seconds()) for row in Delivery.objects.all()]
    assert max(skew) < 30 * 60
    assert complaints(sink) == []


def test_consent_withdrawn_after_the_claim_keeps_the_email_from_leaving(nursery, sink, follow_up):
    worker = nursery.stopped_at("body")
    withdraw(follow_up)
    nursery.finish(worker)
    follow_up.refresh_from_db()
    assert (sink.mails, len(sink.notes.abandoned)) == ([], 1)
    assert (set(states().values()), follow_up.status, follow_up.end_reason) == ({"cancelled"}, "skipped", "no_consent")


def test_a_worker_that_sleeps_within_the_handoff_holds_up_no_revocation(nursery, sink, follow_up):
    sleeper = nursery.stopped_at("hand_over:before", conf={"LEASE_SECONDS": 2})
    withdraw(follow_up)  # waits for the database to let go of the consent
    nursery.finish(sleeper)
    come_to_rest(nursery)
    assert (sink.mails, set(states().values()), complaints(sink)) == ([], {"cancelled"}, [])


def test_a_night_that_begins_after_the_claim_keeps_the_email_until_the_morning(nursery, sink, follow_up):
    Clinic.objects.update(quiet_from=time(21), quiet_until=time(8))
    Client.objects.update(time_zone=_zone_at(hour=12))
    worker = nursery.stopped_at("body")
    Client.objects.update(time_zone=_zone_at(hour=2))
    now = datetime.now(UTC)
    nursery.finish(worker)
    nursery.drain()
    assert (sink.mails, set(states().values())) == ([], {"due"})
    assert timedelta(hours=4) < Delivery.objects.get().next_at - now < timedelta(hours=8)


def _zone_at(*, hour: int) -> str:
    """A time zone in which it is about that hour now."""
    offset = (hour - datetime.now(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-offset:+d}"


def test_an_email_deferred_by_the_server_is_sent_later(nursery, sink, follow_up):
    sink.script = lambda verb, _: "451 4.3.0 later" if verb == "RCPT" else None
    nursery.drain()
    assert (sink.mails, set(states().values())) == ([], {"due"})
    sink.script = lambda *_: None
    time_passes(minutes=LEASE)
    nursery.drain()
    assert (list(accepted(sink).values()), complaints(sink)) == ([1], [])


def test_a_mailbox_that_does_not_exist_is_dead_and_the_others_are_sent(nursery, sink, follow_up):
    due_follow_ups(2, now=datetime.now(UTC), recipient="other{}@mail.example")

    def never(verb: str, conversation: Conversation) -> str | None:
        wrong = verb == "RCPT" and conversation.recipient.startswith("client")
        return "550 5.1.1 no such mailbox" if wrong else None

    sink.script = never
    nursery.drain()
    assert sorted(states().values()) == ["dead", "sent", "sent"]
    assert complaints(sink) == []


def test_when_the_server_refuses_our_sign_in_nothing_is_claimed_and_no_attempt_burned(stack, nursery, sink, follow_up):
    url = stack.environment["EMAIL_URL"]
    stack.environment["EMAIL_URL"] = url.replace("smtp://", "smtp://clinic:wrong@")
    sink.script = lambda verb, _: "535 5.7.8 bad credentials" if verb == "AUTH" else None
    stack.run("manage.py", "send_due")
    assert list(Delivery.objects.values_list("state", "attempt")) == [("due", 0)]
    sink.script = lambda *_: None
    time_passes(minutes=PAUSE)
    nursery.drain()
    assert (list(accepted(sink).values()), complaints(sink)) == ([1], [])


def test_a_server_that_takes_the_email_and_hangs_leaves_a_doubt_and_no_second_email(nursery, sink, follow_up):
    due_follow_ups(2, now=datetime.now(UTC), recipient="other{}@mail.example")
    sink.script = lambda verb, _: HANG if verb == "DOT" else None
    worker = nursery.start()
    sink.wait_for(lambda notes: len(notes.mails) == 1)
    nursery.kill(worker)
    sink.script = lambda *_: None
    come_to_rest(nursery)
    assert sorted(states().values()) == ["sent", "sent", "uncertain"]
    assert complaints(sink) == []


def test_a_slow_answer_holds_up_its_own_line_only(nursery, sink):
    answer = Event()

    def slowly(verb: str, conversation: Conversation) -> str | None:
        if verb == "DOT" and conversation.recipient.startswith("client5@"):
            answer.wait(PATIENCE)
        return None

    sink.script = slowly
    now = datetime.now(UTC)
    due_follow_ups(20, now=now, due_at=lambda number: now - timedelta(minutes=30 - number))
    worker = nursery.start()
    sink.wait_for(lambda notes: len(notes.mails) == 19, seconds=PATIENCE)
    answer.set()
    nursery.wait_for_end(worker)
    assert (set(states().values()), complaints(sink)) == ({"sent"}, [])


def test_a_connection_cut_in_the_middle_of_an_email_leaves_nothing_sent_twice(nursery, sink, smtp_proxy, follow_up):
    smtp_proxy.cut_after = 1500
    nursery.drain()
    smtp_proxy.cut_after = None
    assert sink.mails == []
    come_to_rest(nursery)
    assert complaints(sink) == []
    assert set(states().values()) <= {"sent", "uncertain"}


def test_a_poison_template_holds_up_nobody_and_expires(nursery, sink, follow_up):
    soon = datetime.now(UTC) + timedelta(minutes=10)
    due_follow_ups(1, now=datetime.now(UTC), recipient="poison{}@mail.example", sender_name="\a", expires_at=soon)
    nursery.drain()
    assert sorted(states().values()) == ["due", "sent"]
    FollowUp.objects.filter(expires_at=soon).update(expires_at=datetime.now(UTC))
    nursery.drain()
    assert sorted(states().values()) == ["expired", "sent"]
    assert complaints(sink) == []


def test_an_email_that_kills_its_workers_does_not_take_the_others_down(nursery, sink):
    """Tried again after a pause that is longer each time and never the same for two, they part ways."""
    due_follow_ups(1, now=datetime.now(UTC), recipient="poison{}@mail.example")
    due_follow_ups(20, now=datetime.now(UTC), recipient="other{}@mail.example")
    for _ in range(30):
        nursery.drain(poison="poison")
        time_passes(minutes=2)
        if len(sink.mails) == 20:
            break
    assert Counter(mail.recipient[:5] for mail in sink.mails) == {"other": 20}


def test_a_large_backlog_drains_and_everybody_gets_one_email(nursery, sink):
    due_follow_ups(2_000, now=datetime.now(UTC))
    workers = [nursery.start() for _ in range(2)]
    for worker in workers:
        nursery.wait_for_end(worker)
    assert (len({mail.recipient for mail in sink.mails}), len(sink.mails)) == (2_000, 2_000)
    assert complaints(sink) == []
