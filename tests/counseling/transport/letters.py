"""An envelope, and permits that note what they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from counseling.transport import Envelope

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


@dataclass
class Permission:
    """Gives leave, or not; ``asked`` counts the questions and ``kept`` the signs of progress."""

    gives: bool = True
    asked: int = 0
    kept: int = 0
    at_handoff: list[Any] = field(default_factory=list)
    """Called when leave is asked, to see how far things are by then."""

    def keep(self) -> None:
        self.kept += 1

    def hand_over(self) -> bool:
        self.asked += 1
        for look in self.at_handoff:
            look()
        return self.gives
