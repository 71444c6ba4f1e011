"""The demo's processes, with stand-ins for the web server and the worker. tests/e2e starts the real ones."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest

from config.demo import processes
from config.demo.processes import DemoFailed, Stopped, check_port, free_port, running, stopped_by_signals, wait_for_end

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
QUITTER = [sys.executable, "-c", "raise SystemExit(3)"]
SERVER = """
import http.server, sys

class Ok(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ok).serve_forever()
"""
ANSWERER = [sys.executable, "-c", SERVER]


@pytest.fixture
def stand_ins(monkeypatch):
    def use(web, worker):
        monkeypatch.setattr(processes, "_web_command", lambda port: [*web, str(port)])
        monkeypatch.setattr(processes, "_worker_command", lambda: worker)

    return use


@contextmanager
def demo(tmp_path):
    with running(port=free_port(), mailbox=tmp_path) as children:
        yield children


def test_everything_runs_inside_and_nothing_after(stand_ins, tmp_path):
    stand_ins(ANSWERER, SLEEPER)
    with demo(tmp_path) as children:
        assert [child.poll() for child in children] == [None, None]
    assert all(child.poll() is not None for child in children)


def test_a_process_that_does_not_start_is_told_and_the_others_end(stand_ins, tmp_path):
    stand_ins(SLEEPER, QUITTER)
    with pytest.raises(DemoFailed, match="did not start"), demo(tmp_path):
        pytest.fail("nothing was served")


def test_a_process_that_ends_by_itself_ends_the_demo():
    child = subprocess.Popen(QUITTER)
    with pytest.raises(DemoFailed, match="status 3"):
        wait_for_end([child])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_stop_it_and_are_given_back(number):
    before = signal.getsignal(number)
    with pytest.raises(Stopped), stopped_by_signals():
        signal.raise_signal(number)
    assert signal.getsignal(number) == before


def test_a_taken_port_is_told_before_anything_starts():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(DemoFailed, match="--port"):
            check_port(other.getsockname()[1])
    check_port(free_port())
