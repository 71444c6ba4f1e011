"""Several emails at once, each over a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from counseling.transport import Envelope, Outcome, Verdict
from counseling.transport import smtp as transport_module
from tests.counseling.transport.letters import Permission, letter
from tests.smtp_sink import CUT, HANG, Conversation

ACCEPTED = Outcome(Verdict.ACCEPTED, 250)
THREE = [UUID(int=number) for number in (1, 2, 3)]


def group(keys: list[UUID] = THREE) -> dict[UUID, Envelope]:
    return {key: letter(recipient=f"client{key.int}@mail.example") for key in keys}


def to_second(verb: str, reply: str) -> Callable[[str, Conversation], str | None]:
    """The script that treats the second client's email otherwise."""
    return lambda said, talk: reply if said == verb and talk.recipient.startswith("client2") else None


def test_each_email_has_a_connection_of_its_own_and_leave_is_asked_once_for_all(connect):
    sink, transport = connect()
    permission = Permission(at_handoff=[lambda: seen.append(len(sink.mails))])
    seen: list[int] = []
    assert transport.open(3) == 3
    assert transport.send(group(), permission) == dict.fromkeys(THREE, ACCEPTED)
    assert (seen, [sorted(asked) for asked in permission.asked]) == ([0], [THREE])
    assert {mail.connection for mail in sink.mails} == {1, 2, 3}


def test_the_connections_serve_the_next_group(connect):
    sink, transport = connect()
    for _ in range(3):
        transport.open(3)
        transport.send(group(), Permission())
    assert len(sink.mails) == 9
    assert {mail.connection for mail in sink.mails} == {1, 2, 3}


@pytest.mark.parametrize(
    ("verb", "reply", "outcome"),
    [
        ("RCPT", "550 5.1.1 no such mailbox", Outcome(Verdict.REFUSED, 550)),
        ("DATA", CUT, Outcome(Verdict.LOST)),
        ("DATA", "421 4.3.2 closing", Outcome(Verdict.DEFERRED, 421)),
        ("DOT", "552 5.2.2 mailbox full", Outcome(Verdict.REFUSED, 552)),
        ("DOT", CUT, Outcome(Verdict.UNKNOWN)),
    ],
)
def test_what_befalls_one_email_is_nothing_to_the_others(connect, verb, reply, outcome):
    _, transport = connect(to_second(verb, reply))
    transport.open(3)
    assert transport.send(group(), Permission()) == {THREE[0]: ACCEPTED, THREE[1]: outcome, THREE[2]: ACCEPTED}


def test_who_gets_no_leave_is_hung_up_on_and_the_others_are_sent(connect):
    sink, transport = connect()
    transport.open(3)
    outcomes = transport.send(group(), Permission({THREE[1]}))
    assert outcomes == {THREE[0]: ACCEPTED, THREE[1]: Outcome(Verdict.WITHHELD), THREE[2]: ACCEPTED}
    sink.wait_for(lambda notes: notes.abandoned == ["client2@mail.example"])
    assert sorted(mail.recipient for mail in sink.mails) == ["client1@mail.example", "client3@mail.example"]


def test_when_asking_for_leave_fails_nothing_of_the_group_arrives(connect):
    def fail() -> None:
        raise LookupError("the database is gone")

    sink, transport = connect()
    transport.open(3)
    with pytest.raises(LookupError):
        transport.send(group(), Permission(at_handoff=[fail]))
    sink.wait_for(lambda notes: len(notes.abandoned) == 3)
    assert sink.mails == []


def test_a_silent_connection_holds_up_nobody_else(connect, monkeypatch):
    monkeypatch.setattr(transport_module, "SOON", 0.2)
    sink, transport = connect(to_second("DOT", HANG))
    transport.open(3)
    assert transport.send(group(), Permission()) == {THREE[0]: ACCEPTED, THREE[2]: ACCEPTED}
    others = [UUID(int=4), UUID(int=5)]
    assert transport.open(2) == 2
    assert transport.send(group(others), Permission()) == dict.fromkeys(others, ACCEPTED)
    assert {mail.connection for mail in sink.mails} == {1, 2, 3}


def test_an_answer_that_takes_long_is_waited_for_and_told_once(connect, monkeypatch):
    monkeypatch.setattr(transport_module, "SOON", 0.0)
    _, transport = connect()
    transport.open(3)
    known = transport.send(group(), Permission())
    while heard := transport.wait():
        assert not known.keys() & heard.keys()
        known |= heard
    assert known == dict.fromkeys(THREE, ACCEPTED)


def test_silence_is_waited_for_until_its_deadline(connect, monkeypatch):
    monkeypatch.setattr(transport_module, "SOON", 0.1)
    _, transport = connect(to_second("DOT", HANG), patience=0.5)
    transport.open(3)
    assert THREE[1] not in transport.send(group(), Permission())
    assert transport.wait() == {THREE[1]: Outcome(Verdict.UNKNOWN)}
    assert transport.wait() == {}


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO"])
def test_a_server_that_lets_in_fewer_connections_is_content_with_those(connect, verb):
    crowded = {"CONNECT": "421 4.7.0 too many connections", "EHLO": CUT}[verb]
    sink, transport = connect(lambda said, talk: crowded if said == verb and talk.number > 2 else None)
    assert [transport.open(16), transport.open(16)] == [2, 2]
    assert transport.send(group(THREE[:2]), Permission()) == dict.fromkeys(THREE[:2], ACCEPTED)
    assert sink.greet().number == 4  # it was asked for a third connection once


def test_no_more_connections_are_opened_than_wanted_or_allowed(connect):
    _, transport = connect()
    assert [transport.open(1), transport.open(16), transport.open(400)] == [1, 16, 16]


def test_a_server_that_waits_for_a_message_it_refused_an_address_for_gets_none(connect):
    sink, transport = connect(
        lambda verb, _: {"RCPT": "550 5.1.1 no such mailbox", "DATA": "354 go on"}.get(verb),
    )
    transport.open(3)
    assert transport.send(group(), Permission()) == dict.fromkeys(THREE, Outcome(Verdict.REFUSED, 550))
    transport.open(1)
    assert sink.mails == []
