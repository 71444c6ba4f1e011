"""A mail server with a script, and a transport to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.mailers import mail_settings
from counseling.transport import Transport, open_transport
from tests.smtp_sink import Conversation, Sink, running_sink

Script = Callable[[str, Conversation], str | None]
EHLO = "250-sink\r\n250-SIZE 1000000\r\n250 AUTH PLAIN"


@pytest.fixture(params=["one by one", "pipelined"])
def connect(request, settings):
    """Start a sink with a script, and a transport over Django's own mail settings that point at it.

    The sink takes the commands before the message one by one, or all at once.
    """
    ehlo = EHLO if request.param == "one by one" else None
    opened: list[Transport] = []
    sinks = []

    def start(script: Script = lambda *_: None, patience: float = 10, **options: object) -> tuple[Sink, Transport]:
        running = running_sink(lambda verb, talk: script(verb, talk) or (ehlo if verb == "EHLO" else None))
        sink = running.__enter__()
        sinks.append(running)
        for name, value in mail_settings(host="127.0.0.1", port=sink.port, **options).items():
            setattr(settings, name, value)
        settings.COUNSELING = {**settings.COUNSELING, "LEASE_SECONDS": 2 * patience, "SEND_TIMEOUT_SECONDS": patience}
        opened.append(open_transport())
        return sink, opened[-1]

    yield start
    for transport in opened:
        transport.close()
    for running in sinks:
        running.__exit__(None, None, None)
