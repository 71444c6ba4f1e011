from __future__ import annotations

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client


def test_alive_asks_nobody(client: Client):
    """No database is allowed in this test."""
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_ready_when_the_database_answers(client: Client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_not_ready_when_it_does_not(client: Client, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise OperationalError("connection refused to somebody at somewhere")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"database unreachable")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_change_nothing(client: Client, path: str):
    assert client.post(path).status_code == 405
