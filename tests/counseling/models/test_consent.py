from __future__ import annotations

import pytest

from counseling.models import Consent
from tests.factories import NOW, ClientFactory, ConsentFactory

pytestmark = pytest.mark.django_db


def test_those_agree_who_said_so_and_did_not_take_it_back(django_assert_num_queries):
    agreed, took_back, agreed_again, never_asked = ClientFactory.create_batch(4)
    ConsentFactory(client=agreed)
    for client in (took_back, agreed_again):
        ConsentFactory(client=client, withdrawn_at=NOW)
    ConsentFactory(client=agreed_again)
    with django_assert_num_queries(1):
        assert Consent.objects.agreeing([agreed, took_back, never_asked]) == {agreed.pk}
    assert Consent.objects.agreeing({agreed.pk, agreed_again.pk}) == {agreed.pk, agreed_again.pk}
    assert Consent.objects.agreeing([]) == set()
