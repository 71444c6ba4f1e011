"""A small SMTP server that says what it is told to say, and remembers what it took.

It accepts once the dot has arrived, whether or not the client is still there, and notes the mail before it replies:
so its notes are the truth that delivery is judged by. ``python -m tests.smtp_sink [FILE]`` runs it on its own, prints
the port it found free, and notes into the file, one JSON object a line.
"""

from __future__ import annotations

import json
import os
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

CUT = "CUT"
HANG = "HANG"

Script = Callable[[str, "Conversation"], str | None]
"""Told a verb (CONNECT, EHLO, AUTH, MAIL, RCPT, DATA, BODY, DOT, RSET) and by whom.

It answers with a reply, `CUT` or `HANG`; None as usual.
"""


@dataclass
class Conversation:
    """One connection's state, for scripts to look at."""

    number: int
    sender: str = ""
    recipient: str = ""
    agreed: str = ""
    """The last of MAIL and RCPT that was accepted; what comes after needs it."""
    accepted: int = 0


@dataclass(frozen=True)
class Mail:
    """One accepted message as it came over the wire, and when (seconds, this machine's clock)."""

    sender: str
    recipient: str
    content: bytes
    at: float
    connection: int

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


def obliging(_verb: str, _conversation: Conversation) -> str | None:
    return None


@dataclass
class Notes:
    mails: list[Mail] = field(default_factory=list)
    abandoned: list[str] = field(default_factory=list)
    """Recipients of messages whose dot never came."""
    verbs: list[str] = field(default_factory=list)


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int = 0, *, script: Script = obliging, file: Path | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.script = script
        self.notes = Notes()
        self.closing = threading.Event()
        self._file = file.open("a", encoding="utf-8") if file else None
        self._connections = 0
        self._changed = threading.Condition()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def mails(self) -> list[Mail]:
        return self.notes.mails

    def greet(self) -> Conversation:
        with self._changed:
            self._connections += 1
            return Conversation(self._connections)

    def note_mail(self, mail: Mail) -> None:
        with self._changed:
            self.notes.mails.append(mail)
            self._write(accepted=True, recipient=mail.recipient, at=mail.at, content=mail.content.decode("latin-1"))

    def note_abandoned(self, recipient: str) -> None:
        with self._changed:
            self.notes.abandoned.append(recipient)
            self._write(accepted=False, recipient=recipient, at=time.time())

    def wait_for(self, condition: Callable[[Notes], bool], *, seconds: float = 10) -> None:
        """Return once the notes are as wanted. Raises `AssertionError` when they are not in time."""
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self.notes), timeout=seconds), self.notes

    def _write(self, **entry: Any) -> None:
        if self._file:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        self._changed.notify_all()

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that die are what this server is for."""


USUAL = {
    "CONNECT": "220 sink",
    "EHLO": "250-sink\r\n250-PIPELINING\r\n250-SIZE 1000000\r\n250 AUTH PLAIN",
    "AUTH": "235 welcome",
    "DATA": "354 go on",
    "DOT": "250 taken",
    "QUIT": "221 bye",
}
NEEDED = {"RCPT": ("MAIL", "RCPT"), "DATA": ("RCPT",)}


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    server: Sink

    def handle(self) -> None:
        self.conversation = self.server.greet()
        with suppress(ConnectionError, _Hung):
            going_on = self.say(self.reply_to("CONNECT"))
            while going_on and (line := self.rfile.readline()):
                verb, _, rest = line.decode("latin-1").strip().partition(" ")
                going_on = self.answer(verb.upper(), rest)

    def answer(self, verb: str, rest: str) -> bool:
        """Reply to one command; whether the conversation goes on."""
        self.server.notes.verbs.append(verb)
        if verb == "MAIL":
            self.conversation.sender = _address(rest)
        if verb == "RCPT":
            self.conversation.recipient = _address(rest)
        reply = self.reply_to(verb)
        if verb in {"MAIL", "RCPT"}:
            self.conversation.agreed = verb if reply.startswith("2") else ""
        going_on = self.say(reply) and verb != "QUIT"
        return self.take_message() if going_on and reply.startswith("354") else going_on

    def take_message(self) -> bool:
        if self.reply_to("BODY") == CUT:
            self.server.note_abandoned(self.conversation.recipient)
            return False
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                self.server.note_abandoned(self.conversation.recipient)
                return False
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        reply = self.reply_to("DOT")
        if reply in {CUT, HANG} or reply.startswith("2"):
            self.conversation.accepted += 1
            about = (self.conversation.sender, self.conversation.recipient)
            self.server.note_mail(Mail(*about, b"".join(lines), time.time(), self.conversation.number))
        return self.say(reply)

    def reply_to(self, verb: str) -> str:
        scripted = self.server.script(verb, self.conversation)
        if not scripted and self.conversation.agreed not in NEEDED.get(verb, self.conversation.agreed):
            return "503 not now"
        return scripted or USUAL.get(verb, "250 ok")

    def say(self, reply: str) -> bool:
        if reply == CUT:
            return False
        if reply == HANG:
            self.server.closing.wait()
            raise _Hung
        self.wfile.write(reply.encode() + b"\r\n")
        return True


class _Hung(Exception):
    pass


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]


@contextmanager
def running_sink(script: Script = obliging, *, port: int = 0) -> Iterator[Sink]:
    """A sink in a thread of this process."""
    with Sink(port, script=script) as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            sink.closing.set()
            sink.shutdown()
            thread.join()


BUSY = 0.002
"""Seconds that a server takes for a message which it writes to disk, scans and queues before it answers."""


def by_recipient(verb: str, conversation: Conversation) -> str | None:
    """The script of the process: recipients say in their address how they want to be treated."""
    wish = conversation.recipient.partition(".")[0]
    if (verb, wish) == ("DOT", "busy"):
        time.sleep(BUSY)
    wishes = {
        ("RCPT", "later"): "451 4.3.0 later",
        ("RCPT", "never"): "550 5.1.1 no such mailbox",
        ("DOT", "cut"): CUT,
        ("DOT", "hang"): HANG,
    }
    return wishes.get((verb, wish))


if __name__ == "__main__":
    notes = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with Sink(script=by_recipient, file=notes) as server:
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        server.serve_forever()
