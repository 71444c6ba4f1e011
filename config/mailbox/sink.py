"""An SMTP server on the loopback interface that stores each accepted message as one ``.eml`` file."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class EmlFolder:
    """aiosmtpd handler. The file is complete before the sender is told 250."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content or b""
        body = content.encode() if isinstance(content, str) else content
        route = f"Return-Path: <{envelope.mail_from}>\r\nDelivered-To: {', '.join(envelope.rcpt_tos)}\r\n"
        self._store(route.encode() + body, now=datetime.now(UTC))
        return "250 Kept"

    def _store(self, content: bytes, *, now: datetime) -> None:
        """Write under a name that sorts by time; the rename keeps half-written files out of the mailbox page."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        draft = self.folder / f"{name}.part"
        draft.write_bytes(content)
        draft.rename(self.folder / f"{name}.eml")


def mail_sink(folder: Path, *, host: str, port: int) -> Controller:
    """Return the server, not started: ``start()`` runs it in a thread of its own, ``stop()`` ends it.

    Raises `ValueError` for an address other machines could reach.
    """
    if not ip_address(host).is_loopback:
        raise ValueError(f"The mailbox listens on loopback addresses only, not on {host}")
    return Controller(EmlFolder(folder), hostname=host, port=port)
