from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.actions.consents import grant_consent, withdraw_consent
from counseling.actions.stopping import PURPOSE, may_resume, resume_emails, stop_emails
from counseling.exceptions import NotAllowed
from counseling.models import AuditEvent, Consent
from tests.factories import NOW, ClientFactory, ConsentFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def client():
    client = ClientFactory()
    ConsentFactory(client=client)
    return client


def test_stopping_withdraws_the_consent_in_the_clients_own_name(client):
    stop_emails(client, now=LATER)
    consent = Consent.objects.get()
    assert (consent.withdrawn_at, consent.withdrawn_by, client.agrees_to(PURPOSE)) == (LATER, None, False)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor) == ("consent.withdrawn", None)


def test_stopping_again_changes_nothing(client):
    stop_emails(client, now=LATER)
    stop_emails(client, now=LATER + timedelta(days=1))
    assert (Consent.objects.get().withdrawn_at, AuditEvent.objects.count()) == (LATER, 1)


def test_resuming_grants_it_anew_and_keeps_the_history(client):
    stop_emails(client, now=LATER)
    resume_emails(client, now=LATER + timedelta(days=1))
    assert client.agrees_to(PURPOSE)
    assert list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True)) == [
        "consent.withdrawn",
        "consent.granted",
    ]
    assert Consent.objects.count() == 2


def test_resuming_what_never_stopped_changes_nothing(client):
    resume_emails(client, now=LATER)
    assert (Consent.objects.count(), AuditEvent.objects.count()) == (1, 0)


def test_nobody_who_never_agreed_can_resume():
    stranger = ClientFactory()
    with pytest.raises(NotAllowed):
        resume_emails(stranger, now=LATER)
    assert not stranger.agrees_to(PURPOSE)


def test_what_staff_ended_cannot_be_resumed_by_link(client):
    withdraw_consent(client, purpose=PURPOSE, by=client.registered_by, now=LATER)
    assert not may_resume(client)
    with pytest.raises(NotAllowed):
        resume_emails(client, now=LATER)
    assert not client.agrees_to(PURPOSE)


def test_the_latest_withdrawal_decides(client):
    stop_emails(client, now=LATER)
    grant_consent(client, purpose=PURPOSE, by=client.registered_by, now=LATER)
    withdraw_consent(client, purpose=PURPOSE, by=client.registered_by, now=LATER + timedelta(days=1))
    assert not may_resume(client)
