"""Which transport the host project's mail settings ask for."""

from __future__ import annotations

import django
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from counseling.conf import conf
from counseling.transport.base import Transport
from counseling.transport.smtp import SmtpTransport
from counseling.transport.whole import WholeTransport


def open_transport() -> Transport:
    """A transport over the project's default mailer, not connected yet.

    A step before the dot gets half a lease, so that a worker that makes progress never loses its hold.
    """
    backend = _default_backend()
    if isinstance(backend, EmailBackend):
        step = conf().lease_seconds / 2
        backend.timeout = min(backend.timeout or step, step)
        return SmtpTransport(backend, step_seconds=step, answer_seconds=conf().send_timeout_seconds)
    return WholeTransport(backend)


def _default_backend() -> BaseEmailBackend:
    if django.VERSION >= (6, 1):
        from django.core.mail import mailers

        return mailers.default
    from django.core.mail import get_connection

    return get_connection()
