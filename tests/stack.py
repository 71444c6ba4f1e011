"""The project as it runs in production, in processes of its own: PostgreSQL, Redis, workers, beat, web, a mail server.

Everything here is the run's own and gone afterwards: a database, one of Redis' numbered databases, free ports. Missing
servers fail the tests.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import pytest
import redis
from django.conf import settings
from django.db import connection

from tests.smtp_sink import Sink, running_sink

ROOT = Path(__file__).parents[1]
HOST = "forms.clinic.example"
PATIENCE = 60.0
"""Seconds that anything may take on a busy machine."""


def wait_until(condition: Callable[[], object], *, seconds: float = PATIENCE) -> None:
    """Return once the condition holds. Raises `AssertionError` when it does not in time."""
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "what was waited for did not come about"
        sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """Starts the project's processes and ends them again. Their output is kept in ``folder``."""

    def __init__(self, folder: Path, *, mail_port: int, broker: redis.Redis, broker_url: str) -> None:
        self.folder = folder
        self.broker = broker
        self.environment = {**os.environ, **_production(folder, mail_port, broker_url)}
        self._processes: list[subprocess.Popen[str]] = []

    def start(self, name: str, *command: str, **options: int) -> subprocess.Popen[str]:
        """Start a process in a group of its own, its errors going to ``<name>.log``."""
        with (self.folder / f"{name}.log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment,
                stderr=log,
                text=True,
                start_new_session=True,
                **{"stdout": log, **options},  # type: ignore[call-overload]
            )
        self._processes.append(process)
        return process

    def run(self, *command: str) -> str:
        """Run a command to its end. Raises `subprocess.CalledProcessError` when it fails."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        return done.stdout

    def worker(self, name: str = "worker") -> subprocess.Popen[str]:
        options = ("--concurrency", "1", "--without-gossip", "--without-mingle", "--hostname", f"{name}@{os.getpid()}")
        return self.start(name, "-m", "celery", "-A", "config.celery", "worker", *options)

    def beat(self) -> subprocess.Popen[str]:
        """Production's beat, ticking each second rather than each minute."""
        return self.start("beat", "-m", "celery", "-A", "tests.fast_beat", "beat")

    def web(self) -> str:
        """Start the web server; the address it answers at."""
        port = free_port()
        self.web_at(port)
        wait_until(lambda: _listens(port))
        return f"http://127.0.0.1:{port}"

    def web_at(self, port: int) -> subprocess.Popen[str]:
        if not (self.folder / "static").exists():
            self.run("manage.py", "collectstatic", "--no-input", "-v0")
        options = ("--interface", "wsgi", "--port", str(port), "config.wsgi:application")
        return self.start("web", "-m", "granian", *options)

    def log_of(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def kill(self, process: subprocess.Popen[str]) -> None:
        """End it and whatever it started, without a word."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def stop(self) -> None:
        for process in self._processes:
            self.kill(process)


def _production(folder: Path, mail_port: int, broker_url: str) -> dict[str, str]:
    database = connection.settings_dict
    keys = settings.COUNSELING
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": "not a secret: every run of these tests has a database of its own",
        "ALLOWED_HOSTS": HOST,
        "PUBLIC_URL": f"https://{HOST}",
        "TRUSTED_PROXY_COUNT": "1",
        "DEFAULT_FROM_EMAIL": "follow-up@clinic.example",
        "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database),
        "REDIS_URL": broker_url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "FIELD_KEYS": ",".join(keys["FIELD_KEYS"]),
        "TOKEN_KEYS": ",".join(keys["TOKEN_KEYS"]),
        "INDEX_KEY": keys["INDEX_KEY"],
        "STATIC_ROOT": str(folder / "static"),
        "LOG_LEVEL": "INFO",
    }


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _empty_redis() -> tuple[redis.Redis, str]:
    """One of the server's numbered databases that nobody uses."""
    server = os.environ["REDIS_URL"].rpartition("/")[0]
    for number in range(15, 0, -1):
        client = redis.Redis.from_url(f"{server}/{number}")
        if client.dbsize() == 0:
            client.set("in use by", os.getpid())
            return client, f"{server}/{number}"
        client.close()
    raise AssertionError("every database of the Redis server is in use")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A database of this run's own, so that two runs do not meet."""
    assert connection.vendor == "postgresql", "needs PostgreSQL: run `make test-services` or `make faults`"
    connection.settings_dict["TEST"]["NAME"] = f"interdepend_{os.getpid()}"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running_sink() as server:
        yield server


@pytest.fixture
def stack(transactional_db: None, sink: Sink, tmp_path: Path) -> Iterator[Stack]:
    """All processes end before the database is emptied."""
    broker, url = _empty_redis()
    running = Stack(tmp_path, mail_port=sink.port, broker=broker, broker_url=url)
    try:
        yield running
    finally:
        running.stop()
        broker.flushdb()
        broker.close()
