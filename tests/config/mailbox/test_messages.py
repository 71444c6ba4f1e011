from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.mailbox.messages import MessageNotFound, list_mail, read_mail

PLAIN = b"From: a@clinic.example\r\nTo: b@home.example\r\nSubject: Hello\r\n\r\nBody\r\n"


def keep(folder: Path, second: int, content: bytes = PLAIN) -> str:
    mail_id = f"20260302T1200{second:02}000000-0123abcd"
    (folder / f"{mail_id}.eml").write_bytes(content)
    return mail_id


def test_a_message_says_what_it_is_and_when_it_came(tmp_path: Path):
    mail = read_mail(tmp_path, keep(tmp_path, 7))
    assert (mail.sender, mail.recipient, mail.subject) == ("a@clinic.example", "b@home.example", "Hello")
    assert mail.received_at == datetime(2026, 3, 2, 12, 0, 7, tzinfo=UTC)
    assert (mail.part("plain").strip(), mail.part("html")) == ("Body", "")
    assert ("Subject", "Hello") in mail.headers


def test_newest_first_and_page_by_page(tmp_path: Path):
    ids = [keep(tmp_path, second) for second in range(5)]
    first = [mail.id for mail in list_mail(tmp_path, limit=2)]
    rest = [mail.id for mail in list_mail(tmp_path, before=first[-1], limit=9)]
    assert first + rest == ids[::-1]


def test_an_empty_mailbox_is_empty(tmp_path: Path):
    assert list_mail(tmp_path / "not made yet") == []


@pytest.mark.parametrize("mail_id", ["", "../secrets", "20260302T120000000000-00000000", "*"])
def test_nothing_outside_the_folder_can_be_named(tmp_path: Path, mail_id: str):
    (tmp_path.parent / "secrets.eml").write_bytes(PLAIN)
    with pytest.raises(MessageNotFound):
        read_mail(tmp_path, mail_id)


def test_headers_a_message_lacks_are_empty(tmp_path: Path):
    mail = read_mail(tmp_path, keep(tmp_path, 0, b"\r\nnothing but a body"))
    assert (mail.sender, mail.recipient, mail.subject) == ("", "", "")
