from __future__ import annotations

import pytest
from django.test import Client as Browser

from counseling.admin.scoped import PAGE_SIZE
from counseling.enums import CaseStatus, StaffRole
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import browser_of, couple, work_of
from tests.factories import CaseFactory, FindingFactory, SessionFactory, StaffFactory

pytestmark = pytest.mark.django_db
FIRST_PAGE, CASELOAD = "/admin/", "/admin/counseling/case/"


@pytest.mark.parametrize("url", [FIRST_PAGE, CASELOAD])
def test_the_first_page_is_the_caseload(url, work, counselor):
    page = counselor.get(url)
    assert page.templates[0].name == "counseling/admin/caseload.html"
    assert [case.pk for case in page.context["page"]] == [work.case.pk]
    assert page.context["waiting"] == {"pattern": 1}


def test_what_waits_is_counted_safety_first(db):
    work = work_of(safety=True)
    page = browser_of(work.counselor).get(FIRST_PAGE)
    assert page.context["waiting"] == {"urgent": 1, "pattern": 1}
    assert "1 safety finding" in page.text


def test_open_cases_are_shown_unless_another_status_is_asked_for(work, counselor):
    held = CaseFactory(lead=work.counselor, status=CaseStatus.ON_HOLD)
    shown = {
        status: {case.pk for case in counselor.get(CASELOAD, {"status": status}).context["page"]}
        for status in ("", "on_hold", "all", "nonsense")
    }
    assert shown == {
        "": {work.case.pk},
        "on_hold": {held.pk},
        "all": {work.case.pk, held.pk},
        "nonsense": {work.case.pk},
    }


@pytest.mark.parametrize("url", [FIRST_PAGE, CASELOAD])
def test_a_case_is_found_by_a_name(url, work, counselor):
    couple(work.counselor, "Iris", "Finn")
    page = counselor.post(url, {"q": "iris"}, follow=True)
    assert page.redirect_chain == [(url, 302)]
    assert [str(case) for case in page.context["page"]] == ["Iris Zwart & Finn Zwart"]


def test_a_name_that_no_case_has_says_so_and_not_how_to_begin(work, counselor):
    page = counselor.post(CASELOAD, {"q": "nobody"}, follow=True)
    assert "No case here has a member of that name." in page.text


def test_a_supervisor_sees_the_team_and_can_choose_a_counselor(work):
    colleague = StaffFactory(clinic=work.case.clinic, supervisor=work.supervisor)
    other = CaseFactory(lead=colleague)
    supervisor = browser_of(work.supervisor)
    assert {case.pk for case in supervisor.get(CASELOAD).context["page"]} == {work.case.pk, other.pk}
    chosen = supervisor.get(CASELOAD, {"counselor": colleague.pk})
    assert [case.pk for case in chosen.context["page"]] == [other.pk]


def test_somebody_of_another_team_cannot_be_chosen(work):
    foreign = StaffFactory(clinic=work.case.clinic)
    page = browser_of(work.supervisor).get(CASELOAD, {"counselor": foreign.pk})
    assert [case.pk for case in page.context["page"]] == [work.case.pk]


def test_a_counselor_is_offered_no_choice_of_counselors(work, counselor):
    assert "counselor" not in counselor.get(CASELOAD).context["filter"].fields


def test_a_long_caseload_comes_in_pages(work, counselor):
    for _ in range(PAGE_SIZE):
        CaseFactory(lead=work.counselor)
    pages = [counselor.get(CASELOAD, {"p": number, "status": "open"}) for number in (1, 2, 99, "x")]
    assert [len(page.context["page"]) for page in pages] == [PAGE_SIZE, 1, 1, PAGE_SIZE]
    assert "?p=2&amp;status=open" in pages[0].text


def test_an_empty_caseload_says_how_to_begin(db):
    assert "Register a client" in browser_of(StaffFactory()).get(FIRST_PAGE).text


def test_the_number_of_queries_is_the_same_with_1_and_50_cases(work):
    counselor, supervisor = browser_of(work.counselor), browser_of(work.supervisor)
    before = queries_of(counselor, CASELOAD), queries_of(supervisor, CASELOAD)
    for _ in range(49):
        SessionFactory(case=FindingFactory(case=CaseFactory(lead=work.counselor)).case)
    assert (queries_of(counselor, CASELOAD), queries_of(supervisor, CASELOAD)) == before
    assert before[0] <= 16


def test_the_clinic_s_admin_begins_with_the_clinic_and_sees_no_case(work):
    page = browser_of(work.admin).get(FIRST_PAGE)
    assert page.templates[0].name == "counseling/admin/overview.html"
    assert (page.context["colleagues"], page.context["plans"]) == (3, 1)
    titles = [str(link.title) for link in page.context["links"]]
    assert titles == ["Plans", "Closed days", "Thresholds", "Questionnaires", "Staff", "Audit trail", "Reports"]
    assert "Zwart" not in page.text


def test_a_signed_in_account_outside_every_clinic_begins_with_django_s_own_list(django_user_model):
    browser = Browser()
    browser.force_login(django_user_model.objects.create_superuser("someone"))
    page = browser.get(FIRST_PAGE)
    assert "counseling" not in {app["app_label"] for app in page.context["app_list"]}


@pytest.mark.parametrize("role", [StaffRole.COUNSELOR, StaffRole.SUPERVISOR])
def test_the_page_marks_where_one_is(role, db):
    page = browser_of(StaffFactory(role=role)).get(FIRST_PAGE)
    assert page.text.count('aria-current="page"') == 1
