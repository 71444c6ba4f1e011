from __future__ import annotations

from datetime import timedelta
from time import monotonic

import pytest

from counseling.actions.consents import withdraw_consent
from counseling.enums import ConsentPurpose
from counseling.models import Delivery, FollowUp
from counseling.outbox import claiming, sending
from counseling.outbox.claiming import reclaim_expired
from counseling.outbox.sending import Ending, Lease, Sender
from counseling.transport import Outcome, TransportUnavailable, Verdict
from tests.counseling.outbox.mailing import DAY, HOUR, MORNING, ScriptedTransport, claimed, ledger, queued, single_case

pytestmark = pytest.mark.django_db


def send(transport: ScriptedTransport, *, now=MORNING, until: float | None = None) -> Ending:
    sender = Sender(transport, clock=lambda: now)
    return sender.send_due(until=monotonic() + 60 if until is None else until)


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def attempts() -> list[tuple[str, int]]:
    return list(Delivery.objects.order_by("id").values_list("state", "attempt"))


def test_everything_due_is_sent_over_several_batches(settings):
    settings.COUNSELING = {**settings.COUNSELING, "CLAIM_BATCH": 2}
    for _ in range(5):
        queued()
    transport = ScriptedTransport()
    assert send(transport) == Ending.EMPTY
    assert states() == ["sent"] * 5
    assert len({envelope.headers["Message-ID"] for envelope in transport.sent}) == 5
    assert transport.is_closed


def test_sending_again_sends_nothing():
    queued()
    transport = ScriptedTransport()
    send(transport)
    send(transport)
    assert len(transport.sent) == 1


@pytest.mark.parametrize(
    ("outcome", "state", "entry"),
    [
        (Outcome(Verdict.ACCEPTED, 250), "sent", ("accepted", "250")),
        (Outcome(Verdict.DEFERRED, 451), "due", ("deferred", "451")),
        (Outcome(Verdict.LOST), "due", ("deferred", "server_lost")),
        (Outcome(Verdict.REFUSED, 550), "dead", ("rejected", "550")),
        (Outcome(Verdict.SETUP_REFUSED, 553), "due", ("deferred", "setup_refused")),
        (Outcome(Verdict.UNKNOWN), "handoff", ("claimed", "")),
    ],
)
def test_what_the_server_says_decides_the_deliverys_state(outcome, state, entry):
    delivery = queued()
    send(ScriptedTransport(outcome))
    assert states() == [state]
    assert ledger(delivery.follow_up)[-1] == entry


def test_one_refused_recipient_does_not_stop_the_others():
    for _ in range(3):
        queued()
    assert send(ScriptedTransport(None, Outcome(Verdict.REFUSED, 550))) == Ending.EMPTY
    assert states() == ["sent", "dead", "sent"]


def test_a_server_that_cannot_be_reached_is_not_given_anything():
    queued()
    transport = ScriptedTransport(TransportUnavailable("no"))
    assert send(transport) == Ending.STOPPED
    assert attempts() == [("due", 0)]
    assert transport.is_closed


def test_a_server_that_goes_away_stops_the_work_and_burns_no_attempt_of_the_rest():
    for _ in range(3):
        queued()
    transport = ScriptedTransport(None, Outcome(Verdict.LOST), TransportUnavailable("gone"))
    assert send(transport) == Ending.STOPPED
    assert attempts() == [
        ("sent", 1),
        ("due", 1),
        ("due", 0),
    ]


def test_a_refusal_of_our_setup_opens_the_circuit_and_burns_no_attempt():
    for _ in range(3):
        queued()
    transport = ScriptedTransport(None, Outcome(Verdict.SETUP_REFUSED, 553))
    assert send(transport) == Ending.STOPPED
    assert len(transport.sent) == 1
    assert attempts() == [
        ("sent", 1),
        ("due", 0),
        ("due", 0),
    ]
    assert send(other := ScriptedTransport()) == Ending.STOPPED
    assert (other.opened, states()) == (0, ["sent", "due", "due"])


def test_once_the_pause_is_over_one_email_finds_out_and_the_rest_follow():
    for _ in range(4):
        queued()
    send(ScriptedTransport(Outcome(Verdict.SETUP_REFUSED, 535), room=4))
    Delivery.objects.filter(smtp_code=535).update(next_at=MORNING)
    transport = ScriptedTransport(room=4)
    assert send(transport, now=MORNING + HOUR) == Ending.EMPTY
    assert (transport.groups, states()) == ([1, 2, 1], ["sent"] * 4)


def test_an_email_that_alone_offends_goes_behind_the_others_and_comes_ever_more_seldom(monkeypatch):
    monkeypatch.setattr(claiming._random, "random", lambda: 1.0)
    offending = queued()
    waits = []
    now = MORNING
    for _ in range(3):
        send(ScriptedTransport(Outcome(Verdict.SETUP_REFUSED, 550)), now=now)
        row = Delivery.objects.get(pk=offending.pk)
        waits.append(row.next_at - now)
        now = row.next_at + HOUR
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4)]
    assert attempts() == [("due", 0)]


def test_an_email_that_alone_offends_does_not_stop_those_that_leave_beside_it():
    for _ in range(4):
        queued()
    transport = ScriptedTransport(None, None, Outcome(Verdict.SETUP_REFUSED, 550), room=2)
    assert send(transport) == Ending.EMPTY
    assert (transport.groups, sorted(attempts())) == ([1, 2, 1], [("due", 0), ("sent", 1), ("sent", 1), ("sent", 1)])


def test_too_many_for_a_domain_wait_and_keep_their_attempts(settings, monkeypatch):
    settings.COUNSELING = {**settings.COUNSELING, "DOMAIN_PER_MINUTE": 2}
    for number in range(5):
        queued(single_case(email=f"client{number}@mail.example", email_index="x"))
    queued(single_case(email="client@other.example", email_index="x"))
    transport = ScriptedTransport(room=4)
    assert send(transport) == Ending.EMPTY
    assert sorted(envelope.recipient.partition("@")[2] for envelope in transport.sent) == [
        "mail.example",
        "mail.example",
        "other.example",
    ]
    waiting = Delivery.objects.filter(state="due").order_by("next_at")
    assert set(waiting.values_list("attempt", flat=True)) == {0}
    assert list(waiting.values_list("next_at", flat=True)) == [
        MORNING + timedelta(seconds=seconds) for seconds in (62, 93, 124)
    ]


def test_a_worker_waits_for_what_is_back_in_moments(settings, monkeypatch):
    settings.COUNSELING = {**settings.COUNSELING, "DOMAIN_PER_MINUTE": 1}
    clock = [MORNING]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += timedelta(seconds=seconds)

    monkeypatch.setattr(sending, "sleep", sleep)
    for number in range(2):
        queued(single_case(email=f"client{number}@mail.example", email_index="x"))
    Delivery.objects.order_by("id").first()
    sender = Sender(first := ScriptedTransport(), clock=lambda: clock[0])
    assert (sender.send_due(until=monotonic() + 60), len(first.sent), slept) == (Ending.EMPTY, 1, [])
    clock[0] += timedelta(seconds=55)
    Delivery.objects.filter(state="due").update(next_at=clock[0])
    sender = Sender(second := ScriptedTransport(), clock=lambda: clock[0])
    assert sender.send_due(until=monotonic() + 60) == Ending.EMPTY
    assert (len(second.sent), slept) == (1, [7.0])


def test_silence_stops_the_work_so_that_one_server_leaves_one_doubt():
    for _ in range(3):
        queued()
    assert send(ScriptedTransport(Outcome(Verdict.UNKNOWN))) == Ending.STOPPED
    assert attempts() == [
        ("handoff", 1),
        ("due", 0),
        ("due", 0),
    ]


def test_consent_withdrawn_while_the_email_is_on_its_way_keeps_it_from_being_sent():
    delivery = queued()
    transport = ScriptedTransport()
    client = delivery.follow_up.client
    transport.before_handoff.append(
        lambda: withdraw_consent(client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=MORNING)
    )
    assert send(transport) == Ending.EMPTY
    assert transport.sent == []
    assert (states(), FollowUp.objects.get(pk=delivery.follow_up_id).status) == (["cancelled"], "skipped")


def test_a_claim_lost_while_the_email_is_on_its_way_keeps_it_from_being_sent():
    queued()
    transport = ScriptedTransport()
    transport.before_handoff.append(lambda: reclaim_expired(now=MORNING + HOUR))
    send(transport)
    assert (transport.sent, states()) == ([], ["due"])


def test_what_stands_against_sending_is_seen_before_the_server_is_bothered():
    queued()
    FollowUp.objects.update(status="cancelled", ended_at=MORNING)
    transport = ScriptedTransport()
    send(transport)
    assert (transport.sent, transport.groups, states()) == ([], [], ["cancelled"])


def test_an_email_that_cannot_be_written_holds_up_nobody_else(monkeypatch, caplog):
    poisoned, _ = queued(), queued()
    write = sending.write_envelope

    def write_or_fail(delivery, *, now):
        if delivery.pk == poisoned.pk:
            raise LookupError("no such template")
        return write(delivery, now=now)

    monkeypatch.setattr(sending, "write_envelope", write_or_fail)
    assert send(ScriptedTransport()) == Ending.EMPTY
    assert states() == ["due", "sent"]
    assert ledger(poisoned.follow_up)[-1] == ("deferred", "unwritable")


def test_when_time_is_up_the_rest_is_put_back(monkeypatch):
    for _ in range(3):
        queued()
    ticks = iter([0.0, 0.0, 0.0, 0.0, 11.0, 11.0, 11.0])
    monkeypatch.setattr(sending, "monotonic", lambda: next(ticks, 11.0))
    assert send(ScriptedTransport(), until=10.0) == Ending.TIME_UP
    assert attempts() == [
        ("sent", 1),
        ("due", 0),
        ("due", 0),
    ]


def test_a_crash_between_handoff_and_answer_leaves_a_handoff_and_no_second_email():
    queued()
    with pytest.raises(SystemExit):
        send(ScriptedTransport(SystemExit()))
    assert states() == ["handoff"]
    transport = ScriptedTransport()
    send(transport, now=MORNING + DAY)
    assert transport.sent == []


def test_a_lease_is_renewed_when_a_third_of_it_has_passed(monkeypatch):
    claimed()
    moments = iter([0.0, 19.0, 21.0, 21.0, 40.0])
    monkeypatch.setattr(sending, "monotonic", lambda: next(moments))
    lease = Lease("worker", clock=lambda: MORNING + HOUR)
    lease.keep()
    assert Delivery.objects.get().lease_until == MORNING + timedelta(seconds=60)
    lease.keep()
    assert Delivery.objects.get().lease_until == MORNING + HOUR + timedelta(seconds=60)
    lease.keep()
