"""How long ten thousand follow-ups take that all fell due while nothing ran: queued, sent and written down."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta
from time import perf_counter

from django.db import connection
from django.test import override_settings

from config.mailers import mail_settings
from counseling.actions.ticking import run_tick
from counseling.enums import Runner
from counseling.models import Delivery
from counseling.outbox.writing import write_envelope
from counseling.transport.message import wire_form
from tests.benchmarks.bench_delivery_send import sink_process
from tests.benchmarks.databases import throwaway_database
from tests.benchmarks.registry import Measurement, benchmark
from tests.load import due_follow_ups

BACKLOG = 10_000
PLAIN = 1_000


@benchmark(
    "delivery_backlog",
    unit="emails/s",
    against="smtplib alone: the same message over one connection, nothing queued and nothing written down",
)
def delivery_backlog() -> Measurement:
    with throwaway_database(), sink_process() as port, override_settings(**mail_settings(host="127.0.0.1", port=port)):
        due_follow_ups(BACKLOG, now=datetime.now(UTC))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as a server that has been up for a while has done by itself
        started = perf_counter()
        tick = run_tick(runner=Runner.COMMAND, budget=timedelta(minutes=20))
        seconds = perf_counter() - started
        assert tick.verdicts == {"accepted": BACKLOG}, tick
        return Measurement(
            figure=BACKLOG / seconds, reference=plain_speed(port), also={"emails": BACKLOG, "seconds": seconds}
        )


def plain_speed(port: int) -> float:
    """Emails a second of a loop that only sends."""
    delivery = Delivery.objects.select_related("follow_up__client__clinic").first()
    assert delivery is not None
    message = wire_form(write_envelope(delivery, now=datetime.now(UTC)))
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        started = perf_counter()
        for number in range(PLAIN):
            smtp.sendmail("follow-up@clinic.example", [f"client{number}@mail.example"], message)
        return PLAIN / (perf_counter() - started)
