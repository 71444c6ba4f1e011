"""Reads the sink's folder. Message ids are file names without ``.eml``; they sort by time of arrival."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import islice
from pathlib import Path

ID = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}")


class MessageNotFound(Exception):
    """There is no message of that id."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One stored message and when it arrived."""

    id: str
    message: EmailMessage

    @property
    def received_at(self) -> datetime:
        return datetime.strptime(self.id.partition("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)

    @property
    def sender(self) -> str:
        return str(self.message.get("From", ""))

    @property
    def recipient(self) -> str:
        return str(self.message.get("To", ""))

    @property
    def subject(self) -> str:
        return str(self.message.get("Subject", ""))

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    def part(self, subtype: str) -> str:
        """The ``html`` or ``plain`` body, empty when the message has none."""
        body = self.message.get_body(preferencelist=(subtype,))
        return str(body.get_content()) if body else ""


def read_mail(folder: Path, mail_id: str) -> Mail:
    """Read one message. Raises `MessageNotFound`, also for an id that is no id."""
    path = folder / f"{mail_id}.eml"
    if not ID.fullmatch(mail_id) or not path.is_file():
        raise MessageNotFound(mail_id)
    return _parse(path)


def list_mail(folder: Path, *, before: str = "", limit: int = 50) -> list[Mail]:
    """Newest first, at most ``limit``; ``before`` is the id of the last one on the page above."""
    return [_parse(path) for path in islice(_newest_first(folder, before), limit)]


def _newest_first(folder: Path, before: str) -> Iterator[Path]:
    for path in sorted(folder.glob("*.eml"), reverse=True):
        if not before or path.stem < before:
            yield path


def _parse(path: Path) -> Mail:
    return Mail(id=path.stem, message=message_from_bytes(path.read_bytes(), policy=policy.default))
