from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from config.csp import HEADER

ID = "20260302T120000000000-0123abcd"


@pytest.fixture
def mailbox(tmp_path: Path, settings):
    settings.MAILBOX_DIR = tmp_path
    settings.ROOT_URLCONF = "config.urls_embedded"
    return tmp_path


def letter(folder: Path, *, html: str = "", text: str = "Hello") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@clinic.example", "b@home.example", "<i>Subject</i>"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    (folder / f"{ID}.eml").write_bytes(message.as_bytes())


def test_the_list_shows_what_arrived(mailbox: Path, client: Client):
    letter(mailbox)
    page = client.get("/mailbox/").content.decode()
    assert f'href="/mailbox/{ID}/"' in page
    assert "&lt;i&gt;Subject&lt;/i&gt;" in page


def test_the_list_leads_on_to_older_mail(mailbox: Path, client: Client):
    for second in range(51):
        (mailbox / f"20260302T1200{second:02}000000-0123abcd.eml").write_bytes(b"Subject: x\r\n\r\n")
    page = client.get("/mailbox/").content.decode()
    assert 'href="?before=20260302T120001000000-0123abcd"' in page
    older = client.get("/mailbox/", {"before": "20260302T120001000000-0123abcd"}).content.decode()
    assert older.count("<li>") == 1
    assert "before=" not in older


def test_an_empty_mailbox_says_so(mailbox: Path, client: Client):
    assert b"No mail yet" in client.get("/mailbox/").content


def test_a_message_is_framed_and_its_text_has_links(mailbox: Path, client: Client):
    letter(mailbox, html="<p>Hello</p>", text="Open https://clinic.example/f/abc/ please <script>")
    page = client.get(f"/mailbox/{ID}/").content.decode()
    assert f'<iframe src="/mailbox/{ID}/html/"' in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert '<a href="https://clinic.example/f/abc/"' in page
    assert "&lt;script&gt;" in page


def test_mail_without_formatted_text_has_no_frame(mailbox: Path, client: Client):
    letter(mailbox)
    assert b"<iframe" not in client.get(f"/mailbox/{ID}/").content


def test_formatted_mail_may_style_itself_and_nothing_else(mailbox: Path, client: Client):
    letter(mailbox, html="<p>Hello</p>")
    response = client.get(f"/mailbox/{ID}/html/")
    assert response.content == b'<base target="_blank"><p>Hello</p>\n'
    assert response.headers[HEADER] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", ["mailbox:message", "mailbox:html"])
def test_mail_that_is_not_there_is_not_found(mailbox: Path, client: Client, name: str):
    assert client.get(reverse(name, args=[ID])).status_code == 404


def test_other_modes_have_no_mailbox():
    with pytest.raises(NoReverseMatch):
        reverse("mailbox:list", urlconf="config.urls")
    with pytest.raises(Resolver404):
        resolve("/mailbox/", urlconf="config.urls")
