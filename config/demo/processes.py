"""The demo's processes: the mail sink in this one, the web server and the worker as children that end with it."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from config.mailbox.sink import mail_sink

HOST = "127.0.0.1"
STOP_SECONDS = 10
START_SECONDS = 60


class DemoFailed(Exception):
    """The demo cannot run; the message says what to do."""


class Stopped(Exception):
    """Somebody asked the demo to end."""


def check_port(port: int) -> None:
    """Raise `DemoFailed` when somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise DemoFailed(f"port {port} is taken; choose another with --port") from error


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(*, port: int, mailbox: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Sink, web server and worker, ready when the block is entered and gone when it is left."""
    mail_port = free_port()
    settings = {"MAIL_PORT": str(mail_port), "PUBLIC_URL": f"http://localhost:{port}"}
    environment = {"LOG_LEVEL": "WARNING", **os.environ, **settings}
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # the sink would tell every line of every conversation
    with ExitStack() as stack:
        sink = mail_sink(mailbox, host=HOST, port=mail_port)
        sink.start()
        stack.callback(sink.stop)
        children = [
            stack.enter_context(_child(command, environment)) for command in (_web_command(port), _worker_command())
        ]
        _wait_until_served(port, children)
        yield children


def wait_for_end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Return when the person stops the demo; raise `DemoFailed` when one of the processes ends by itself."""
    while True:
        for child in children:
            try:
                child.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                continue
            raise DemoFailed(f"a process of the demo ended by itself with status {child.returncode}")


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Inside, Ctrl-C and SIGTERM raise `Stopped`."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _web_command(port: int) -> list[str]:
    options = ["--interface", "wsgi", "--host", HOST, "--port", str(port), "--blocking-threads", "4"]
    return [sys.executable, "-m", "granian", *options, "--log-level", "error", "config.wsgi:application"]


def _worker_command() -> list[str]:
    return [sys.executable, "-m", "config.embedded_worker"]


@contextmanager
def _child(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A child in a session of its own, so that Ctrl-C reaches it through us, in order, and only once."""
    child = subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 - our own commands
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _wait_until_served(port: int, children: Sequence[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(port):
        if any(child.poll() is not None for child in children):
            raise DemoFailed("a process of the demo did not start; see what it printed above")
        if time.monotonic() > deadline:
            raise DemoFailed(f"nothing answered on port {port} within {START_SECONDS} seconds")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
