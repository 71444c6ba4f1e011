from __future__ import annotations

import pytest

from counseling.outbox.queueing import queue_reminders
from counseling.outbox.writing import write_envelope
from tests.counseling.outbox.mailing import (
    DAY,
    MORNING,
    claimed,
    client_of,
    handed_over,
    settle_accepted,
)

pytestmark = pytest.mark.django_db


def test_the_headers_say_that_a_machine_wrote_and_how_to_stop_it():
    delivery = claimed()
    headers = write_envelope(delivery, now=MORNING).headers
    assert headers["Message-ID"] == f"<{delivery.pk}@clinic.example>"
    assert headers["Date"] == "Tue, 03 Mar 2026 15:00:00 +0000"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["List-Unsubscribe"].startswith("<https://clinic.example/stop/")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Reply-To" not in headers


def test_sender_recipient_and_reply_address():
    delivery = claimed()
    clinic = client_of(delivery).clinic
    clinic.sender_name, clinic.reply_to = "Harbor\r\noffice", "office@harbor.example"
    envelope = write_envelope(delivery, now=MORNING)
    assert (envelope.sender_name, envelope.sender) == ("Harbor office", "follow-up@clinic.example")
    assert envelope.recipient == client_of(delivery).email
    assert envelope.headers["Reply-To"] == "office@harbor.example"


def test_written_again_it_is_the_same_email():
    delivery = claimed()
    assert write_envelope(delivery, now=MORNING) == write_envelope(delivery, now=MORNING)


def test_a_reminder_has_words_and_an_id_of_its_own_and_the_same_link():
    invitation = handed_over()
    first = write_envelope(invitation, now=MORNING)
    settle_accepted(invitation, code=250, now=MORNING)
    queue_reminders(now=MORNING + 3 * DAY)
    reminder = invitation.follow_up.deliveries.get(kind="reminder")
    second = write_envelope(reminder, now=MORNING)
    assert first.subject != second.subject
    assert first.headers["Message-ID"] != second.headers["Message-ID"]
    links = [word for word in first.text.split() if "/f/" in word]
    assert links == [word for word in second.text.split() if "/f/" in word]
    assert len(links) == 1


def test_writing_queries_nothing(django_assert_num_queries):
    delivery = claimed()
    with django_assert_num_queries(0):
        write_envelope(delivery, now=MORNING)
