"""An envelope, and permits that note what they are asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from counseling.transport import Envelope, Outcome

HEADERS = {
    "Message-ID": "<one@clinic.example>",
    "Date": "Mon, 02 Mar 2026 12:00:00 +0000",
    "List-Unsubscribe": "<https://follow-ups.a-rather-long-name-of-a-clinic.example/stop/" + 64 * "A" + "/>",
}


def letter(**changes: Any) -> Envelope:
    facts: dict[str, Any] = {
        "sender": "follow-up@clinic.example",
        "sender_name": "Harbor office",
        "recipient": "ada@mail.example",
        "subject": "A few questions",
        "text": "Hello,\n.a line with a dot\n",
        "html": "<p>Hello</p>",
        "headers": HEADERS,
    }
    return Envelope(**{**facts, **changes})


ONE = UUID(int=1)


def send(transport: Any, envelope: Envelope, permission: Permission) -> Outcome | None:
    """Send one email by itself; None while it is not known what became of it."""
    return transport.send({ONE: envelope}, permission).get(ONE)


@dataclass
class Permission:
    """Gives leave, except for ``refused``. ``asked`` lists what was asked for, ``kept`` counts signs of progress."""

    refused: set[UUID] = field(default_factory=set)
    asked: list[list[UUID]] = field(default_factory=list)
    kept: int = 0
    at_handoff: list[Any] = field(default_factory=list)
    """Called when leave is asked, to see how far things are by then."""

    def keep(self) -> None:
        self.kept += 1

    def hand_over(self, offered: Collection[UUID]) -> list[UUID]:
        self.asked.append([*offered])
        for look in self.at_handoff:
            look()
        return [key for key in offered if key not in self.refused]
