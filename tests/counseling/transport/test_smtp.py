from __future__ import annotations

import select
import socket
from collections.abc import Callable

import pytest

from counseling.transport import Envelope, Outcome, Transport, TransportUnavailable, Verdict
from counseling.transport.line import Line
from tests.counseling.transport.letters import ONE, Permission, letter, send
from tests.smtp_sink import CUT, HANG, Conversation

Script = Callable[[str, Conversation], str | None]


def replies(**by_verb: str) -> Script:
    """Every time the verb comes up."""
    return lambda verb, _: by_verb.get(verb)


def first_reply(verb: str, reply: str) -> Script:
    """The first time only."""
    left = [reply]
    return lambda said, _: left.pop() if said == verb and left else None


def extensions(transport: Transport) -> set[str]:
    return set(transport._idle[0]._smtp.esmtp_features)


def post(transport: Transport, envelope: Envelope, permission: Permission) -> Outcome | None:
    """Send one email by itself, over a connection that is open."""
    transport.open(1)
    return send(transport, envelope, permission)


def test_a_message_arrives_as_it_was_written(connect):
    sink, transport = connect()
    assert post(transport, letter(), Permission()) == Outcome(Verdict.ACCEPTED, 250)
    (mail,) = sink.mails
    assert (mail.sender, mail.recipient) == ("follow-up@clinic.example", "ada@mail.example")
    assert mail.message_id == "<one@clinic.example>"
    assert mail.message.get_body(["plain"]).get_content() == "Hello,\r\n.a line with a dot\r\n"


def test_leave_is_asked_when_all_but_the_dot_was_sent(connect):
    sink, transport = connect()
    permission = Permission()
    permission.at_handoff.append(lambda: sink.wait_for(lambda notes: notes.verbs[-1] == "DATA"))
    permission.at_handoff.append(lambda: seen.append(len(sink.mails)))
    seen: list[int] = []
    post(transport, letter(), permission)
    assert (seen, permission.asked, len(sink.mails)) == ([0], [[ONE]], 1)


def test_progress_is_told_between_the_steps(connect):
    _, transport = connect()
    permission = Permission()
    post(transport, letter(), permission)
    assert permission.kept == len({"MAIL", "RCPT", "DATA"} if "pipelining" not in extensions(transport) else {"all"})


def test_many_messages_share_one_connection_without_delays(connect):
    sink, transport = connect()
    transport.open(1)
    for number in range(3):
        post(transport, letter(recipient=f"client{number}@mail.example"), Permission())
    assert {mail.connection for mail in sink.mails} == {1}
    assert transport._idle[0].socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_a_connection_that_broke_before_the_dot_is_known_to_be_lost(connect, monkeypatch):
    sink, transport = connect(replies(BODY=CUT))
    offer_body = Line.write

    def offer_and_await_the_end(line: Line) -> None:
        offer_body(line)
        ear = select.poll()
        ear.register(line.socket, select.POLLIN)
        assert ear.poll(10_000)

    monkeypatch.setattr(Line, "write", offer_and_await_the_end)
    permission = Permission()
    assert post(transport, letter(), permission) == Outcome(Verdict.LOST)
    assert (permission.asked, sink.mails) == ([], [])


def test_without_leave_the_connection_is_cut_and_nothing_arrives(connect):
    sink, transport = connect()
    assert post(transport, letter(), Permission({ONE})) == Outcome(Verdict.WITHHELD)
    sink.wait_for(lambda notes: notes.abandoned == ["ada@mail.example"])
    assert post(transport, letter(), Permission()).verdict == Verdict.ACCEPTED
    assert [mail.connection for mail in sink.mails] == [2]


def test_when_asking_for_leave_fails_nothing_arrives(connect):
    def fail() -> None:
        raise LookupError("the database is gone")

    sink, transport = connect()
    with pytest.raises(LookupError):
        post(transport, letter(), Permission(at_handoff=[fail]))
    sink.wait_for(lambda notes: len(notes.abandoned) == 1)
    assert sink.mails == []


@pytest.mark.parametrize(
    ("verb", "reply", "outcome"),
    [
        ("MAIL", "451 4.3.0 later", Outcome(Verdict.DEFERRED, 451)),
        ("MAIL", "553 5.1.8 who are you", Outcome(Verdict.SETUP_REFUSED, 553)),
        ("RCPT", "450 4.2.0 greylisted", Outcome(Verdict.DEFERRED, 450)),
        ("RCPT", "550 5.1.1 no such mailbox", Outcome(Verdict.REFUSED, 550)),
        ("RCPT", "554 5.7.1 relay access denied", Outcome(Verdict.SETUP_REFUSED, 554)),
        ("DATA", "451 4.3.0 later", Outcome(Verdict.DEFERRED, 451)),
        ("DATA", "554 no valid recipients", Outcome(Verdict.REFUSED, 554)),
    ],
)
def test_a_refusal_before_the_dot_asks_for_no_leave_and_keeps_the_connection(connect, verb, reply, outcome):
    sink, transport = connect(first_reply(verb, reply))
    permission = Permission()
    assert post(transport, letter(), permission) == outcome
    assert permission.asked == []
    assert post(transport, letter(), Permission()).verdict == Verdict.ACCEPTED
    assert [mail.connection for mail in sink.mails] == [1]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("451 4.3.0 later", Outcome(Verdict.DEFERRED, 451)),
        ("552 5.2.2 mailbox full", Outcome(Verdict.REFUSED, 552)),
        ("554 5.7.1 looks like spam", Outcome(Verdict.SETUP_REFUSED, 554)),
    ],
)
def test_a_refusal_after_the_dot_is_certain(connect, reply, outcome):
    sink, transport = connect(first_reply("DOT", reply))
    assert post(transport, letter(), Permission()) == outcome
    assert sink.mails == []
    assert post(transport, letter(), Permission()).verdict == Verdict.ACCEPTED


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", [CUT, HANG, "nonsense", "421 4.3.2 closing"])
def test_a_connection_that_breaks_before_the_dot_is_opened_anew(connect, verb, reply):
    sink, transport = connect(first_reply(verb, reply), patience=0.2 if reply == HANG else 10)
    assert post(transport, letter(), Permission()).verdict in {Verdict.LOST, Verdict.DEFERRED}
    assert post(transport, letter(), Permission()).verdict == Verdict.ACCEPTED
    assert [mail.connection for mail in sink.mails] == [2]


@pytest.mark.parametrize("reply", [CUT, HANG])
def test_silence_after_the_dot_is_unknown_even_though_it_arrived(connect, reply):
    sink, transport = connect(first_reply("DOT", reply))
    transport._answer_seconds = 0.2
    assert post(transport, letter(), Permission()) == Outcome(Verdict.UNKNOWN)
    sink.wait_for(lambda notes: len(notes.mails) == 1)


def test_nonsense_after_the_dot_is_unknown(connect):
    _, transport = connect(first_reply("DOT", "nonsense"))
    assert post(transport, letter(), Permission()) == Outcome(Verdict.UNKNOWN)


def test_a_server_that_cannot_start_over_gets_a_new_connection(connect):
    sink, transport = connect(replies(RCPT="550 5.1.1 no", RSET="500 what"))
    assert post(transport, letter(), Permission()) == Outcome(Verdict.REFUSED, 550)
    sink.script = lambda *_: None
    post(transport, letter(), Permission())
    assert [mail.connection for mail in sink.mails] == [2]


def test_an_address_that_is_none_is_not_offered(connect):
    sink, transport = connect()
    assert post(transport, letter(recipient="nobody"), Permission()) == Outcome(Verdict.REFUSED)
    assert "MAIL" not in sink.notes.verbs


@pytest.mark.parametrize("script", [replies(CONNECT="554 closed"), replies(AUTH="535 5.7.8 bad credentials")])
def test_a_server_that_does_not_let_us_in_is_unavailable(connect, script):
    sink, transport = connect(script, username="clinic", password="wrong")
    for _ in range(2):
        with pytest.raises(TransportUnavailable):
            transport.open(1)
    assert "MAIL" not in sink.notes.verbs


def test_a_server_that_is_not_there_is_unavailable(connect):
    sink, transport = connect()
    sink.server_close()
    sink.shutdown()
    with pytest.raises(TransportUnavailable):
        transport.open(1)


def test_signing_in_is_left_to_the_projects_settings(connect):
    sink, transport = connect(username="clinic", password="right")
    assert post(transport, letter(), Permission()).verdict == Verdict.ACCEPTED
    assert "AUTH" in sink.notes.verbs


def test_closing_says_goodbye_and_survives_a_dead_server(connect):
    sink, transport = connect()
    transport.open(1)
    transport.close()
    sink.wait_for(lambda notes: notes.verbs[-1] == "QUIT")
    sink.script = replies(QUIT=CUT)
    transport.open(1)
    transport.close()
    transport.close()


def test_when_the_hold_cannot_be_kept_nothing_arrives(connect, monkeypatch):
    def fail() -> None:
        raise LookupError("the database is gone")

    sink, transport = connect()
    permission = Permission()
    monkeypatch.setattr(permission, "keep", fail)
    with pytest.raises(LookupError):
        post(transport, letter(), permission)
    assert (sink.mails, permission.asked) == ([], [])


def test_a_connection_that_breaks_while_starting_over_costs_nothing_but_the_connection(connect):
    sink, transport = connect(replies(RCPT="550 5.1.1 no", RSET=CUT))
    assert post(transport, letter(), Permission()) == Outcome(Verdict.REFUSED, 550)
    sink.script = lambda *_: None
    assert post(transport, letter(), Permission()).verdict == Verdict.ACCEPTED


def test_without_a_connection_nothing_is_sent(connect):
    sink, transport = connect()
    assert send(transport, letter(), Permission()) == Outcome(Verdict.LOST)
    assert sink.mails == []


def test_a_goodbye_that_fails_hangs_up(connect, monkeypatch):
    _, transport = connect()
    transport.open(1)
    (line,) = transport._idle
    connection = line._backend.connection

    def fail() -> None:
        raise TimeoutError

    monkeypatch.setattr(line._backend, "close", fail)
    transport.close()
    assert (line.is_open, connection.sock) == (False, None)
