"""How people come into the API of assessments in this project: as they come into the one beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from counseling.actions.api_tokens import issue_api_token
from counseling.enums import StaffRole
from tests.assessments.fhir.forms import form, item
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/questionnaires/"


@pytest.fixture(autouse=True)
def _nothing_asked_so_far():
    cache.clear()


def by_token(role: StaffRole) -> APIClient:
    staff = StaffFactory(role=role, user__is_staff=True)
    _token, secret = issue_api_token(staff, name="test", lifetime=timedelta(days=1), by=None, now=timezone.now())
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    return client


@pytest.mark.parametrize(
    ("role", "status"), [(StaffRole.CLINIC_ADMIN, 201), (StaffRole.SUPERVISOR, 403), (StaffRole.COUNSELOR, 403)]
)
def test_a_token_sends_questionnaires_where_its_role_may(role, status):
    assert by_token(role).post(ADDRESS, form(item("a")), format="json").status_code == status


def test_without_a_token_nobody_comes_in():
    assert APIClient().post(ADDRESS, form(item("a")), format="json").status_code == 401


def test_a_browser_needs_more_than_its_cookie():
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(StaffFactory(role=StaffRole.CLINIC_ADMIN, user__is_staff=True).user)
    answer = browser.post(ADDRESS, form(item("a")), format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_one_person_sends_so_many_and_no_more():
    client = by_token(StaffRole.CLINIC_ADMIN)
    statuses = [client.post(ADDRESS, {}, format="json").status_code for _ in range(121)]
    assert (set(statuses[:120]), statuses[120]) == ({400}, 429)
