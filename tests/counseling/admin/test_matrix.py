"""Every address × every kind of outsider × both methods, and that no address was forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, reverse

from counseling.admin.follow_up import MOVES as FOLLOW_UP_MOVES
from counseling.admin.scoped import ScopedAdmin
from counseling.models import AuditEvent, Case, ClosedDay, Delivery, Finding, FollowUp, Session
from tests.counseling.admin.work import Work, browser_of, outsiders_of, work_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db

CLINICAL = ("counselor", "supervisor")
ADMINISTRATIVE = ("admin",)
BOTH_LEADS = ("supervisor", "admin")
ROWS = {
    "counseling_case_change": CLINICAL,
    "counseling_case_enroll": CLINICAL,
    "counseling_case_answers": CLINICAL,
    "counseling_case_follow_up": CLINICAL,
    "counseling_case_ask": CLINICAL,
    "counseling_case_change_plan": CLINICAL,
    "counseling_client_change": CLINICAL,
    "counseling_relationship_change": CLINICAL,
    "counseling_session_change": CLINICAL,
    "counseling_finding_change": CLINICAL,
    "counseling_followupplan_change": BOTH_LEADS,
    "counseling_closedday_change": BOTH_LEADS,
    "counseling_thresholdset_change": BOTH_LEADS,
    "counseling_staffmember_change": ADMINISTRATIVE,
    "counseling_auditevent_change": ADMINISTRATIVE,
}
LISTS = {
    "counseling_case_changelist": CLINICAL,
    "counseling_case_add": CLINICAL,
    "counseling_client_changelist": CLINICAL,
    "counseling_client_add": CLINICAL,
    "counseling_relationship_changelist": CLINICAL,
    "counseling_relationship_add": CLINICAL,
    "counseling_session_changelist": CLINICAL,
    "counseling_finding_changelist": CLINICAL,
    "counseling_attention": CLINICAL,
    "counseling_followupplan_changelist": BOTH_LEADS,
    "counseling_closedday_changelist": BOTH_LEADS,
    "counseling_closedday_add": BOTH_LEADS,
    "counseling_followupplan_add": BOTH_LEADS,
    "counseling_thresholdset_changelist": BOTH_LEADS,
    "counseling_staffmember_changelist": ADMINISTRATIVE,
    "counseling_auditevent_changelist": ADMINISTRATIVE,
    "counseling_reports": ADMINISTRATIVE,
    "counseling_report_follow_ups": ADMINISTRATIVE,
    "counseling_report_findings": ADMINISTRATIVE,
}
PART_OF_CASE = ("counseling_case_answers", "counseling_case_follow_up")
ROLES = (*CLINICAL, *ADMINISTRATIVE)


def names_in(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names_in(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


def test_the_tables_above_name_every_address_of_the_app():
    addresses = {name for name in names_in(admin.site.get_urls()) if name.startswith("counseling_")}
    assert addresses == {*ROWS, *LISTS}


def address(name: str, work: Work) -> str:
    if name in LISTS:
        return reverse(f"admin:{name}")
    if name in PART_OF_CASE:
        return reverse(f"admin:{name}", args=[work.case.pk, work.enrollment.follow_ups.first().pk])
    if name == "counseling_case_change_plan":
        return reverse(f"admin:{name}", args=[work.case.pk, work.enrollment.pk])
    rows = {
        "closedday": ClosedDay.objects.get_or_create(clinic=work.case.clinic, day=NOW.date())[0],
        "case": work.case,
        "client": work.case.members[0],
        "relationship": work.case.relationship,
        "session": work.session,
        "finding": work.finding,
        "followupplan": work.plan,
        "thresholdset": work.thresholds,
        "staffmember": work.counselor,
        "auditevent": work.audit_event,
    }
    return reverse(f"admin:{name}", args=[rows[name.split("_")[1]].pk])


def moves_of(name: str) -> tuple[str, ...]:
    model_name = name.split("_")[1]
    screens = admin.site._registry.values()
    screen = next(
        screen for screen in screens if isinstance(screen, ScopedAdmin) and screen.opts.model_name == model_name
    )
    return ("", *screen.moves, *FOLLOW_UP_MOVES)


def test_a_role_that_holds_the_permission_sees_the_page_and_the_others_do_not(work):
    for role in ROLES:
        browser = browser_of(getattr(work, role))
        for name, allowed in {**LISTS, **ROWS}.items():
            assert browser.get(address(name, work)).status_code == (200 if role in allowed else 404), (role, name)


def test_a_clinical_row_does_not_exist_for_whoever_has_no_part_in_it(work):
    """Neither to read nor to move, and knocking leaves no trace and no change."""
    before = AuditEvent.objects.count()
    for who, browser in outsiders_of(work).items():
        for name in [name for name, roles in ROWS.items() if roles == CLINICAL]:
            assert browser.get(address(name, work)).status_code == 404, (who, name)
            for move in moves_of(name):
                posted = {"move": move, "reason": "x", "until": "2027-01-01"}
                assert browser.post(address(name, work), posted).status_code == 404, (who, name, move)
    assert AuditEvent.objects.count() == before
    assert Case.objects.get(pk=work.case.pk).status == "open"
    assert Session.objects.get(pk=work.session.pk).status == "scheduled"
    assert Finding.objects.get(pk=work.finding.pk).status == "open"


def test_another_clinic_s_row_does_not_exist(work):
    foreign = work_of(version=work.enrollment.follow_ups.first().version)
    for role in ROLES:
        browser = browser_of(getattr(work, role))
        for name in ROWS:
            assert browser.get(address(name, foreign)).status_code == 404, (role, name)
            assert browser.post(address(name, foreign), {"move": "save"}).status_code == 404, (role, name)


def test_whoever_is_not_signed_in_is_asked_to(work):
    for name in (*LISTS, *ROWS):
        for answer in (Browser().get(address(name, work)), Browser().post(address(name, work))):
            assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("admin:login")), name


def test_a_superuser_or_somebody_who_left_sees_nothing(work):
    people = outsiders_of(work)
    for who in ("superuser", "left"):
        for name in (*LISTS, *ROWS):
            assert people[who].get(address(name, work)).status_code == 404, (who, name)


def test_a_list_shows_nothing_of_another_clinic(work):
    words = ("Anouk", "Bertil", "Zwart", "Nora Counselor", "Fortnightly", str(work.case.pk), str(work.thresholds.pk))
    strangers = {who: browser for who, browser in outsiders_of(work).items() if who.startswith("strange")}
    for who, browser in strangers.items():
        for name in [name for name in LISTS if name.endswith("changelist")]:
            page = browser.get(address(name, work))
            assert page.status_code == 404 or not [word for word in words if word in page.text], (who, name)


def test_a_list_shows_a_colleague_nothing_of_a_case_they_do_not_work_on(work):
    people = outsiders_of(work)
    for who in ("colleague", "other team's supervisor"):
        for name in [name for name, roles in LISTS.items() if roles == CLINICAL]:
            page = people[who].get(address(name, work)).text
            assert not [word for word in ("Anouk", "Bertil", "Zwart", str(work.case.pk)) if word in page], (who, name)


def test_what_django_would_offer_beyond_the_screens_does_not_exist(work, counselor):
    case, client = work.case.pk, work.case.members[0].pk
    for path in (
        f"case/{case}/delete/",
        f"case/{case}/history/",
        f"client/{client}/delete/",
        f"client/{client}/history/",
        f"client/{client}/change/",
        "case/not-an-id/",
        "auditevent/add/",
        "session/add/",
        "finding/add/",
    ):
        assert counselor.get(f"/admin/counseling/{path}").status_code == 404, path
        assert counselor.post(f"/admin/counseling/{path}", {"post": "yes"}).status_code == 404, path


def test_choosing_by_typing_finds_nothing_out_of_reach(work):
    asked = {"app_label": "counseling", "model_name": "case", "field_name": "client", "term": "Anouk"}
    for who, browser in outsiders_of(work).items():
        answer = browser.get(reverse("admin:autocomplete"), asked)
        assert "Zwart" not in answer.text, who


def test_an_unknown_button_is_refused(work, counselor):
    assert counselor.post(address("counseling_case_change", work), {"move": "delete"}).status_code == 400


def test_a_row_of_another_case_cannot_be_moved_through_one_s_own(work, counselor):
    foreign = work_of(version=work.enrollment.follow_ups.first().version)
    follow_up = foreign.enrollment.follow_ups.first()
    delivery = Delivery.objects.create(
        follow_up=follow_up, kind="invitation", state="dead", next_at=NOW, message_id="<one@clinic>", created_at=NOW
    )
    theirs = {"enrollment": foreign.enrollment.pk, "delivery": delivery.pk}
    garbled = dict.fromkeys(theirs, "garbage")
    before = list(FollowUp.objects.values_list("status", flat=True))
    for posted in (theirs, garbled, {}):
        for move in ("end_enrollment", "pause_plan", "resume_plan", "move_plan_later"):
            url = address("counseling_case_change", work)
            assert counselor.post(url, {"move": move, **posted}).status_code == 404, (move, posted)
    through_own_case = reverse("admin:counseling_case_follow_up", args=[work.case.pk, follow_up.pk])
    for move in FOLLOW_UP_MOVES:
        assert counselor.post(through_own_case, {"move": move, "delivery": delivery.pk}).status_code == 404, move
    assert counselor.get(through_own_case).status_code == 404
    assert list(FollowUp.objects.values_list("status", flat=True)) == before
