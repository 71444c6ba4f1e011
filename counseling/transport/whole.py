"""Backends that take an email whole: providers' APIs, the console, files, memory.

There is no point at which it could still be taken back, so leave is asked before the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from counseling.transport.base import PROVIDERS_REFUSALS, Envelope, Outcome, Permit, TransportUnavailable, Verdict
from counseling.transport.message import django_message, find_unroutable

_LATER = frozenset({408, 425, 429})


class WholeTransport:
    def __init__(self, backend: BaseEmailBackend) -> None:
        self.backend = backend

    def open(self, wanted: int) -> int:
        try:
            self.backend.open()
        except Exception as error:
            said = f"the mail backend did not open: {type(error).__name__}"
            code = getattr(error, "smtp_code", None) or getattr(error, "status_code", None)
            raise TransportUnavailable(said, code=code) from error
        return 1

    def send(self, group: Mapping[UUID, Envelope], permit: Permit) -> dict[UUID, Outcome]:
        return {key: self._send(key, envelope, permit) for key, envelope in group.items()}

    def wait(self) -> dict[UUID, Outcome]:
        """Every answer is the call's own."""
        return {}

    def _send(self, key: UUID, envelope: Envelope, permit: Permit) -> Outcome:
        if unroutable := find_unroutable(envelope):
            return unroutable
        message = self.compose(envelope)
        if key not in permit.hand_over([key]):
            return Outcome(Verdict.WITHHELD)
        return self.give(message)

    def compose(self, envelope: Envelope) -> EmailMultiAlternatives:
        return django_message(envelope)

    def give(self, message: EmailMultiAlternatives) -> Outcome:
        """Pass the email on: from here it cannot be taken back."""
        try:
            sent = self.backend.send_messages([message])
        except Exception as error:  # noqa: BLE001 - every backend has errors of its own; what is not told is unknown
            return self.read_error(error)
        return Outcome(Verdict.ACCEPTED if sent else Verdict.DEFERRED)

    def close(self) -> None:
        self.backend.close()

    def read_error(self, error: Exception) -> Outcome:
        """What a backend's error says for certain: an HTTP status of 4xx means that it did not take the email."""
        status = getattr(error, "status_code", None)
        if not isinstance(status, int) or not 400 <= status <= 499:
            return Outcome(Verdict.UNKNOWN)
        if status in PROVIDERS_REFUSALS:
            return Outcome(Verdict.SETUP_REFUSED, status)
        return Outcome(Verdict.DEFERRED if status in _LATER else Verdict.REFUSED, status)
