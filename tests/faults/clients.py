"""Clients who answer while everything around them breaks, and remember what they were told."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable
from http.client import HTTPException
from urllib.error import URLError

from tests.faults.oracle import Kept
from tests.phone import Phone
from tests.smtp_sink import Mail, Sink
from tests.stack import HOST

SECRET = "Zafiro"
"""What clients write in their own words: it must stand nowhere but in the database."""
PAUSE = 0.4


class Clients(threading.Thread):
    """One after the other opens the link of an email that arrived, answers, and sends. What fails is begun again."""

    def __init__(self, sink: Sink, address: Callable[[], str], dice: random.Random) -> None:
        super().__init__(daemon=True)
        self.kept: dict[str, Kept] = {}
        self.failures = 0
        self._sink = sink
        self._address = address
        self._dice = dice
        self._enough = threading.Event()

    def run(self) -> None:
        unlucky: list[Mail] = []
        while not self._enough.wait(PAUSE):
            mails = unlucky if unlucky and self._dice.random() < 0.5 else self._sink.mails
            if not mails:
                continue
            mail = self._dice.choice(mails)
            try:
                self._answer(mail)
            except (URLError, HTTPException, OSError):
                self.failures += 1
                unlucky.append(mail)

    def stop(self) -> None:
        self._enough.set()
        self.join()

    def _answer(self, mail: Mail) -> None:
        link = _link_in(mail)
        token = link.strip("/").rpartition("/")[2]
        answers = _answers(token)
        phone = Phone(self._address(), host=HOST)
        phone.open(link)
        for _ in range(8):
            if phone.path.endswith("/done/"):
                self.kept[token] = Kept(token, answers, raises_alert=answers["a"] == 3)
                return
            if not phone.form.is_there:
                return  # withdrawn or expired meanwhile: nothing was promised
            asked = {name: str(answers[name]) for name in phone.form.choices if name in answers}
            phone.press({**asked, "note": SECRET} if "b" in asked else asked)


def _answers(token: str) -> dict[str, object]:
    """What this client answers, whenever asked."""
    dice = random.Random(token)
    answers: dict[str, object] = {"a": dice.choice([1, 2, 3]), "gate": dice.choice([0, 1])}
    return {**answers, "b": dice.choice([1, 2, 3]), "note": SECRET} if answers["gate"] else answers


def _link_in(mail: Mail) -> str:
    found = re.search(rf"https://{HOST}(/f/\S+)", mail.message.get_body(("plain",)).get_content())
    assert found
    return found[1]
