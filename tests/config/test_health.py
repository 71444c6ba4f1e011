from __future__ import annotations

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client
from django.utils import timezone

from counseling.models import Heartbeat, MailCircuit
from tests.counseling.outbox.mailing import queued
from tests.factories import ClinicFactory


def test_alive_asks_nobody(client: Client):
    """No database is allowed in this test."""
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_ready_when_the_database_answers(client: Client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_sending_while_something_looks_for_due_emails(client: Client):
    ClinicFactory()
    Heartbeat.objects.create(runner="worker", started_at=timezone.now())
    response = client.get("/sendingz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_what_keeps_emails_from_leaving_is_named_without_a_number(client: Client):
    now = timezone.now()
    queued()
    MailCircuit.objects.create(name="mail", failing_since=now, opened_at=now, retry_at=now, trouble="setup_refused")
    response = client.get("/sendingz")
    assert (response.status_code, response.content) == (503, b"setup_refused silence late")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/readyz", "/sendingz"])
def test_not_ready_when_it_does_not(client: Client, monkeypatch: pytest.MonkeyPatch, path: str):
    def refuse(*_: object) -> None:
        raise OperationalError("connection refused to somebody at somewhere")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get(path)
    assert (response.status_code, response.content) == (503, b"database unreachable")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/sendingz"])
def test_probes_change_nothing(client: Client, path: str):
    assert client.post(path).status_code == 405
