"""One connection to an SMTP server, and the one email it is busy with.

Every step is split into speaking and listening, so that a group of emails can go through it side by side, each over a
line of its own. Where the server offers PIPELINING (RFC 2920), the envelope is one step instead of three.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from functools import wraps
from typing import Protocol

from counseling.transport.base import Envelope, Outcome, Verdict
from counseling.transport.message import route_address, wire_form
from counseling.transport.replies import CLOSING, read_refusal

DOT = b".\r\n"
ACCEPTED = range(200, 300)
GO_ON = 354


class SmtpBackend(Protocol):
    """The part of Django's SMTP backend that knows how to connect, encrypt and sign in."""

    connection: smtplib.SMTP | None

    def open(self) -> bool | None: ...

    def close(self) -> None: ...


def _step(step: Callable[[Line], None]) -> Callable[[Line], None]:
    """A step before the dot: skipped once the outcome is known, and lost with a connection that breaks or is silent."""

    @wraps(step)
    def run(line: Line) -> None:
        if line.outcome is not None:
            return
        try:
            step(line)
        except OSError:
            line.lose()

    return run


class Line:
    """``outcome`` is what became of the email at hand, None until it is known.

    A connection that fails is dropped without a word, so that nothing offered is taken for finished. Each step may
    take ``step_seconds``.
    """

    def __init__(self, backend: SmtpBackend, *, step_seconds: float) -> None:
        self.outcome: Outcome | None = None
        self._backend = backend
        self._step_seconds = step_seconds
        self._body = b""
        self._unsaid: list[str] = []
        self._said: list[str] = []

    @property
    def is_open(self) -> bool:
        return self._backend.connection is not None

    def open(self) -> None:
        """Connect, greet, and have the body and the dot leave at once each: held back, they take turns with delayed
        ACKs. Raises `OSError`.
        """
        try:
            self._backend.open()
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.settimeout(self._step_seconds)
            self._smtp.ehlo_or_helo_if_needed()
        except OSError:
            self.close()
            raise

    def begin(self, envelope: Envelope) -> None:
        """Take up an email, to be offered by turns of `speak` and `listen`."""
        self.outcome, self._body = None, wire_form(envelope)
        size = f" SIZE={len(self._body)}" if self.is_open and self._smtp.has_extn("size") else ""
        sender, recipient = route_address(envelope.sender), route_address(envelope.recipient)
        self._unsaid = [f"MAIL FROM:<{sender}>{size}", f"RCPT TO:<{recipient}>", "DATA"]

    @property
    def has_more_to_say(self) -> bool:
        return bool(self._unsaid) and self.outcome is None

    @_step
    def speak(self) -> None:
        """Say as much of the envelope as the server takes at once."""
        count = len(self._unsaid) if self._smtp.has_extn("pipelining") else 1
        self._said, self._unsaid = self._unsaid[:count], self._unsaid[count:]
        self._smtp.send("".join(f"{command}\r\n" for command in self._said))

    @_step
    def listen(self) -> None:
        """Hear what the server replies to it; after a refusal, have it forget the envelope."""
        replies = [self._smtp.getreply() for _ in self._said]
        for command, (code, text) in zip(self._said, replies, strict=True):
            if code not in ACCEPTED and (command, code) != ("DATA", GO_ON):
                self.outcome = read_refusal(code, text, of_sender=command.startswith("MAIL"))
                self._start_over(awaits_body=replies[-1][0] == GO_ON)
                return

    @_step
    def write(self) -> None:
        """The whole message, its dot withheld."""
        self._smtp.send(self._body)

    def lose(self) -> None:
        """The connection broke before the dot: the email was certainly not taken."""
        self.drop()
        self.outcome = Outcome(Verdict.LOST)

    def withhold(self) -> None:
        """Hang up instead of the dot: after DATA there is no other way to take it back."""
        self.drop()
        self.outcome = Outcome(Verdict.WITHHELD)

    def finish(self) -> None:
        """The dot. Nothing can be taken back, and nothing is known, from here on."""
        try:
            self._smtp.send(DOT)
        except OSError:
            self.give_up()

    def hears(self) -> bool:
        """Whether an answer lies here already, where watching the socket would not show it."""
        return isinstance(self.socket, ssl.SSLSocket) and self.socket.pending() > 0

    def read_answer(self) -> None:
        """What the server says to the dot; a reply outside of the protocol tells nothing."""
        try:
            code, text = self._smtp.getreply()
        except OSError:
            self.give_up()
            return
        refusal = Outcome(Verdict.ACCEPTED, code) if code in ACCEPTED else read_refusal(code, text)
        if refusal.verdict == Verdict.LOST:
            self.give_up()
            return
        self.outcome = refusal
        if code == CLOSING:
            self.drop()

    def give_up(self) -> None:
        """No answer came to the dot, and none can be waited for any longer."""
        self.drop()
        self.outcome = Outcome(Verdict.UNKNOWN)

    def close(self) -> None:
        """Say goodbye, however the server takes it."""
        try:
            self._backend.close()
        except OSError:
            self.drop()

    def drop(self) -> None:
        """Hang up without a word."""
        connection, self._backend.connection = self._backend.connection, None
        if connection is not None:
            connection.close()

    @property
    def socket(self) -> socket.socket:
        if self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self._smtp.sock

    @property
    def _smtp(self) -> smtplib.SMTP:
        if self._backend.connection is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self._backend.connection

    def _start_over(self, *, awaits_body: bool) -> None:
        """A server that waits for the message of an envelope it refused gets none."""
        refusal = self.outcome
        is_over = awaits_body or refusal is None or refusal.verdict == Verdict.LOST or refusal.code == CLOSING
        if is_over or not self._resets():
            self.drop()

    def _resets(self) -> bool:
        try:
            return self._smtp.rset()[0] in ACCEPTED
        except OSError:
            return False
