from __future__ import annotations

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from counseling.actions.api_tokens import issue_api_token, revoke_api_token
from counseling.models import StaffMember
from tests.factories import NOW

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"


def answer_to(secret):
    return APIClient(headers={"Authorization": f"Token {secret}"}).get(CASES)


def issue(staff, **changes):
    return issue_api_token(staff, **{"name": "sync", "lifetime": timedelta(days=1), "by": None, "now": NOW, **changes})


def test_a_token_acts_as_its_staff_member(work):
    _token, secret = issue(work.counselor)
    assert [case["id"] for case in answer_to(secret).json()["results"]] == [str(work.case.pk)]


def test_a_token_ends_when_revoked_expired_or_its_person_leaves(counselor):
    revoked, revoked_secret = issue(counselor)
    revoke_api_token(revoked, by=None, now=NOW)
    _expired, expired_secret = issue(counselor, now=NOW - timedelta(days=1))
    _token, secret = issue(counselor)
    assert answer_to(secret).status_code == 200
    StaffMember.objects.filter(pk=counselor.pk).update(is_active=False)
    refusals = [answer_to(each) for each in (revoked_secret, expired_secret, secret, "idp_never")]
    assert {answer.status_code for answer in refusals} == {401}
    assert len({answer.content for answer in refusals}) == 1


def test_an_account_that_was_closed_takes_its_tokens_along(counselor):
    _token, secret = issue(counselor)
    counselor.user.is_active = False
    counselor.user.save(update_fields=["is_active"])
    assert answer_to(secret).status_code == 401


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token \u00e9", "Bearer idp_x", "Token idp_" + "x" * 5000])
def test_a_header_that_makes_no_sense_is_refused(header, counselor):
    answer = APIClient().get(CASES, HTTP_AUTHORIZATION=header)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Token")


def test_a_browser_reads_with_its_session_and_writes_with_its_csrf_token(work):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(work.counselor.user)
    assert browser.get(CASES).status_code == 200
    hold = f"{CASES}{work.case.pk}/hold/"
    assert browser.post(hold).status_code == 403
    browser.cookies["csrftoken"] = token = "a" * 32
    assert browser.post(hold, headers={"X-CSRFToken": token}).status_code == 200


def test_answers_are_kept_by_nobody(api, work):
    for answer in (api.get(CASES), api.get(f"{CASES}x/"), APIClient().get(CASES)):
        assert answer.headers["Cache-Control"] == "no-store"
