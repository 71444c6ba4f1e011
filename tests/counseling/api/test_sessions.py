from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.models import Session
from tests.factories import NOW, CaseFactory

pytestmark = pytest.mark.django_db
SESSIONS = "/api/v1/sessions/"
LATER = NOW + timedelta(days=14)


def test_planning_one(api, work):
    answer = api.post(SESSIONS, {"case": work.case.pk, "starts_at": LATER, "minutes": 90}, format="json")
    session = Session.objects.get(pk=answer.json()["id"])
    assert (answer.status_code, session.case, session.counselor) == (201, work.case, work.counselor)
    assert (session.starts_at, session.minutes, session.status) == (LATER, 90, "scheduled")


def test_a_case_out_of_reach_does_not_exist(api):
    answer = api.post(SESSIONS, {"case": CaseFactory().pk, "starts_at": LATER}, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["case"])


def test_moving_and_settling_one(api, work):
    address = f"{SESSIONS}{work.session.pk}/"
    moved = api.post(f"{address}reschedule/", {"starts_at": LATER}, format="json")
    assert (moved.status_code, Session.objects.get().starts_at) == (200, LATER)
    settled = api.post(f"{address}settle/", {"outcome": "held"}, format="json")
    assert (settled.status_code, settled.json()["status"]) == (200, "held")
    again = api.post(f"{address}settle/", {"outcome": "no_show"}, format="json")
    assert (again.status_code, again.json()["code"], Session.objects.get().status) == (409, "illegal_move", "held")


def test_scheduled_is_no_outcome(api, work):
    answer = api.post(f"{SESSIONS}{work.session.pk}/settle/", {"outcome": "scheduled"}, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["outcome"])


def test_narrowing_by_time(api, work):
    at = work.session.starts_at
    for given, count in (({"starts_from": at}, 1), ({"starts_before": at}, 0), ({"status": "held"}, 0)):
        values = {name: getattr(value, "isoformat", lambda value=value: value)() for name, value in given.items()}
        assert len(api.get(SESSIONS, values).json()["results"]) == count


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "soon"])
def test_a_time_outside_the_calendar_is_a_wrong_value(moment, api):
    answer = api.get(SESSIONS, {"starts_before": moment})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["starts_before"])
