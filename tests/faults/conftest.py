"""A stack whose servers belong to this run alone, each behind a proxy where the network is to fail.

Servers, proxies and the nursery live as long as the run, so that their addresses stay; what they hold is a test's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.faults.nursery import Nursery
from tests.faults.proxy import Proxy, running_proxy
from tests.faults.servers import LOOPBACK, Postgres, Redis, own_postgres, own_redis
from tests.smtp_sink import Sink, running_sink
from tests.stack import Stack


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with own_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: Postgres) -> None:
    """Every database of these tests lies in the run's own cluster."""
    assert connection.vendor == "postgresql", "needs PostgreSQL: run `make faults`"
    connection.settings_dict |= {
        "NAME": "postgres",
        "HOST": LOOPBACK,
        "PORT": str(postgres.port),
        "USER": "postgres",
        "PASSWORD": "",
    }


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every process writes its log."""
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="session")
def redis_server(folder: Path) -> Iterator[Redis]:
    with own_redis(folder) as server:
        yield server


@pytest.fixture(scope="session")
def redis_proxy(redis_server: Redis) -> Iterator[Proxy]:
    with running_proxy(redis_server.port) as proxy:
        yield proxy


@pytest.fixture(scope="session")
def smtp_proxy() -> Iterator[Proxy]:
    with running_proxy(target=0) as proxy:
        yield proxy


@pytest.fixture
def sink(smtp_proxy: Proxy) -> Iterator[Sink]:
    with running_sink() as server:
        smtp_proxy.target = server.port
        yield server
        smtp_proxy.cut()


@pytest.fixture(scope="session")
def new_stack(
    django_db_setup: None, folder: Path, redis_server: Redis, redis_proxy: Proxy, smtp_proxy: Proxy
) -> Callable[[], Stack]:
    url = f"redis://{LOOPBACK}:{redis_proxy.port}/0"
    return lambda: Stack(folder, mail_port=smtp_proxy.port, broker=redis_server.client, broker_url=url)


@pytest.fixture
def stack(transactional_db: None, sink: Sink, new_stack: Callable[[], Stack]) -> Iterator[Stack]:
    """All processes end before the database is emptied."""
    running = new_stack()
    try:
        yield running
    finally:
        running.stop()
        running.broker.flushall()


@pytest.fixture(scope="session")
def cradle(new_stack: Callable[[], Stack]) -> Iterator[Nursery]:
    stack = new_stack()
    try:
        yield Nursery(stack)
    finally:
        stack.stop()


@pytest.fixture
def nursery(stack: Stack, cradle: Nursery) -> Iterator[Nursery]:
    """Its workers end before the database is emptied."""
    yield cradle
    cradle.kill_all()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what a campaign came to, also when it ran in another process."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties if report.when == "call" else ():
            terminalreporter.write_line(f"{name}: {value}")
