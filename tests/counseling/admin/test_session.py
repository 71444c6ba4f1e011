from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from counseling.actions.sessions import settle_session
from counseling.enums import SessionStatus
from counseling.models import AuditEvent, Session
from tests.counseling.admin.queries import queries_of
from tests.factories import NOW, CaseFactory, SessionFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/counseling/session/"


def page_of(session):
    return reverse("admin:counseling_session_change", args=[session.pk])


def case_page(work):
    return reverse("admin:counseling_case_change", args=[work.case.pk])


def test_the_list_has_what_comes_what_is_to_settle_and_what_was(work, counselor):
    past = SessionFactory(case=work.case, starts_at=NOW)
    settled = SessionFactory(case=work.case, starts_at=NOW, status=SessionStatus.HELD, settled_at=NOW)
    shown = {
        view: [session.pk for session in counselor.get(LIST, {"view": view}).context["page"]]
        for view in ("upcoming", "unsettled", "settled", "nonsense")
    }
    assert shown == {
        "upcoming": [work.session.pk],
        "unsettled": [past.pk],
        "settled": [settled.pk],
        "nonsense": [work.session.pk],
    }


def test_times_are_told_on_the_clinic_s_wall(work, counselor):
    SessionFactory(case=work.case, starts_at=datetime(2026, 3, 3, 20, 30, tzinfo=UTC))
    assert "Today, 3:30 p.m." in counselor.get(LIST).text


@pytest.mark.parametrize("outcome", ["held", "no_show", "late_cancelled", "cancelled"])
def test_a_session_is_settled(outcome, work, counselor):
    answer = counselor.post(page_of(work.session), {"move": outcome})
    assert (answer.status_code, answer.url) == (302, case_page(work))
    assert Session.objects.get(pk=work.session.pk).status == outcome
    event = AuditEvent.objects.latest("sequence")
    assert (event.action, event.data) == ("session.settled", {"outcome": outcome})


def test_settling_from_the_list_leads_back_to_it(work, counselor):
    answer = counselor.post(page_of(work.session), {"move": "held", "from": "list"})
    assert answer.url == f"{LIST}?view=unsettled"


def test_a_session_that_a_colleague_settled_meanwhile_is_a_conflict_and_shown_as_it_stands(work, counselor):
    settle_session(work.session, SessionStatus.NO_SHOW, by=work.supervisor, now=NOW)
    answer = counselor.post(page_of(work.session), {"move": "held"})
    assert answer.status_code == 409
    assert "moved on since you opened the page" in answer.text
    assert "No show" in answer.text
    assert Session.objects.get(pk=work.session.pk).status == "no_show"


def test_a_session_is_moved_on_the_clinic_s_wall(work, counselor):
    counselor.post(page_of(work.session), {"move": "reschedule", "starts_at": "2026-03-20T10:15"})
    assert Session.objects.get(pk=work.session.pk).starts_at == datetime(2026, 3, 20, 14, 15, tzinfo=UTC)


@pytest.mark.parametrize("starts_at", ["", "soon", "2026-03-08T02:30"])
def test_an_hour_that_does_not_exist_is_refused(starts_at, work, counselor):
    answer = counselor.post(page_of(work.session), {"move": "reschedule", "starts_at": starts_at})
    assert list(answer.context["form"].errors) == ["starts_at"]


def test_a_session_is_planned_from_the_case(work, counselor):
    posted = {"move": "schedule", "starts_at": "2026-03-20T10:15", "minutes": 50}
    assert counselor.post(case_page(work), posted).url == case_page(work)
    planned = Session.objects.exclude(pk=work.session.pk).get()
    assert (planned.case, planned.counselor, planned.minutes) == (work.case, work.counselor, 50)


def test_a_session_that_cannot_be_planned_is_said_on_the_case_page(work, counselor):
    answer = counselor.post(case_page(work), {"move": "schedule", "starts_at": "2026-03-20T10:15", "minutes": 2})
    assert list(answer.context["session_form"].errors) == ["minutes"]
    assert "<details open>" in answer.text


def test_the_number_of_queries_is_the_same_with_1_and_3_rows(work, counselor):
    before = queries_of(counselor, LIST)
    for number in range(2):
        SessionFactory(case=CaseFactory(lead=work.counselor), starts_at=NOW + timedelta(days=9 + number))
    assert queries_of(counselor, LIST) == before
