"""The judge itself: in a world where a promise was broken, it says which."""

from __future__ import annotations

import time as clocks
from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from assessments.models import Response, Score
from counseling.links import form_token
from counseling.models import Clinic, Delivery, Finding, FollowUp
from counseling.outbox.queueing import queue_invitations
from tests.couples import answer, enrolled, wave
from tests.faults.oracle import (
    Journal,
    Kept,
    against_will,
    by_night,
    is_night,
    miscounted,
    misdirected,
    spoken,
    unended,
    unkept,
)
from tests.load import due_follow_ups
from tests.smtp_sink import Mail, Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery() -> Delivery:
    now = datetime.now(UTC)
    due_follow_ups(1, now=now)
    queue_invitations(now=now)
    return Delivery.objects.get()


def left(state: str, **facts: object) -> None:
    Delivery.objects.update(state=state, **{"handed_over_at": datetime.now(UTC), **facts})


def arrived(sink: Sink, delivery: Delivery, *, recipient: str = "client0@mail.example", times: int = 1) -> None:
    content = f"Message-ID: {delivery.message_id}\r\n\r\nCanaria\r\n".encode()
    sink.notes.mails += [Mail("clinic", recipient, content, clocks.time(), 1)] * times


def test_all_is_well_when_what_was_sent_arrived_once(sink, delivery):
    left("sent")
    arrived(sink, delivery)
    assert [*unended(), *miscounted(sink)] == []


@pytest.mark.parametrize("state", ["due", "handoff"])
def test_what_did_not_end_is_named(delivery, state):
    left(state)
    assert [*unended()] == [f"{delivery.message_id}: left {state}"]


def test_what_was_never_asked_is_named():
    (follow_up,) = due_follow_ups(1, now=datetime.now(UTC))
    assert [*unended()] == [f"{follow_up.pk}: planned, and no email about it"]


@pytest.mark.parametrize(
    ("state", "times", "complaint"),
    [
        ("sent", 0, "sent, yet never accepted"),
        ("sent", 2, "accepted 2 times"),
        ("dead", 1, "accepted, yet dead"),
    ],
)
def test_what_was_counted_wrongly_is_named(sink, delivery, state, times, complaint):
    left(state)
    arrived(sink, delivery, times=times)
    assert [*miscounted(sink)] == [f"{delivery.message_id}: {complaint}"]


def test_an_email_to_somebody_else_and_one_too_many_are_named(sink, delivery):
    journal = Journal(recipients={str(delivery.follow_up_id): "client0@mail.example"})
    arrived(sink, delivery, recipient="other@mail.example")
    assert [*misdirected(sink, journal)] == [
        "other@mail.example: got 1",
        f"{delivery.message_id}: meant for somebody else",
    ]


def test_an_email_after_a_revocation_is_named(delivery):
    left("sent")
    before = timezone.now() - timedelta(minutes=1)
    journal = Journal(revoked={str(delivery.follow_up_id): before})
    assert [*against_will(journal)] == [f"{delivery.follow_up_id}: handed over after the revocation"]
    left("sent", handed_over_at=before - timedelta(seconds=1))
    assert [*against_will(journal)] == []


def test_an_email_by_night_is_named(sink, delivery):
    left("sent")
    arrived(sink, delivery)
    now = datetime.now(UTC)
    dusk, dawn = ((now + timedelta(hours=hours)).time() for hours in (-1, 1))
    Clinic.objects.update(quiet_from=dusk, quiet_until=dawn)
    assert [*by_night(sink)] == [f"{delivery.message_id}: left by night"]
    Clinic.objects.update(quiet_from=dawn, quiet_until=dusk)
    assert [*by_night(sink)] == []


def test_the_wall_clock_tells_the_night(sink, delivery):
    """Noon in London is night in Auckland."""
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    hours = (time(21), time(8))
    assert (is_night(noon, "Europe/London", *hours), is_night(noon, "Pacific/Auckland", *hours)) == (False, True)


@pytest.fixture
def answered() -> FollowUp:
    return answer(wave(enrolled(), 1)[0], hurt=4)


def kept(follow_up: FollowUp) -> Kept:
    return Kept(form_token(follow_up), Response.objects.get().answers, raises_alert=True)


def test_answers_that_are_there_are_no_matter(answered):
    assert [*unkept([kept(answered)])] == []


def test_answers_that_are_not_as_acknowledged_are_named(answered):
    told = kept(answered)
    Response.objects.update(answers={})
    assert [*unkept([told])] == [f"{answered.pk}: other answers than were given"]


def test_missing_scores_and_a_silent_alarm_are_named(answered):
    told = kept(answered)
    Score.objects.all()._raw_delete("default")
    Finding.objects.update(pattern="enmeshed")
    assert [*unkept([told])] == [
        f"{answered.pk}: 0 scores on 0 scales",
        f"{answered.pk}: an answer that should have raised the alarm and did not",
    ]


def test_a_word_outside_of_the_database_is_named(sink, delivery):
    arrived(sink, delivery)
    found = [*spoken(["Canaria"], texts={"worker.log": "Canaria", "redis": ""}, mails=sink.mails)]
    assert found == ["'Canaria' in worker.log", "'Canaria' in the email to client0@mail.example"]
