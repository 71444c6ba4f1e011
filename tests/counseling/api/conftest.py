from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from rest_framework.test import APIClient

from counseling.actions.api_tokens import issue_api_token
from counseling.models import StaffMember
from tests.counseling.api.work import Work, work_of
from tests.factories import NOW, StaffFactory


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    """The clock stands; how much was asked for so far is forgotten."""
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def counselor(db: None) -> StaffMember:
    return StaffFactory()


@pytest.fixture
def work(counselor: StaffMember) -> Work:
    return work_of(counselor)


@pytest.fixture
def calling(db: None) -> Callable[[StaffMember], APIClient]:
    """Make a client that calls with a token of the person's."""

    def client_of(staff: StaffMember) -> APIClient:
        _token, secret = issue_api_token(staff, name="test", lifetime=timedelta(days=1), by=None, now=NOW)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
        return client

    return client_of


@pytest.fixture
def api(calling: Callable[[StaffMember], APIClient], counselor: StaffMember) -> APIClient:
    return calling(counselor)
