from __future__ import annotations

import pytest

from counseling.models import FollowUp

pytestmark = pytest.mark.django_db
FOLLOW_UPS = "/api/v1/follow-ups/"


def test_a_single_one_comes_with_its_ledger(api, work):
    shown = api.get(f"{FOLLOW_UPS}{work.follow_up.pk}/").json()
    assert (shown["instrument"], shown["status"], shown["response"]) == ("small", "completed", str(work.response.pk))
    assert [event["kind"] for event in shown["ledger"]] == ["planned"]
    assert shown["deliveries"] == []


def test_nothing_shown_opens_the_clients_form(api, work):
    secret = FollowUp.objects.values_list("token_nonce", "token_digest").get(pk=work.follow_up.pk)
    for answer in (api.get(FOLLOW_UPS), api.get(f"{FOLLOW_UPS}{work.follow_up.pk}/")):
        text = answer.content.decode()
        assert "token" not in text
        assert not any(part in text for part in secret)


def test_a_draft_is_not_pointed_at(api, work):
    waiting = FollowUp.objects.exclude(pk=work.follow_up.pk).get()
    draft = type(work.response).objects.create(
        version=waiting.version, language="en", other_role="partner", other_term="my partner", started_at=waiting.due_at
    )
    FollowUp.objects.filter(pk=waiting.pk).update(response=draft)
    assert api.get(f"{FOLLOW_UPS}{waiting.pk}/").json()["response"] is None


def test_narrowing(api, work):
    other = FollowUp.objects.exclude(pk=work.follow_up.pk).get()
    for given in ({"status": "planned"}, {"client": str(other.client_id)}):
        assert [one["id"] for one in api.get(FOLLOW_UPS, given).json()["results"]] == [str(other.pk)]
