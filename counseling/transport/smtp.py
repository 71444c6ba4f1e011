"""SMTP with the final dot withheld, for a group of emails at once.

MAIL, RCPT, DATA and the body can be taken back by closing the connection; the lone dot after them cannot. So the
caller's leave is asked exactly between the two, and a crash at any point is on a known side of it. A connection holds
one email at a time; several connections make the group for which one commit is enough.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from selectors import EVENT_READ, DefaultSelector
from time import monotonic
from uuid import UUID

from counseling.transport.base import Envelope, Outcome, Permit, TransportUnavailable
from counseling.transport.line import Line
from counseling.transport.message import find_unroutable

logger = logging.getLogger(__name__)

SOON = 1.0
"""Seconds in which a whole group is hoped to be answered; an answer that takes longer holds up its own line only."""


class SmtpTransport:
    """Many emails over up to ``connections`` lines, each in an envelope of its own.

    The answer to a dot is awaited for ``answer_seconds``.
    """

    def __init__(self, new_line: Callable[[], Line], *, connections: int, answer_seconds: float) -> None:
        self._new_line = new_line
        self._most = connections
        self._answer_seconds = answer_seconds
        self._idle: list[Line] = []
        self._awaited: dict[UUID, tuple[Line, float]] = {}  # lines that got their dot, and until when they may answer

    def open(self, wanted: int) -> int:
        """A server that lets in fewer connections than we would like is content with those from then on."""
        self._idle = [line for line in self._idle if line.is_open]
        while len(self._idle) < min(wanted, self._most - len(self._awaited)):
            line = self._new_line()
            try:
                line.open()
            except OSError as error:
                if not self._idle:
                    said = f"the mail server let us in not once: {type(error).__name__}"
                    raise TransportUnavailable(said, code=getattr(error, "smtp_code", None)) from error
                self._most = len(self._idle) + len(self._awaited)
                logger.info("the mail server lets in %s connections and no more", self._most)
            else:
                self._idle.append(line)
        return min(wanted, len(self._idle))

    def send(self, group: Mapping[UUID, Envelope], permit: Permit) -> dict[UUID, Outcome]:
        known = {key: outcome for key, envelope in group.items() if (outcome := find_unroutable(envelope))}
        lines = {key: self._free_line() for key in group if key not in known}
        try:
            for key, line in lines.items():
                line.begin(group[key])
            _offer([*lines.values()], permit)
            self._finish(lines, permit)
        except BaseException:
            for line in lines.values():
                line.drop()
            raise
        known |= self._settled(lines)
        return known | self._answers(until=monotonic() + SOON)

    def wait(self) -> dict[UUID, Outcome]:
        found: dict[UUID, Outcome] = {}
        while self._awaited and not found:
            found = self._answers(until=min(deadline for _, deadline in self._awaited.values()), first=True)
        return found

    def close(self) -> None:
        for line, _ in self._awaited.values():
            line.drop()
        for line in self._idle:
            line.close()
        self._idle, self._awaited = [], {}

    def _free_line(self) -> Line:
        return self._idle.pop() if self._idle else self._new_line()

    def _finish(self, lines: Mapping[UUID, Line], permit: Permit) -> None:
        """Ask for leave for those that wait for their dot, and send it to those that may have it.

        A connection that broke since is not asked for: its email was certainly not taken, and need not be in doubt.
        """
        for line in _ended(line for line in lines.values() if line.outcome is None):
            line.lose()
        offered = {key: line for key, line in lines.items() if line.outcome is None}
        allowed = permit.hand_over(offered) if offered else ()
        for key in offered.keys() - set(allowed):
            offered[key].withhold()
        for key in allowed:
            offered[key].finish()
        deadline = monotonic() + self._answer_seconds
        self._awaited |= {key: (offered[key], deadline) for key in allowed}

    def _settled(self, lines: Mapping[UUID, Line]) -> dict[UUID, Outcome]:
        """The outcomes of those lines that know theirs; the lines are free again."""
        found = {key: line.outcome for key, line in lines.items() if line.outcome is not None}
        self._idle += [lines[key] for key in found if lines[key].is_open]
        for key in found:
            self._awaited.pop(key, None)
        return found

    def _answers(self, *, until: float, first: bool = False) -> dict[UUID, Outcome]:
        """What the awaited lines say until then, or until the first has spoken; who is past the deadline never will."""
        lines = {key: line for key, (line, _) in self._awaited.items()}
        with DefaultSelector() as selector:
            for line in lines.values():
                if line.outcome is None:
                    selector.register(line.socket, EVENT_READ, line)
            _hear(selector, until=min([until, *(deadline for _, deadline in self._awaited.values())]), first=first)
        for line, deadline in self._awaited.values():
            if line.outcome is None and monotonic() >= deadline:
                line.give_up()
        return self._settled(lines)


def _offer(lines: list[Line], permit: Permit) -> None:
    """Everything up to the dot, all lines side by side."""
    while speaking := [line for line in lines if line.has_more_to_say]:
        for line in speaking:
            line.speak()
        for line in speaking:
            line.listen()
        permit.keep()
    for line in lines:
        line.write()


def _ended(lines: Iterable[Line]) -> list[Line]:
    """Those on which something is to be read. Before the dot the server has nothing to say but that it hangs up."""
    with DefaultSelector() as selector:
        for line in lines:
            selector.register(line.socket, EVENT_READ, line)
        return [key.data for key, _ in selector.select(0)] if selector.get_map() else []


def _hear(selector: DefaultSelector, *, until: float, first: bool) -> None:
    """Read the answers of the lines registered as they come in."""
    while waiting := [key.data for key in selector.get_map().values()]:
        heard = [line for line in waiting if line.hears()]
        if not heard:
            heard = [key.data for key, _ in selector.select(max(0.0, until - monotonic()))]
        for line in heard:
            selector.unregister(line.socket)
            line.read_answer()
        if first or not heard:
            return
