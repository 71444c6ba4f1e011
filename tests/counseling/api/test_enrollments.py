from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.models import Consent, Enrollment, FollowUp
from tests.factories import NOW, CaseFactory, PlanFactory, StepFactory

pytestmark = pytest.mark.django_db
ENROLLMENTS = "/api/v1/enrollments/"
TOMORROW = NOW.date() + timedelta(days=1)


@pytest.fixture
def plan(work):
    plan = PlanFactory(clinic=work.counselor.clinic)
    StepFactory(plan=plan, instrument=work.follow_up.version.instrument, occurrences=3)
    return plan


def wanted(work, plan):
    return {"case": str(work.case.pk), "plan": str(plan.pk), "start_on": str(TOMORROW)}


def test_the_preview_shows_what_creating_then_writes(api, work, plan):
    preview = api.post(f"{ENROLLMENTS}preview/", wanted(work, plan), format="json").json()
    assert Enrollment.objects.count() == 1
    created = api.post(ENROLLMENTS, wanted(work, plan), format="json")
    enrollment = Enrollment.objects.get(pk=created.json()["id"])
    assert (created.status_code, enrollment.started_by, enrollment.start_on) == (201, work.counselor, TOMORROW)
    shown = {
        (person["client"]["id"], planned["occurrence"], planned["due_at"])
        for person in preview["people"]
        for planned in person["follow_ups"]
    }
    written = {
        (str(one.client_id), one.occurrence, one.due_at.isoformat().replace("+00:00", "Z"))
        for one in enrollment.follow_ups.all()
    }
    assert (len(written), written) == (6, shown)


def test_the_preview_names_what_keeps_emails_away(api, work, plan):
    Consent.objects.filter(client=work.client).update(withdrawn_at=NOW)
    people = api.post(f"{ENROLLMENTS}preview/", wanted(work, plan), format="json").json()["people"]
    assert {person["client"]["id"]: person["problems"] for person in people} == {
        str(work.case.members[0].pk): ["no_consent"],
        str(work.case.members[1].pk): [],
    }


def test_rows_out_of_reach_do_not_exist(api, work, plan):
    for name, foreign in (("case", CaseFactory().pk), ("plan", PlanFactory().pk)):
        for address in (ENROLLMENTS, f"{ENROLLMENTS}preview/"):
            answer = api.post(address, {**wanted(work, plan), name: foreign}, format="json")
            assert (answer.status_code, list(answer.json()["fields"])) == (400, [name])


def test_a_plan_that_is_no_longer_offered_does_not_exist(api, work, plan):
    plan.is_active = False
    plan.save(update_fields=["is_active"])
    answer = api.post(ENROLLMENTS, wanted(work, plan), format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["plan"])


def test_ending_cancels_what_is_unanswered(api, work):
    answer = api.post(f"{ENROLLMENTS}{work.enrollment.pk}/end/")
    assert (answer.status_code, answer.json()["status"]) == (200, "ended")
    assert set(FollowUp.objects.values_list("status", flat=True)) == {"completed", "cancelled"}
    assert api.post(f"{ENROLLMENTS}{work.enrollment.pk}/end/").status_code == 409


def test_a_plan_is_paused_and_taken_up_again(api, work, plan):
    created = api.post(ENROLLMENTS, wanted(work, plan), format="json").json()
    address = f"{ENROLLMENTS}{created['id']}/"
    assert api.post(f"{address}pause/").json()["status"] == "paused"
    assert api.post(f"{address}pause/").status_code == 409
    refused = api.post(f"{address}resume/", {}, format="json")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["moves_later"])
    assert api.post(f"{address}resume/", {"moves_later": False}, format="json").json()["status"] == "active"
    assert set(FollowUp.objects.filter(enrollment=created["id"]).values_list("status", flat=True)) == {"planned"}


def test_a_plan_gets_a_last_day_and_a_later_first(api, work, plan):
    created = api.post(ENROLLMENTS, {**wanted(work, plan), "end_on": str(TOMORROW)}, format="json").json()
    assert FollowUp.objects.filter(enrollment=created["id"]).count() == 2
    changed = {"start_on": str(TOMORROW + timedelta(days=1)), "end_on": None}
    answer = api.post(f"{ENROLLMENTS}{created['id']}/change/", changed, format="json")
    assert (answer.status_code, answer.json()["end_on"]) == (200, None)
    assert FollowUp.objects.filter(enrollment=created["id"], status="planned").count() == 6
