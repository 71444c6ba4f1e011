"""Providers' APIs through django-anymail. Nothing here is reached, and anymail not imported, without such a backend."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from counseling.transport.base import Envelope, Outcome, Verdict
from counseling.transport.message import django_message
from counseling.transport.whole import WholeTransport

ASKED_AGAIN = 2
"""How often a provider is asked again, at once, whether it took an email that it did not answer for."""

IDEMPOTENT = frozenset({"Resend"})
"""Providers that answer a repeated ``Idempotency-Key`` with what they said first, and send nothing again (24 hours)."""


def is_provider(backend: BaseEmailBackend) -> bool:
    return any(base.__module__.startswith("anymail.") for base in type(backend).__mro__)


class ProviderTransport(WholeTransport):
    def __init__(self, backend: Any) -> None:
        super().__init__(backend)
        self._api = backend
        # What a provider cannot do of the following is left out rather than refused, so that the email leaves.
        self._api.ignore_unsupported_features = True

    def compose(self, envelope: Envelope) -> EmailMultiAlternatives:
        """The email with what the provider gives back later, and without its tracking.

        A tracked link would lead through the provider, who could open the form; a tracked opening tells on the client.
        """
        message: Any = django_message(envelope)
        message.metadata = dict(envelope.reference)
        message.track_clicks = message.track_opens = False
        composed: EmailMultiAlternatives = message
        return composed

    def give(self, message: EmailMultiAlternatives) -> Outcome:
        """Pass the email on. A provider with an idempotency key is asked again when it did not answer.

        Asked again, only "taken" settles it: any refusal may be of the repetition alone.
        """
        if self._api.esp_name not in IDEMPOTENT:
            return super().give(message)
        self._api.session.headers["Idempotency-Key"] = str(uuid4())
        outcome = super().give(message)
        for _ in range(ASKED_AGAIN):
            if outcome.verdict != Verdict.UNKNOWN:
                return outcome
            again = super().give(message)
            outcome = again if again.verdict == Verdict.ACCEPTED else outcome
        return outcome

    def read_error(self, error: Exception) -> Outcome:
        """Some of anymail's errors come before anything left, or with the provider's plain no."""
        from anymail import exceptions

        if isinstance(error, exceptions.AnymailRecipientsRefused | exceptions.AnymailInvalidAddress):
            return Outcome(Verdict.REFUSED)
        if isinstance(error, exceptions.AnymailUnsupportedFeature | exceptions.AnymailSerializationError):
            return Outcome(Verdict.SETUP_REFUSED)
        return super().read_error(error)
