"""A PostgreSQL and a Redis of the run's own, on free ports of this machine: to be killed without harm to anybody.

PostgreSQL does not run as root; started by root, its processes belong to the user ``postgres`` that its package made.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import redis

from tests.stack import free_port, wait_until

LOOPBACK = "127.0.0.1"


class Postgres:
    """One database cluster in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "postgres.log"
        self._data = folder / "data"
        self._user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}

    def create(self) -> None:
        """Make the cluster and start it; ``postgres`` may do everything in it from this machine."""
        if self._user:
            shutil.chown(self._data.parent, "postgres", "postgres")
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        settings = {
            "listen_addresses": LOOPBACK,
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 100,
            "shared_buffers": "128MB",
            "fsync": "off",  # processes die here, not the machine: what the kernel was given is safe
        }
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self._control("start", "-l", str(self.log))

    def restart_without_warning(self) -> None:
        """As after a power cut: no process says goodbye, and the log is replayed at the start."""
        self._control("restart", "-m", "immediate", "-l", str(self.log))

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def _control(self, *command: str) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", "-t", "120", *command)

    def _run(self, program: str, *options: str) -> None:
        # Its servers outlive the command: a pipe would wait for them.
        command = [str(_binaries() / program), *options]
        with (self._data.parent / "commands.log").open("a") as log:
            subprocess.run(command, cwd=self._data.parent, check=True, stdout=log, stderr=log, **self._user)  # type: ignore[call-overload]


def _binaries() -> Path:
    """Debian keeps the servers' programs off PATH, one folder for each version."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    assert folders, "needs PostgreSQL's server programs: apt-get install postgresql"
    return folders[-1].parent


class Redis:
    """One server that keeps nothing on disk: killed, it has forgotten everything."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "redis.log"
        self.client = redis.Redis(LOOPBACK, self.port)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("redis-server")
        assert program, "needs redis-server: apt-get install redis-server"
        options = {"--bind": LOOPBACK, "--port": self.port, "--save": "", "--appendonly": "no"}
        words = [str(word) for pair in options.items() for word in pair]
        with self.log.open("a") as log:
            self._process = subprocess.Popen([program, *words], stdout=log, stderr=log, start_new_session=True)
        wait_until(self._answers)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    def words(self) -> str:
        """Everything it holds, for a look whether something is there that should not be."""
        return " ".join(f"{key!r} {self._value(key)!r}" for key in self.client.scan_iter())

    def close(self) -> None:
        self.client.close()
        self.kill()

    def _value(self, key: bytes) -> object:
        reading = {b"list": self.client.lrange, b"zset": self.client.zrange, b"set": self.client.smembers}
        kind = self.client.type(key)
        if kind == b"hash":
            return self.client.hgetall(key)
        if kind == b"string":
            return self.client.get(key)
        return reading[kind](key) if kind == b"set" else reading[kind](key, 0, -1)  # type: ignore[operator]

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    folder = Path(mkdtemp(prefix="faults-"))  # not below pytest's folders, which only their owner may enter
    server = Postgres(folder)
    try:
        server.create()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@contextmanager
def own_redis(folder: Path) -> Iterator[Redis]:
    server = Redis(folder)
    try:
        server.start()
        yield server
    finally:
        server.close()
