from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings

from config.mailers import mail_settings
from counseling.enums import MailTrouble
from counseling.models import Delivery, MailCircuit
from counseling.outbox.circuit import LONGEST, Breaker, Leave, pause_after
from counseling.outbox.claiming import claim_due
from counseling.outbox.drain import drain
from counseling.outbox.sending import Ending
from counseling.transport import Outcome, TransportUnavailable, Verdict
from tests.counseling.outbox.mailing import HOUR, MORNING, counted_queries, queued
from tests.smtp_sink import Conversation, running_sink

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
ACCEPTED, REFUSED = Outcome(Verdict.ACCEPTED, 250), Outcome(Verdict.SETUP_REFUSED, 535)


def breaker(name: str = "one", *, now=MORNING) -> Breaker:
    """A worker that has just asked."""
    worker = Breaker(name)
    worker.ask(now=now)
    return worker


def opened(*, now=MORNING) -> MailCircuit:
    breaker(now=now).hear([REFUSED], now=now)
    return MailCircuit.objects.get()


def test_nothing_stands_in_the_way_at_first():
    with counted_queries() as queries:
        worker = breaker()
        worker.hear([ACCEPTED], now=MORNING)
    assert (worker.ask(now=MORNING), worker.is_probing, len(queries)) == (Leave.SEND, False, 1)


def test_a_refusal_of_our_setup_opens_it_at_once_and_says_what_was_refused():
    circuit = opened()
    assert (circuit.trouble, circuit.code, circuit.failing_since) == (MailTrouble.SETUP_REFUSED, 535, MORNING)
    assert circuit.retry_at == MORNING + timedelta(seconds=30)
    assert breaker("two").ask(now=MORNING + timedelta(seconds=29)) == Leave.WAIT


def test_one_worker_gets_to_probe_and_the_others_wait_for_it():
    now = opened().retry_at
    assert [Breaker(name).ask(now=now) for name in ("two", "three", "four")] == [Leave.PROBE, Leave.WAIT, Leave.WAIT]


def test_two_that_saw_the_pause_end_at_the_same_moment_do_not_both_probe(monkeypatch):
    now = opened().retry_at
    seen = MailCircuit.objects.get()
    assert Breaker("two").ask(now=now) == Leave.PROBE
    monkeypatch.setattr(MailCircuit.objects, "filter", _sees_first(seen))
    assert Breaker("three").ask(now=now) == Leave.WAIT


def _sees_first(stale: MailCircuit):
    look = MailCircuit.objects.get_queryset().filter

    def filtered(**facts):
        rows = look(**facts)
        if "retry_at" not in facts:
            rows.first = lambda: stale
        return rows

    return filtered


def test_a_probe_that_is_answered_closes_it():
    now = opened().retry_at
    prober = breaker("two", now=now)
    prober.hear([Outcome(Verdict.DEFERRED, 451)], now=now)
    assert prober.is_probing is False
    assert Breaker("three").ask(now=now) == Leave.SEND
    circuit = MailCircuit.objects.get()
    assert (circuit.failures, circuit.failing_since, circuit.trouble, circuit.code) == (0, None, "", None)


def test_a_probe_that_fails_makes_the_pause_longer_and_keeps_since_when():
    now, pauses = MORNING, []
    circuit = opened()
    for number in range(6):
        now = circuit.retry_at
        breaker(f"worker {number}", now=now).hear([REFUSED], now=now)
        circuit.refresh_from_db()
        pauses.append((circuit.retry_at - now).total_seconds())
    assert pauses == [60, 120, 240, 480, 600, 600]
    assert circuit.failing_since == MORNING


def test_a_prober_that_dies_holds_nobody_up_for_longer_than_a_failed_one():
    now = opened().retry_at
    assert breaker("two", now=now).is_probing
    assert Breaker("three").ask(now=now + MINUTE) == Leave.PROBE


def test_stragglers_neither_close_nor_prolong_it():
    worker = breaker("straggler")
    before = opened()
    worker.hear([ACCEPTED], now=MORNING)
    worker.hear([REFUSED], now=MORNING)
    after = MailCircuit.objects.get()
    assert (after.retry_at, after.failures) == (before.retry_at, 1)


def test_a_server_out_of_reach_has_to_stay_so_before_the_circuit_opens():
    leaves = []
    for minute in range(4):
        worker = Breaker("one")
        leaves.append(worker.ask(now=MORNING + minute * MINUTE))
        worker.hear_nothing(TransportUnavailable("no"), now=MORNING + minute * MINUTE)
    assert leaves == [Leave.SEND, Leave.SEND, Leave.SEND, Leave.WAIT]
    assert MailCircuit.objects.get().trouble == "unreachable"


def test_many_workers_that_are_not_let_in_do_not_open_it_while_another_is():
    for minute in range(10):
        now = MORNING + minute * MINUTE
        breaker("lucky", now=now).hear([ACCEPTED], now=now)
        for name in ("two", "three", "four"):
            breaker(name, now=now).hear_nothing(TransportUnavailable("full", code=421), now=now)
    assert MailCircuit.objects.get().opened_at is None


def test_where_others_are_accepted_it_is_not_our_setup_that_offends():
    worker = breaker()
    worker.hear([ACCEPTED, Outcome(Verdict.SETUP_REFUSED, 550)], now=MORNING)
    assert not MailCircuit.objects.exists()
    worker.hear([Outcome(Verdict.REFUSED, 550), Outcome(Verdict.SETUP_REFUSED, 550)], now=MORNING)
    assert MailCircuit.objects.get().opened_at == MORNING


def test_a_refused_sign_in_is_our_setup():
    breaker().hear_nothing(TransportUnavailable("no", code=535), now=MORNING)
    circuit = MailCircuit.objects.get()
    assert (circuit.trouble, circuit.code, circuit.opened_at) == ("setup_refused", 535, MORNING)


def test_repeated_silence_opens_it_too():
    for minute in range(3):
        breaker(now=MORNING + minute * MINUTE).hear([Outcome(Verdict.UNKNOWN)], now=MORNING + minute * MINUTE)
    assert MailCircuit.objects.get().trouble == "silent"


def test_while_it_is_open_only_the_prober_gets_an_email_to_send():
    queued()
    opened()
    assert claim_due("two", now=MORNING + HOUR, limit=5) == []
    assert len(claim_due("two", now=MORNING + HOUR, limit=1, probing=True)) == 1


def test_the_pause_has_an_end():
    assert [pause_after(failures) for failures in (0, 1, 60)] == [timedelta(seconds=30)] * 2 + [LONGEST]


# --- With a mail server ---------------------------------------------------------------------------


def test_a_server_that_refuses_our_sender_is_asked_once_a_pause_until_it_takes_emails_again(caplog):
    answers = {"MAIL": "553 5.1.8 not you"}

    def script(verb: str, _conversation: Conversation) -> str | None:
        return answers.get(verb)

    caplog.set_level("ERROR", "counseling")
    for _ in range(5):
        queued()
    with running_sink(script) as sink, override_settings(**mail_settings(host="127.0.0.1", port=sink.port)):

        def tick(minutes: float) -> Ending:
            return drain(clock=lambda: MORNING + minutes * MINUTE).ending

        endings = [tick(minutes) for minutes in (0, 0.1, 0.2, 0.6, 0.7, 1, 1.2)]
        assert (set(endings), sink.notes.verbs.count("MAIL"), sink.mails) == ({Ending.STOPPED}, 2, [])
        assert set(Delivery.objects.values_list("state", "attempt")) == {("due", 0)}
        assert [record.levelname for record in caplog.records if "553" in record.message] == ["ERROR"] * 2
        answers.clear()
        assert tick(10) == Ending.EMPTY
        assert len({mail.message_id for mail in sink.mails}) == 5


def test_a_server_that_refuses_the_sign_in_is_not_bothered_by_every_tick():
    def script(verb: str, _conversation: Conversation) -> str | None:
        return "535 5.7.8 bad credentials" if verb == "AUTH" else None

    queued()
    options = {"host": "127.0.0.1", "username": "us", "password": "wrong"}
    with running_sink(script) as sink, override_settings(**mail_settings(port=sink.port, **options)):
        for seconds in (0, 5, 10, 15):
            drain(clock=lambda seconds=seconds: MORNING + timedelta(seconds=seconds))
        assert sink.notes.verbs.count("AUTH") == 1
    circuit = MailCircuit.objects.get()
    assert (circuit.trouble, circuit.code) == ("setup_refused", 535)
