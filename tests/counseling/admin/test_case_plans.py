from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from counseling.actions.pausing import pause_enrollment
from counseling.enums import Anchor, Cadence
from counseling.models import Client, Enrollment, FollowUp, FollowUpPlan, Session
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import couple
from tests.factories import NOW, PlanFactory, StepFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(work, counselor):
    """A couple on a plan of three occasions and of questions after each session."""
    from counseling.actions.enrollments import start_enrollment

    case = couple(work.counselor, "Iris", "Finn")
    plan = PlanFactory(clinic=case.clinic, name="Weekly")
    instrument = work.plan.steps.get().instrument
    StepFactory(plan=plan, instrument=instrument, occurrences=3)
    StepFactory(plan=plan, instrument=instrument, position=2, anchor=Anchor.AFTER_SESSION, cadence=Cadence.ONCE)
    start_enrollment(case, plan, start_on=date(2026, 3, 5), by=work.counselor, now=NOW)
    return case


def page_of(case):
    return reverse("admin:counseling_case_change", args=[case.pk])


def plan_of(case):
    return Enrollment.objects.get(case=case)


def press(browser, case, move, **posted):
    return browser.post(page_of(case), {"move": move, "enrollment": plan_of(case).pk, **posted})


def confirm(browser, url, page):
    return browser.post(url, {**dict(page.context["posted"]), "shown": page.context["shown"]})


@pytest.mark.parametrize(
    ("move", "summary", "status"),
    [("pause_plan", "6 invitations wait.", "paused"), ("end_enrollment", "6 invitations are cancelled.", "ended")],
)
def test_a_button_shows_first_what_it_does(move, summary, status, counselor, case):
    page = press(counselor, case, move)
    assert (page.status_code, page.context["summary"]) == (200, summary)
    assert [group.title for group in page.context["groups"]] == ["Finn Zwart", "Iris Zwart"]
    assert page.text.count("Thu, Mar 5, 2026, 9 a.m. (New York)") == 2
    assert plan_of(case).status == "active"
    answer = confirm(counselor, page_of(case), page)
    assert answer.url == page_of(case) + "#follow-ups"
    assert plan_of(case).status == status


def test_taking_a_plan_up_again_is_a_choice_of_two(work, counselor, case):
    pause_enrollment(plan_of(case), by=work.counselor, now=NOW)
    page = counselor.get(page_of(case))
    assert "Take it up again:" in page.text
    left_out = press(counselor, case, "resume_plan")
    moved = press(counselor, case, "move_plan_later")
    assert (left_out.context["summary"], moved.context["summary"]) == (
        "6 invitations stay as planned.",
        "6 invitations move.",
    )
    confirm(counselor, page_of(case), moved)
    assert FollowUp.objects.filter(case=case, status="planned", occurrence=1).first().local_date == date(2026, 3, 6)


def test_other_dates_are_shown_before_they_count(counselor, case):
    url = reverse("admin:counseling_case_change_plan", args=[case.pk, plan_of(case).pk])
    form = counselor.get(url)
    assert list(form.context["form"].fields) == ["start_on", "end_on"]
    page = counselor.post(url, {"start_on": "2026-03-06", "end_on": "2026-03-14"})
    assert page.context["summary"] == "4 invitations move, 2 are cancelled."
    confirm(counselor, url, page)
    assert (plan_of(case).start_on, plan_of(case).end_on) == (date(2026, 3, 6), date(2026, 3, 14))


def test_a_date_that_cannot_be_is_said_beside_its_field(counselor, case):
    url = reverse("admin:counseling_case_change_plan", args=[case.pk, plan_of(case).pk])
    answer = counselor.post(url, {"start_on": "2026-03-06", "end_on": "2026-03-01"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["end_on"])


def test_another_case_s_plan_is_not_changed_through_one_s_own(work, counselor, case):
    url = reverse("admin:counseling_case_change_plan", args=[case.pk, work.enrollment.pk])
    assert counselor.get(url).status_code == counselor.post(url, {"start_on": "2026-03-06"}).status_code == 404


def test_a_session_s_questions_are_shown_as_it_is_planned_moved_and_settled(counselor, case):
    when = {"move": "schedule", "starts_at": "2026-03-10T10:00", "minutes": "50"}
    page = counselor.post(page_of(case), when)
    assert page.context["summary"] == "2 invitations are new."
    confirm(counselor, page_of(case), page)
    session = Session.objects.get(case=case)
    url = reverse("admin:counseling_session_change", args=[session.pk])
    page = counselor.post(url, {"move": "reschedule", "starts_at": "2026-03-12T10:00"})
    assert page.context["summary"] == "2 invitations move."
    confirm(counselor, url, page)
    page = counselor.post(url, {"move": "cancelled"})
    assert page.context["summary"] == "2 invitations are cancelled."
    confirm(counselor, url, page)
    session.refresh_from_db()
    assert (session.status, session.starts_at.day) == ("cancelled", 12)


def test_a_client_s_other_zone_is_shown_before_it_is_saved(counselor, case):
    client = case.members[0]
    url = reverse("admin:counseling_client_change", args=[client.pk])
    details = counselor.get(url).context["form"].initial
    posted = {name: value for name, value in details.items() if value is not False}
    page = counselor.post(url, {"move": "save", **posted, "time_zone": "Europe/Madrid"})
    assert page.context["summary"] == "3 invitations move."
    assert Client.objects.get(pk=client.pk).time_zone == "America/New_York"
    confirm(counselor, url, page)
    assert Client.objects.get(pk=client.pk).time_zone == "Europe/Madrid"
    answer = counselor.post(url, {"move": "save", **posted, "time_zone": "Europe/Madrid", "phone": "555-0123"})
    assert answer.status_code == 302


def test_closing_shows_what_ends(counselor, case):
    page = counselor.post(page_of(case), {"move": "close"})
    assert page.context["summary"] == "6 invitations are cancelled."
    confirm(counselor, page_of(case), page)
    case.refresh_from_db()
    assert case.status == "closed"


def test_what_moved_on_meanwhile_is_shown_anew(work, counselor, case):
    page = press(counselor, case, "end_enrollment")
    FollowUp.objects.filter(case=case, occurrence=1).update(status="skipped", ended_at=NOW, end_reason="by_staff")
    answer = confirm(counselor, page_of(case), page)
    assert (answer.status_code, answer.context["summary"]) == (409, "4 invitations are cancelled.")
    assert plan_of(case).status == "active"
    pause_enrollment(plan_of(case), by=work.counselor, now=NOW)
    confirm(counselor, page_of(case), answer)
    assert plan_of(case).status in {"paused", "ended"}


def test_one_questionnaire_is_asked_of_one_person_now(work, counselor, case):
    url = reverse("admin:counseling_case_ask", args=[case.pk])
    second = case.members[1]
    instrument = work.plan.steps.get().instrument
    answer = counselor.post(url, {"instrument": instrument.pk, "client": second.pk, "open_days": "3"})
    assert answer.url == page_of(case) + "#follow-ups"
    asked = FollowUp.objects.get(case=case, enrollment__plan__case=case)
    assert (asked.client, asked.due_at <= NOW + timedelta(days=1)) == (second, True)
    assert "Single questionnaire" in counselor.get(page_of(case)).text
    assert FollowUpPlan.objects.filter(case=case).count() == 1


def test_one_questionnaire_is_asked_of_both_on_a_day_at_nine(work, counselor, case):
    url = reverse("admin:counseling_case_ask", args=[case.pk])
    instrument = work.plan.steps.get().instrument
    counselor.post(url, {"instrument": instrument.pk, "client": "", "on": "2026-03-20", "open_days": "7"})
    asked = FollowUp.objects.filter(case=case, enrollment__plan__case=case)
    assert {(row.local_date, row.local_time.hour) for row in asked} == {(date(2026, 3, 20), 9)}
    assert asked.count() == 2


@pytest.mark.parametrize("wrong", [{"on": "2026-03-01"}, {"open_days": "0"}, {"instrument": ""}])
def test_what_cannot_be_asked_is_said(wrong, work, counselor, case):
    url = reverse("admin:counseling_case_ask", args=[case.pk])
    posted = {"instrument": work.plan.steps.get().instrument.pk, "client": "", "open_days": "7", **wrong}
    answer = counselor.post(url, posted)
    assert answer.status_code in {200, 400}
    assert not FollowUpPlan.objects.filter(case=case).exists()


def test_the_preview_takes_as_many_queries_for_a_long_plan_as_for_a_short_one(work, counselor, case):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for occurrences in (3, 8):
        plan_of(case).plan.steps.filter(position=1).update(occurrences=occurrences)
        with CaptureQueriesContext(connection) as captured:
            press(counselor, case, "end_enrollment")
        counts.append(len(captured))
    assert counts[0] == counts[1]
    before = queries_of(counselor, page_of(case))
    FollowUp.objects.filter(case=case, occurrence=3).update(occurrence=4)
    assert queries_of(counselor, page_of(case)) == before
