"""Emails a second that workers send by the whole protocol, with every step committed to PostgreSQL."""

from __future__ import annotations

import multiprocessing
import os
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from statistics import median
from time import perf_counter

from django.conf import settings
from django.db import connection, connections
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

ROUNDS = 3
EMAILS = 2000
"""A round's; ours and the reference's are taken in turns, so that both meet the same noise."""
AT_ONCE, BUSY = "", "busy."
"""Recipients of a server that answers at once, and of one that takes two milliseconds for each message."""
CONNECTIONS, MORE_CONNECTIONS = 16, 32


@benchmark(
    "delivery_send",
    unit="emails/s",
    against="smtplib alone: the same message over one connection, nothing written down",
)
def delivery_send() -> Measurement:
    with throwaway_database(), sink_process() as port, override_settings(**mail_settings(host="127.0.0.1", port=port)):
        now = datetime.now(UTC)
        message = _fill(now)
        _drained(50, AT_ONCE)
        rounds = [_one_round(port, message) for _ in range(ROUNDS)]
        found = {name: median(each[name] for each in rounds) for name in rounds[0]}
        return Measurement(figure=found.pop("ours"), reference=found.pop("smtplib"), also=found)


def _one_round(port: int, message: bytes) -> dict[str, float]:
    return {
        "smtplib": _plain(EMAILS, port, message, AT_ONCE),
        "ours": _drained(EMAILS, AT_ONCE),
        f"{MORE_CONNECTIONS} connections": _drained(EMAILS, AT_ONCE, connections=MORE_CONNECTIONS),
        "two workers": _drained_by_two(EMAILS, AT_ONCE),
        "busy server, smtplib": _plain(EMAILS // 4, port, message, BUSY),
        "busy server, ours": _drained(EMAILS, BUSY),
    }


def _fill(now: datetime) -> bytes:
    """Queue enough for all rounds, due tomorrow; one of the messages."""
    due_follow_ups(3 * ROUNDS * EMAILS + 50, now=now)
    due_follow_ups(ROUNDS * EMAILS, now=now, recipient=BUSY + "client{}@mail.example")
    while queue_invitations(now=now, limit=500):
        pass
    delivery = Delivery.objects.select_related("follow_up__client__clinic").first()
    assert delivery is not None
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a server that has been up for a while has done by itself
    Delivery.objects.update(next_at=now + timedelta(days=1))
    return wire_form(write_envelope(delivery, now=now))


def _plain(count: int, port: int, message: bytes, recipients: str) -> float:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        started = perf_counter()
        for number in range(count):
            smtp.sendmail("follow-up@clinic.example", [f"{recipients}client{number}@mail.example"], message)
        return count / (perf_counter() - started)


def _make_due(count: int, recipients: str) -> None:
    """The busy server's clients were added last."""
    waiting = Delivery.objects.filter(state="due").order_by("-id" if recipients == BUSY else "id")
    some = list(waiting.values_list("pk", flat=True)[:count])
    Delivery.objects.filter(pk__in=some).update(next_at=datetime.now(UTC))


def _drained(count: int, recipients: str, *, connections: int = CONNECTIONS) -> float:
    """Have one worker send that many; how many a second."""
    _make_due(count, recipients)
    with override_settings(COUNSELING={**settings.COUNSELING, "SMTP_CONNECTIONS": connections}):
        started = perf_counter()
        tick = drain(budget=timedelta(minutes=10))
        seconds = perf_counter() - started
    assert tick.verdicts == {"accepted": count}, tick
    return count / seconds


def _drained_by_two(count: int, recipients: str) -> float:
    """Have two worker processes share that many; how many a second both together."""
    _make_due(count, recipients)
    connections.close_all()  # a child that inherited one would end it for us
    forking = multiprocessing.get_context("fork")
    begin, sent = forking.Barrier(3), forking.Queue()
    workers = [forking.Process(target=_work, args=(begin, sent)) for _ in range(2)]
    for worker in workers:
        worker.start()
    begin.wait()
    started = perf_counter()
    verdicts = [sent.get() for _ in workers]
    seconds = perf_counter() - started
    for worker in workers:
        worker.join()
    accepted: int = sum(each.get("accepted", 0) for each in verdicts)
    assert accepted >= 0.9 * count, verdicts  # what both reached for at once is put back for the next tick
    return accepted / seconds


def _work(begin: Barrier, sent: Queue[dict[str, int]]) -> None:
    connection.ensure_connection()
    begin.wait()
    sent.put(drain(budget=timedelta(minutes=10)).verdicts)


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
