"""A small TCP proxy between the project and one of its servers, for the faults that a network has."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from select import select

from tests.faults.servers import LOOPBACK


class Proxy:
    """Passes on what it hears. ``target`` is the server's port and may change; connections keep theirs."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._listener = socket.create_server((LOOPBACK, 0), backlog=128)
        self.cut_after: int | None = None
        """So many bytes a client may say on one connection before it breaks."""
        self._silent = threading.Event()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def fall_silent(self) -> None:
        """Take every connection and every byte from now on, and say nothing."""
        self._silent.set()

    def speak_again(self) -> None:
        """New connections are served again; those that were swallowed break."""
        self._silent.clear()
        self.cut()

    def cut(self) -> None:
        """Break every connection there is, wherever it has got to."""
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            _hang_up(*pair)

    def serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=[client], daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _carry(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection((LOOPBACK, self.target), timeout=5)
        except OSError:
            client.close()
            return
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._pairs.add((client, server))
        with suppress(OSError, ValueError):  # ValueError: closed by `cut` while it was watched
            self._pass_on(client, server)
        with self._lock:
            self._pairs.discard((client, server))
        _hang_up(client, server)

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        other = {client: server, server: client}
        said = 0
        while True:
            for heard in select([client, server], [], [])[0]:
                words = heard.recv(65536)
                said += len(words) if heard is client else 0
                if not words or (self.cut_after is not None and said > self.cut_after):
                    return
                if not self._silent.is_set():
                    other[heard].sendall(words)


def _hang_up(*sockets: socket.socket) -> None:
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


@contextmanager
def running_proxy(target: int) -> Iterator[Proxy]:
    """A proxy in a thread of this process."""
    proxy = Proxy(target)
    thread = threading.Thread(target=proxy.serve, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join(5)
