from __future__ import annotations

import pytest
from django.urls import reverse

from counseling.enums import OffDays
from counseling.models import ClosedDay, FollowUp, PlanStep
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import browser_of
from tests.counseling.planning.cases import on_plan
from tests.factories import NOW, CaseFactory

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/counseling/closedday/", "/admin/counseling/closedday/add/"


@pytest.fixture
def admin(work):
    return browser_of(work.admin)


@pytest.fixture
def enrollment(work):
    enrollment = on_plan({"off_days": OffDays.MOVE}, case=CaseFactory(lead=work.counselor))
    assert PlanStep.objects.filter(off_days=OffDays.MOVE).exists()
    return enrollment


def confirm(browser, url, page):
    return browser.post(url, {**dict(page.context["posted"]), "shown": page.context["shown"]})


def test_closing_on_a_day_shows_what_moves_without_naming_anybody(admin, enrollment):
    page = admin.post(ADD, {"day": "2026-03-10", "name": "Harbor day"})
    assert page.context["summary"] == "2 invitations move."
    assert [group.title for group in page.context["groups"]] == ["A case of Nora Counselor"]
    assert not [member.given_name for member in enrollment.case.members if member.given_name in page.text]
    assert confirm(admin, ADD, page).url == LIST
    assert FollowUp.objects.filter(local_date="2026-03-11").count() == 2
    assert "Harbor day" in admin.get(LIST).text


def test_a_supervisor_sees_the_names_of_cases_they_supervise(work, enrollment):
    page = browser_of(work.supervisor).post(ADD, {"day": "2026-03-10"})
    assert [group.title for group in page.context["groups"]] == [str(enrollment.case)]


def test_opening_on_a_day_moves_it_back(admin, enrollment):
    confirm(admin, ADD, admin.post(ADD, {"day": "2026-03-10"}))
    url = reverse("admin:counseling_closedday_change", args=[ClosedDay.objects.get().pk])
    page = admin.post(url, {"move": "remove"})
    assert page.context["summary"] == "2 invitations move."
    confirm(admin, url, page)
    assert not ClosedDay.objects.exists()
    assert FollowUp.objects.filter(local_date="2026-03-10").count() == 2


def test_a_day_on_which_nothing_is_asked_is_closed_at_once(admin, work):
    assert admin.post(ADD, {"day": "2026-12-25"}).url == LIST
    answer = admin.post(ADD, {"day": "2026-12-25"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["day"])


def test_the_number_of_queries_is_the_same_with_1_and_3_rows(admin, work):
    ClosedDay.objects.create(clinic=work.case.clinic, day=NOW.date())
    before = queries_of(admin, LIST)
    for day in ("2026-12-25", "2026-12-26"):
        ClosedDay.objects.create(clinic=work.case.clinic, day=day)
    assert queries_of(admin, LIST) == before
