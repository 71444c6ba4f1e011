from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from config.mailbox.messages import list_mail
from config.mailbox.sink import mail_sink


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    sink = mail_sink(tmp_path / "mail", host="127.0.0.1", port=free_port())
    sink.start()
    yield sink.port
    sink.stop()


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "Harbor office <a@clinic.example>",
        "b@home.example",
        "¿Qué tal?",
    )
    message.set_content("Hola\n.\n..\n")
    return message


def test_what_is_accepted_is_kept_as_it_came(tmp_path: Path, port: int):
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.send_message(letter(), from_addr="bounce@clinic.example", to_addrs=["b@home.example"])
    [mail] = list_mail(tmp_path / "mail")
    assert mail.message["Return-Path"] == "<bounce@clinic.example>"
    assert mail.message["Delivered-To"] == "b@home.example"
    assert (mail.subject, mail.part("plain").splitlines()) == ("¿Qué tal?", ["Hola", ".", ".."])


def test_each_message_is_one_file_and_no_draft_stays_behind(tmp_path: Path, port: int):
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for _ in range(3):
            smtp.send_message(letter())
    assert [path.suffix for path in (tmp_path / "mail").iterdir()] == [".eml"] * 3


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])  # noqa: S104 - that is what it refuses
def test_other_machines_cannot_reach_it(tmp_path: Path, host: str):
    with pytest.raises(ValueError, match="loopback"):
        mail_sink(tmp_path, host=host, port=25)
