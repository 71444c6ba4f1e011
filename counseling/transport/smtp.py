"""SMTP with the final dot withheld.

MAIL, RCPT, DATA and the body can be taken back by closing the connection; the lone dot after them cannot. So the
caller's leave is asked exactly between the two, and a crash at any point is on a known side of it.
"""

from __future__ import annotations

import smtplib
import socket
from typing import Protocol

from counseling.transport.base import Envelope, Outcome, Permit, TransportUnavailable, Verdict
from counseling.transport.message import find_unroutable, route_address, wire_form
from counseling.transport.replies import CLOSING, read_refusal

DOT = b".\r\n"
ACCEPTED = range(200, 300)
GO_ON = 354


class SmtpBackend(Protocol):
    """The part of Django's SMTP backend that knows how to connect, encrypt and sign in."""

    connection: smtplib.SMTP | None

    def open(self) -> bool | None: ...

    def close(self) -> None: ...


class SmtpTransport:
    """Many emails over one connection, each in an envelope of its own.

    A step before the dot may take ``step_seconds``; the answer to the dot is awaited for ``answer_seconds``.
    """

    def __init__(self, backend: SmtpBackend, *, step_seconds: float, answer_seconds: float) -> None:
        self._backend = backend
        self._step_seconds = step_seconds
        self._answer_seconds = answer_seconds

    def open(self) -> None:
        try:
            if self._backend.open() is not False:
                self._prepare()
        except OSError as error:
            self.close()
            raise TransportUnavailable(f"the mail server did not let us in: {type(error).__name__}") from error

    def send(self, envelope: Envelope, permit: Permit) -> Outcome:
        if unroutable := find_unroutable(envelope):
            return unroutable
        try:
            refusal = self._offer(envelope, permit)
        except OSError:
            self._drop()
            return Outcome(Verdict.LOST)
        except BaseException:
            self._drop()
            raise
        return refusal or self._finish(permit)

    def close(self) -> None:
        try:
            self._backend.close()
        except OSError:
            self._drop()

    def _prepare(self) -> None:
        """Greet, and have the body and the dot leave at once each: held back, they take turns with delayed ACKs."""
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(self._step_seconds)
        self._smtp.ehlo_or_helo_if_needed()

    def _offer(self, envelope: Envelope, permit: Permit) -> Outcome | None:
        """Everything up to the dot. None when the server waits for it, else its refusal."""
        smtp, body = self._smtp, wire_form(envelope)
        size = [f"size={len(body)}"] if smtp.has_extn("size") else []
        code, text = smtp.mail(route_address(envelope.sender), size)
        if code not in ACCEPTED:
            return self._turned_down(code, text, of_sender=True)
        permit.keep()
        code, text = smtp.rcpt(route_address(envelope.recipient))
        if code not in ACCEPTED:
            return self._turned_down(code, text)
        permit.keep()
        code, text = smtp.docmd("DATA")
        if code != GO_ON:
            return self._turned_down(code, text)
        smtp.send(body)
        return None

    def _finish(self, permit: Permit) -> Outcome:
        """Ask for leave, send the dot, wait for the answer."""
        try:
            allowed = permit.hand_over()
        except BaseException:
            self._drop()
            raise
        if not allowed:
            self._drop()
            return Outcome(Verdict.WITHHELD)
        try:
            self._socket.settimeout(self._answer_seconds)
            self._smtp.send(DOT)
            code, text = self._smtp.getreply()
            self._socket.settimeout(self._step_seconds)
        except OSError:
            self._drop()
            return Outcome(Verdict.UNKNOWN)
        return self._answered(code, text)

    def _answered(self, code: int, text: bytes) -> Outcome:
        if code in ACCEPTED:
            return Outcome(Verdict.ACCEPTED, code)
        outcome = read_refusal(code, text)
        if outcome.verdict == Verdict.LOST or code == CLOSING:
            self._drop()
        return Outcome(Verdict.UNKNOWN) if outcome.verdict == Verdict.LOST else outcome

    def _turned_down(self, code: int, text: bytes, *, of_sender: bool = False) -> Outcome:
        outcome = read_refusal(code, text, of_sender=of_sender)
        if outcome.verdict == Verdict.LOST or code == CLOSING or not self._reset():
            self._drop()
        return outcome

    def _reset(self) -> bool:
        """Have the server forget the envelope; whether the connection can be used again."""
        try:
            return self._smtp.rset()[0] in ACCEPTED
        except OSError:
            return False

    @property
    def _smtp(self) -> smtplib.SMTP:
        if self._backend.connection is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self._backend.connection

    @property
    def _socket(self) -> socket.socket:
        if self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self._smtp.sock

    def _drop(self) -> None:
        """Hang up without a word, so that nothing offered is taken for finished."""
        connection, self._backend.connection = self._backend.connection, None
        if connection is not None:
            connection.close()
