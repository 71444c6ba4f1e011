from __future__ import annotations

import pytest

from counseling.api import throttling
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db
CLIENTS = "/api/v1/clients/"


def test_reads_and_writes_have_budgets_of_their_own_for_each_person(monkeypatch, api, calling, counselor):
    monkeypatch.setattr(throttling, "RATES", {"counseling_read": "2/min", "counseling_write": "1/min"})
    reads = [api.get(CLIENTS).status_code for _ in range(3)]
    writes = [api.post(CLIENTS, {"given_name": "Ana"}, format="json") for _ in range(2)]
    assert (reads, [answer.status_code for answer in writes]) == ([200, 200, 429], [201, 429])
    assert (writes[-1].json()["code"], writes[-1].headers["Retry-After"]) == ("throttled", "60")
    assert calling(StaffFactory(clinic=counselor.clinic)).get(CLIENTS).status_code == 200


def test_a_host_project_sets_its_own(settings, api):
    rest = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"counseling_read": "1/min"}}
    settings.REST_FRAMEWORK = rest
    assert [api.get(CLIENTS).status_code for _ in range(2)] == [200, 429]
