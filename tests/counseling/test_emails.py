from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.utils import translation

from counseling.emails import invitation, reminder
from counseling.links import form_link, new_link, stop_link
from counseling.models import Client, Clinic, FollowUp

CANARIES = (
    "Adelaida",
    "Quintero",
    "Bernardo",
    "Harbor",
    "Couples",
    "partner",
    "pareja",
    "counsel",
    "consej",
    "clinic ",
)
WRITERS = pytest.mark.parametrize("write", [invitation, reminder])
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


def follow_up(language: str = "en") -> FollowUp:
    pk = UUID("01a20bd6-35b5-726a-954c-0be6ee14b775")
    clinic = Clinic(name="Harbor Couples Counseling", sender_name="Front desk")
    client = Client(
        id=pk,
        clinic=clinic,
        given_name="Adelaida",
        family_name="Quintero",
        email="adelaida@mail.example",
        time_zone="Asia/Tokyo",  # moved since
        language=language,
    )
    closes = datetime(2026, 3, 10, 13, tzinfo=UTC)
    return FollowUp(id=pk, client=client, time_zone="America/New_York", expires_at=closes, **new_link(pk))


@WRITERS
@LANGUAGES
def test_nothing_in_an_email_tells_who_it_is_about_or_what(write, language):
    """Somebody reads over a shoulder: no names, not even the client's own, no topic, no clinic."""
    email = write(follow_up(language))
    shown = f"{email.subject} {email.text} {email.html}".replace("https://clinic.example/", "")
    assert [word for word in CANARIES if word.lower() in shown.lower()] == []


@WRITERS
@LANGUAGES
def test_both_bodies_have_the_link_and_the_way_to_stop(write, language):
    row = follow_up(language)
    email = write(row)
    for body in (email.text, email.html):
        assert body.count(form_link(row)) == 1
        assert body.count(stop_link(row)) == 1
    assert email.stop_link == stop_link(row)


@WRITERS
def test_an_email_is_written_in_the_clients_language_whoever_sends_it(write):
    with translation.override("es"):
        english = write(follow_up("en"))
    spanish = write(follow_up("es"))
    assert (english.language, spanish.language) == ("en", "es")
    assert "Hello," in english.text
    assert "Hola:" in spanish.text
    assert '<html lang="es">' in spanish.html
    assert english.subject != spanish.subject
    assert translation.get_language() == "en"


def test_no_english_is_left_in_a_spanish_email():
    for write in (invitation, reminder):
        english, spanish = write(follow_up("en")), write(follow_up("es"))
        lines = {line for line in english.text.splitlines() if line and "https://" not in line}
        assert lines.isdisjoint(spanish.text.splitlines())


def test_the_last_moment_is_told_in_the_clients_own_time_and_words():
    assert "Open until March 10, 2026, 9 a.m.\n" in invitation(follow_up("en")).text
    assert "hasta el 10 de marzo de 2026 a las 09:00" in invitation(follow_up("es")).text


@WRITERS
def test_the_html_needs_nothing_from_anywhere(write):
    """Styles are inline, and nothing is loaded that would tell somebody that the email was opened."""
    html = write(follow_up()).html
    assert [tag for tag in ("<style", "<img", "<link", "<script", "src=", "url(") if tag in html] == []
    assert 'style="' in html


@WRITERS
def test_the_text_is_plain(write):
    text = write(follow_up()).text
    assert "&#x27;" not in text
    assert "\n\n\n" not in text
    assert text == text.strip() + "\n"


def test_an_email_shows_nothing_in_logs():
    assert "https://" not in repr(invitation(follow_up()))
