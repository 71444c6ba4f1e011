"""A counselor pauses a plan and moves a session, and an admin changes the plan: each sees first what that changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from counseling.actions.enrollments import start_enrollment
from counseling.enums import Anchor, Cadence, StaffRole
from counseling.models import Case, FollowUp, StaffMember
from tests.assessments.factories import published
from tests.counseling.admin.work import couple
from tests.e2e.conftest import assert_accessible
from tests.factories import PlanFactory, StaffFactory, StepFactory

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a-long-enough-password"


def sign_in(page: Page, staff: StaffMember) -> None:
    staff.user.set_password(PASSWORD)
    staff.user.save()
    page.goto("/admin/")
    page.get_by_label("Email").fill(staff.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign In", exact=True).click()


@pytest.fixture
def counselor() -> StaffMember:
    return StaffFactory(display_name="Nora Counselor")


@pytest.fixture
def case(counselor) -> Case:
    case, now = couple(counselor), timezone.now()
    plan = PlanFactory(clinic=case.clinic, name="Weekly, and after each session")
    instrument = published().instrument
    StepFactory(plan=plan, instrument=instrument, occurrences=3, offset_days=1)
    StepFactory(plan=plan, position=2, instrument=instrument, anchor=Anchor.AFTER_SESSION, cadence=Cadence.ONCE)
    start_enrollment(case, plan, start_on=now.date() + timedelta(days=1), by=counselor, now=now)
    return case


def test_a_plan_is_paused_changed_and_asked_beside(desk, counselor, case):
    sign_in(desk, counselor)
    desk.goto(f"/admin/counseling/case/{case.pk}/")
    desk.get_by_role("button", name="Pause").click()
    expect(desk.get_by_text("6 invitations wait.")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("button", name="Pause the plan").click()
    expect(desk.get_by_text("The plan is paused")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("button", name="Leave out what fell into the pause").click()
    expect(desk.get_by_text("6 invitations stay as planned.")).to_be_visible()
    desk.get_by_role("button", name="Take the plan up again").click()
    expect(desk.get_by_text("The plan goes on")).to_be_visible()

    desk.get_by_role("link", name="Change dates").click()
    assert_accessible(desk)
    desk.get_by_label("Last day").fill((timezone.now().date() + timedelta(days=5)).isoformat())
    desk.get_by_role("button", name="Show what changes").click()
    expect(desk.get_by_text("4 invitations are cancelled.")).to_be_visible()
    desk.get_by_role("link", name="Leave it as it is").click()

    desk.get_by_role("link", name="Ask one questionnaire").click()
    assert_accessible(desk)
    desk.get_by_role("button", name="Ask it").click()
    expect(desk.get_by_text("The questionnaire is planned")).to_be_visible()
    assert FollowUp.objects.filter(case=case, status="planned").count() == 8


def test_an_admin_sees_what_a_changed_plan_and_a_closed_day_move(desk, case):
    sign_in(desk, StaffFactory(clinic=case.clinic, role=StaffRole.CLINIC_ADMIN))
    desk.get_by_role("link", name="Plans", exact=True).first.click()
    desk.get_by_role("link", name="Weekly, and after each session").click()
    assert_accessible(desk)
    desk.get_by_label("Times").first.fill("5")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("4 invitations are new.").first).to_be_visible()
    expect(desk.get_by_text("A case of Nora Counselor")).to_be_visible()
    expect(desk.get_by_text("Anouk")).to_have_count(0)
    assert_accessible(desk)
    desk.get_by_role("button", name="Save the plan").click()
    expect(desk.get_by_text("The plan is saved.")).to_be_visible()
    assert FollowUp.objects.filter(case=case, status="planned").count() == 10

    desk.get_by_role("link", name="Closed days", exact=True).first.click()
    assert_accessible(desk)
    desk.goto("/admin/counseling/closedday/add/")
    assert_accessible(desk)
    desk.get_by_label("Day").fill("2026-12-25")
    desk.get_by_role("button", name="Show what changes").click()
    expect(desk.get_by_text("The clinic is closed on this day.")).to_be_visible()
