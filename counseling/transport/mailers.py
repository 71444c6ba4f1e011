"""Which transport the host project's mail settings ask for."""

from __future__ import annotations

from typing import Any

import django
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from counseling.conf import conf
from counseling.transport.base import Transport
from counseling.transport.line import Line
from counseling.transport.provider import ProviderTransport, is_provider
from counseling.transport.smtp import SmtpTransport
from counseling.transport.whole import WholeTransport

MOST_CONNECTIONS = 50
"""No worker opens more: common servers let in about as many from one address."""


def open_transport() -> Transport:
    """A transport over the project's default mailer, not connected yet.

    A step before the dot gets half a lease, so that a worker that makes progress never loses its hold.
    """
    backend = _default_backend()
    if is_provider(backend):
        return ProviderTransport(backend)
    if not isinstance(backend, EmailBackend):
        return WholeTransport(backend)
    connections = max(1, min(conf().smtp_connections, MOST_CONNECTIONS))
    return SmtpTransport(_new_line, connections=connections, answer_seconds=conf().send_timeout_seconds)


def _new_line() -> Line:
    """A line with a backend of its own: one backend holds one connection."""
    backend: Any = _default_backend()
    step = conf().lease_seconds / 2
    backend.timeout = min(backend.timeout or step, step)
    return Line(backend, step_seconds=step)


def _default_backend() -> BaseEmailBackend:
    if django.VERSION >= (6, 1):
        from django.core.mail import mailers

        return mailers.default
    from django.core.mail import get_connection

    return get_connection()
