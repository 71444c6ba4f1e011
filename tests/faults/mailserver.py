"""A mail server with the moods that mail servers have, told by recipient and by the moment."""

from __future__ import annotations

import random
from threading import Event, Lock
from time import monotonic

from tests.smtp_sink import CUT, HANG, Conversation

MOODS = {"later": 0.02, "never": 0.01, "slow": 0.004, "cut": 0.003, "hang": 0.001}
"""How many of all recipients begin with the word, and get treated that way."""
LEFT_HANGING = ("cut", "hang")
"""Those whose email is taken and never answered for."""


def name_recipient(dice: random.Random) -> str:
    """A recipient's name without its number."""
    mood = dice.choices([*MOODS, "client"], [*MOODS.values(), 1 - sum(MOODS.values())])[0]
    return str(mood)


class Moods:
    """A script for the sink. While it sulks it signs nobody in; once calm it cuts and hangs no more."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._lock = Lock()
        self._sulks_until = 0.0
        self._calm = Event()

    def sulk(self, seconds: float) -> None:
        self._sulks_until = monotonic() + seconds

    def calm_down(self) -> None:
        self._calm.set()

    def __call__(self, verb: str, conversation: Conversation) -> str | None:
        if verb == "AUTH" and monotonic() < self._sulks_until:
            return "535 5.7.8 bad credentials"
        mood = conversation.recipient.partition("-")[0]
        if (verb, mood) == ("RCPT", "never"):
            return "550 5.1.1 no such mailbox"
        if (verb, mood) == ("RCPT", "later"):
            return None if self._is_known(conversation.recipient) else "451 4.3.0 later"
        if verb == "DOT" and not self._calm.is_set():
            return self._after_the_dot(mood)
        return None

    def _after_the_dot(self, mood: str) -> str | None:
        if mood == "slow":
            self._calm.wait(2)
        return {"cut": CUT, "hang": HANG}.get(mood)

    def _is_known(self, recipient: str) -> bool:
        with self._lock:
            known = recipient in self._seen
            self._seen.add(recipient)
            return known
