from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.exceptions import InvalidInput
from counseling.transport import Verdict
from counseling.transport.message import django_message, find_unroutable, route_address, wire_form
from tests.counseling.transport.letters import HEADERS, letter


def received(wire: bytes) -> bytes:
    """What a server makes of the bytes before the dot."""
    return wire.replace(b"\r\n..", b"\r\n.")


def test_the_message_on_the_wire_has_every_header_and_both_bodies():
    message = message_from_bytes(received(wire_form(letter(subject="Unas preguntas ¿sí?"))), policy=policy.default)
    assert str(message["From"]) == "Harbor office <follow-up@clinic.example>"
    assert str(message["To"]) == "ada@mail.example"
    assert str(message["Subject"]) == "Unas preguntas ¿sí?"
    assert {name: str(message[name]) for name in HEADERS} == HEADERS
    assert message.get_body(["plain"]).get_content() == "Hello,\r\n.a line with a dot\r\n"
    assert message.get_body(["html"]).get_content() == "<p>Hello</p>"


def test_a_long_unsubscribe_address_is_left_as_mail_programs_read_it():
    assert f"\r\nList-Unsubscribe: {HEADERS['List-Unsubscribe']}\r\n".encode() in wire_form(letter())


def test_no_backend_folds_a_long_unsubscribe_address_into_an_encoded_word():
    raw = django_message(letter()).message().as_bytes()
    assert HEADERS["List-Unsubscribe"].encode() in raw


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200))
def test_the_wire_form_never_holds_a_bare_dot_line_nor_a_bare_line_end(text):
    wire = wire_form(letter(text=text))
    lines = wire.split(b"\r\n")
    assert lines[-1] == b""
    assert b"." not in lines
    assert not any(b"\r" in line or b"\n" in line or max(line, default=0) > 127 for line in lines)


@pytest.mark.parametrize(
    ("address", "route"),
    [("ada@mail.example", "ada@mail.example"), ("ada@büro.example", "ada@xn--bro-hoa.example")],
)
def test_an_international_domain_is_routed_in_ascii(address, route):
    assert route_address(address) == route


@pytest.mark.parametrize(
    "address", ["", "ada", "@mail.example", "ädä@mail.example", "ada@mail.example\r\nRCPT TO:<x@y>"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(InvalidInput, match="email"):
        route_address(address)


def test_an_unroutable_recipient_is_theirs_an_unroutable_sender_ours():
    assert find_unroutable(letter()) is None
    assert find_unroutable(letter(recipient="ädä@mail.example")).verdict == Verdict.REFUSED
    assert find_unroutable(letter(sender="nobody")).verdict == Verdict.SETUP_REFUSED


def test_an_envelope_shows_nobody_in_logs():
    assert "ada@" not in repr(letter())


@pytest.mark.parametrize(
    "changes",
    [{"sender_name": "a\r\nBcc: b"}, {"subject": "a\nb"}, {"headers": {"Reply-To": "a\rb"}}, {"headers": {"X": "ñ"}}],
)
def test_no_header_can_smuggle_in_another(changes):
    with pytest.raises(InvalidInput, match="headers"):
        letter(**changes)
