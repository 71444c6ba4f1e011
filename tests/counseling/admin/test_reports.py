from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime
from io import StringIO

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from counseling.enums import FollowUpStatus, StaffRole
from counseling.models import AuditEvent
from tests.counseling.queries.reports.rows import decided, enrolled, follow_up, raised
from tests.factories import CaseFactory, ClientFactory, ClinicFactory, FindingFactory, StaffFactory

pytestmark = pytest.mark.django_db
PAGE, FOLLOW_UPS, FINDINGS = "/admin/reports/", "/admin/reports/follow-ups.csv", "/admin/reports/findings.csv"
MONTHS = {"first": "2026-01", "last": "2026-03"}
NAMES = ("Ana", "Ben")


def at(*moment):
    return datetime(*moment, tzinfo=UTC)


@pytest.fixture
def clinic():
    return ClinicFactory(time_zone="America/New_York")


@pytest.fixture
def desk(clinic):
    """The browser of the clinic's admin."""
    desk = Browser()
    desk.force_login(StaffFactory(clinic=clinic, role=StaffRole.CLINIC_ADMIN).user)
    return desk


def counselor_with(clinic, name, people, *, answered=0):
    """A counselor who has asked so many people once each in January, of whom some have answered."""
    enrollment = enrolled(CaseFactory(lead=StaffFactory(clinic=clinic, display_name=name)))
    for number in range(people):
        status = FollowUpStatus.COMPLETED if number < answered else FollowUpStatus.EXPIRED
        follow_up(enrollment, ClientFactory(registered_by=enrollment.case.lead), at(2026, 1, 5), status)
    return enrollment


def rows_of(answer):
    assert answer.status_code == 200
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


def cells_of(page):
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", page, re.DOTALL)]


# --- Who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [StaffRole.COUNSELOR, StaffRole.SUPERVISOR])
@pytest.mark.parametrize("address", [PAGE, FOLLOW_UPS, FINDINGS])
def test_reports_do_not_exist_for_those_who_work_on_cases(role, address):
    browser = Browser()
    browser.force_login(StaffFactory(role=role).user)
    assert browser.get(address, MONTHS).status_code == 404
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("address", [PAGE, FOLLOW_UPS, FINDINGS])
def test_nobody_reads_them_without_signing_in(address):
    assert Browser().get(address, MONTHS).status_code == 302


def test_a_page_counts_one_clinic(clinic, desk):
    counselor_with(clinic, "Ana", 2)
    counselor_with(ClinicFactory(), "Foreign", 2)
    page = desk.get(PAGE, MONTHS).content.decode()
    assert "Ana" in page
    assert "Foreign" not in page


# --- What -----------------------------------------------------------------------------------------


def test_the_page_shows_each_counselors_month_and_the_sum(clinic, desk):
    for name in NAMES:
        counselor_with(clinic, name, 3, answered=1)
    finding = FindingFactory(case__lead=StaffFactory(clinic=clinic, display_name="Ana"))
    raised(finding, at(2026, 2, 3))
    decided(finding, at(2026, 2, 4))
    cells = cells_of(desk.get(PAGE, MONTHS).content.decode())
    assert cells == [
        *("Month", "Counselor", "Planned", "Sent", "Answered", "Expired"),
        *("January 2026", "Ana", "3", "3", "1", "2"),
        *("January 2026", "Ben", "3", "3", "1", "2"),
        *("In all", "6", "6", "2", "4"),
        *("Month", "Counselor", "Raised", "Decided"),
        *("February 2026", "Ana", "1", "1"),
        *("In all", "1", "1"),
    ]


def test_one_counselor_can_be_chosen(clinic, desk):
    chosen = counselor_with(clinic, "Ana", 1)
    counselor_with(clinic, "Ben", 1)
    choice = {**MONTHS, "counselor": str(chosen.case.lead_id)}
    assert "Ben" not in cells_of(desk.get(PAGE, choice).content.decode())
    assert [row[1] for row in rows_of(desk.get(FOLLOW_UPS, choice))[1:-2]] == ["Ana"]


@time_machine.travel(datetime(2026, 3, 1, 4, 30, tzinfo=UTC))
def test_half_a_year_up_to_the_clinics_month_is_shown_unless_said_otherwise(desk):
    """It is March already in Greenwich, and still February in New York."""
    form = desk.get(PAGE).context["form"]
    assert (form.period.first, form.period.last) == (date(2025, 9, 1), date(2026, 2, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": "2026-03", "last": "2026-01"},
        {"first": "2000-01", "last": "2026-01"},
        {"first": "soon"},
        {"last": "2026-13"},
        {"counselor": "00000000-0000-7000-8000-000000000000"},
        {"counselor": "x"},
    ],
)
@pytest.mark.parametrize("address", [PAGE, FOLLOW_UPS])
def test_a_wrong_choice_is_explained_and_nothing_is_handed_out(wrong, address, desk):
    answer = desk.get(address, {**MONTHS, **wrong})
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert 'class="errorlist"' in answer.content.decode()
    assert not AuditEvent.objects.exists()


def test_a_counselor_of_another_clinic_cannot_be_chosen(desk):
    answer = desk.get(PAGE, {**MONTHS, "counselor": str(StaffFactory(display_name="Foreign").pk)})
    assert (answer.status_code, b"Foreign" in answer.content) == (400, False)


@pytest.mark.parametrize("counselors", [1, 3])
def test_what_the_page_costs_does_not_depend_on_how_much_there_is(counselors, clinic, desk):
    for number in range(counselors):
        counselor_with(clinic, f"Counselor {number}", 2)
    with CaptureQueriesContext(connection) as queries:
        desk.get(PAGE, MONTHS)
    assert len(queries) == 12  # the session's, the people's, the alarm's, one a report


# --- What leaves the clinic -----------------------------------------------------------------------


def test_a_file_discloses_no_figure_about_fewer_than_five_people(clinic, desk):
    counselor_with(clinic, "Ana", 7, answered=5)
    counselor_with(clinic, "Ben", 4, answered=4)
    header, ana, ben, *explanations = rows_of(desk.get(FOLLOW_UPS, MONTHS))
    assert header == ["Month", "Counselor", "Planned", "Sent", "Answered", "Expired"]
    assert ana == ["2026-01", "Ana", "7", "7", "5", "<5"]
    assert ben == ["2026-01", "Ben", "<5", "<5", "<5", "<5"]
    assert "fewer than five people" in explanations[-1][0]


def test_many_follow_ups_of_few_people_are_few_people(clinic, desk):
    enrollment = enrolled(CaseFactory(lead=StaffFactory(clinic=clinic, display_name="Ana")))
    for day in range(1, 9):
        follow_up(enrollment, enrollment.case.members[0], at(2026, 1, day, 12), FollowUpStatus.EXPIRED)
    assert rows_of(desk.get(FOLLOW_UPS, MONTHS))[1] == ["2026-01", "Ana", "<5", "<5", "<5", "<5"]


def test_a_file_holds_no_sum_from_which_a_figure_could_be_worked_out(clinic, desk):
    counselor_with(clinic, "Ana", 7)
    counselor_with(clinic, "Ben", 3)
    assert "10" not in {cell for row in rows_of(desk.get(FOLLOW_UPS, MONTHS)) for cell in row}


def test_findings_are_a_file_as_well(clinic, desk):
    case = CaseFactory(lead=StaffFactory(clinic=clinic, display_name="Ana"))
    for _ in range(5):
        raised(FindingFactory(case=case, subject=ClientFactory(registered_by=case.lead)), at(2026, 1, 5))
    assert rows_of(desk.get(FINDINGS, MONTHS))[:2] == [
        ["Month", "Counselor", "Raised", "Decided"],
        ["2026-01", "Ana", "5", "<5"],
    ]


def test_a_name_is_no_formula(clinic, desk):
    counselor_with(clinic, "\t=HYPERLINK(1)", 1)
    assert rows_of(desk.get(FOLLOW_UPS, MONTHS))[1][1] == "'\t=HYPERLINK(1)"


def test_a_download_is_audited_with_what_was_chosen(clinic, desk):
    counselor = StaffFactory(clinic=clinic)
    answer = desk.get(FOLLOW_UPS, {**MONTHS, "counselor": str(counselor.pk)})
    event = AuditEvent.objects.get()
    assert (event.action, event.subject_id) == ("report.exported", clinic.pk)
    assert event.data == {"report": "follow-ups", **MONTHS, "counselor": str(counselor.pk)}
    assert answer.headers["Content-Disposition"] == 'attachment; filename="follow-ups-2026-01-2026-03.csv"'
    assert ("no-store" in answer.headers["Cache-Control"], answer.streaming) == (True, True)


def test_looking_at_the_page_is_no_export(clinic, desk):
    counselor_with(clinic, "Ana", 1)
    desk.get(PAGE, MONTHS)
    assert not AuditEvent.objects.exists()


def test_the_page_leads_to_the_file_of_the_same_choice(clinic, desk):
    chosen = counselor_with(clinic, "Ana", 1).case.lead_id
    page = desk.get(PAGE, {**MONTHS, "counselor": str(chosen), "more": "x"}).content.decode()
    query = escape(f"?first=2026-01&last=2026-03&counselor={chosen}")
    assert f'href="{FOLLOW_UPS}{query}"' in page


def test_a_project_can_ask_who_it_is_again_first(clinic, desk, settings):
    guard = "allauth.account.decorators.reauthentication_required"
    with override_settings(COUNSELING={**settings.COUNSELING, "EXPORT_GUARD": guard}):
        answer = desk.get(FOLLOW_UPS, MONTHS)
        assert (answer.status_code, desk.get(PAGE, MONTHS).status_code) == (302, 200)
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/?next=")
    assert not AuditEvent.objects.exists()
