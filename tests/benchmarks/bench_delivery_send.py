"""Emails a second that one worker sends by the whole protocol, with every step committed to PostgreSQL."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import perf_counter

from django.db import connection
from django.test import override_settings

from config.mailers import mail_settings
from counseling.models import Delivery
from counseling.outbox.drain import drain
from counseling.outbox.queueing import queue_invitations
from counseling.outbox.writing import write_envelope
from counseling.transport.message import wire_form
from tests.benchmarks.databases import throwaway_database
from tests.benchmarks.registry import Measurement, benchmark
from tests.load import due_follow_ups

EMAILS = 600
DOT = b".\r\n"


@benchmark(
    "delivery_send",
    unit="emails/s",
    against="smtplib alone: the same message over one connection, nothing written down",
)
def delivery_send() -> Measurement:
    with throwaway_database(), sink_process() as port, override_settings(**mail_settings(host="127.0.0.1", port=port)):
        now = datetime.now(UTC)
        due_follow_ups(EMAILS + 50, now=now)
        while queue_invitations(now=now, limit=500):
            pass
        delivery = Delivery.objects.select_related("follow_up__client__clinic").first()
        assert delivery is not None
        message = wire_form(write_envelope(delivery, now=now))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as a server that has been up for a while has done by itself
        _drained(50)
        return Measurement(figure=_drained(EMAILS), reference=_plain(port, message))


def _drained(count: int) -> float:
    """Send what is due, ``count`` emails of it; how many a second."""
    later = Delivery.objects.filter(state="due").order_by("id").values("pk")[count:]
    Delivery.objects.filter(pk__in=list(later.values_list("pk", flat=True))).update(
        next_at=datetime.now(UTC) + timedelta(hours=1)
    )
    started = perf_counter()
    tick = drain(budget=timedelta(minutes=10))
    seconds = perf_counter() - started
    assert tick.verdicts == {"accepted": count}, tick
    Delivery.objects.filter(state="due").update(next_at=datetime.now(UTC))
    return count / seconds


def _plain(port: int, message: bytes) -> float:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        started = perf_counter()
        for number in range(EMAILS):
            smtp.sendmail("follow-up@clinic.example", [f"client{number}@mail.example"], message)
        return EMAILS / (perf_counter() - started)


@contextmanager
def sink_process() -> Iterator[int]:
    """A mail server in a process of its own, as in life; the port it listens on."""
    command = [sys.executable, "-m", "tests.smtp_sink"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()
