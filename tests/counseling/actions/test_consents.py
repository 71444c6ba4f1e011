from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.actions.consents import grant_consent, withdraw_consent
from counseling.enums import ConsentPurpose
from counseling.models import AuditEvent, Consent
from tests.factories import NOW, ClientFactory

pytestmark = pytest.mark.django_db
EMAIL = ConsentPurpose.FOLLOW_UP_EMAIL


def actions():
    return list(AuditEvent.objects.values_list("action", flat=True))


def test_granting_twice_keeps_one_and_says_so_once():
    client = ClientFactory()
    first = grant_consent(client, purpose=EMAIL, by=client.registered_by, now=NOW)
    again = grant_consent(client, purpose=EMAIL, by=None, now=NOW + timedelta(days=1))
    assert again == first
    assert client.agrees_to(EMAIL)
    assert actions() == ["consent.granted"]


def test_withdrawing_keeps_the_record_and_a_repeat_changes_nothing():
    client = ClientFactory()
    grant_consent(client, purpose=EMAIL, by=client.registered_by, now=NOW)
    assert withdraw_consent(client, purpose=EMAIL, by=None, now=NOW) is not None
    assert withdraw_consent(client, purpose=EMAIL, by=None, now=NOW + timedelta(days=1)) is None
    stored = Consent.objects.get()
    assert (stored.withdrawn_at, stored.withdrawn_by) == (NOW, None)
    assert not client.agrees_to(EMAIL)
    assert actions() == ["consent.granted", "consent.withdrawn"]


def test_it_can_be_given_again():
    client = ClientFactory()
    grant_consent(client, purpose=EMAIL, by=None, now=NOW)
    withdraw_consent(client, purpose=EMAIL, by=None, now=NOW)
    grant_consent(client, purpose=EMAIL, by=None, now=NOW + timedelta(days=1))
    assert client.agrees_to(EMAIL)
    assert Consent.objects.count() == 2
