"""The main job as its users do it: enroll a couple, be mailed, answer on a phone, see the finding, decide."""

from __future__ import annotations

import re
from datetime import time

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from counseling.enums import Cadence
from counseling.models import Case, Finding
from counseling.outbox import drain as outbox
from tests.assessments.factories import full_answers, published
from tests.couples import CLEAR, GIVES, RECEIVES
from tests.e2e.conftest import assert_accessible
from tests.factories import CaseFactory, ClinicFactory, ConsentFactory, PlanFactory, StaffFactory, StepFactory
from tests.smtp_sink import Mail

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a-long-enough-password"
ANY_HOUR = {"quiet_from": time(0), "quiet_until": time(0)}


@pytest.fixture
def case() -> Case:
    """A couple who agreed to be mailed, and a plan that asks them once, now."""
    lead = StaffFactory(clinic=ClinicFactory(time_zone="UTC", **ANY_HOUR), display_name="Maya Lindqvist")
    lead.user.set_password(PASSWORD)
    lead.user.save()
    case = CaseFactory(lead=lead)
    for member in case.members:
        type(member).objects.filter(pk=member.pk).update(time_zone="UTC")
        ConsentFactory(client=member)
    this_minute = timezone.now().time().replace(second=0, microsecond=0)
    step = {"cadence": Cadence.ONCE, "occurrences": 1, "send_at": this_minute}
    StepFactory(plan=PlanFactory(clinic=case.clinic, name="Check-in now"), instrument=published().instrument, **step)
    return case


def sign_in(page: Page, email: str) -> None:
    page.goto("/admin/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign In", exact=True).click()
    expect(page).to_have_url(re.compile(r"/admin/$"))


def enroll(page: Page, case: Case) -> None:
    page.get_by_role("link", name=str(case)).first.click()
    page.get_by_role("link", name="Start a plan").click()
    page.get_by_role("button", name="Show the dates").click()
    assert_accessible(page)
    expect(page.get_by_role("heading", name=str(case.members[0]), exact=True)).to_be_visible()
    page.get_by_role("button", name="Start the plan").click()
    expect(page.get_by_text("The plan has started")).to_be_visible()


def link_in(mail: Mail) -> str:
    text = mail.message.get_body(("plain",)).get_content()
    return re.search(r"https?://[^/\s]+(/f/\S+)", text)[1]


def answer(page: Page, link: str, answers: dict[str, int]) -> None:
    """Tap through every part as it comes, without JavaScript, and send."""
    page.goto(link)
    assert "/f/" not in page.url
    page.get_by_role("button", name="Start").click()
    while page.get_by_role("button", name="Continue").count():
        for fieldset in page.locator("fieldset").all():
            name = fieldset.locator("input").first.get_attribute("name")
            fieldset.locator(f"input[name='{name}'][value='{answers[name.split('-')[-1]]}']").check()
        page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you. Your answers have arrived.")).to_be_visible()


def test_from_the_plan_to_the_decision(case, sink, desk, phone, settings):
    giver, receiver = case.members
    sign_in(desk, case.lead.user.email)
    enroll(desk, case)

    outbox.drain()
    mails = {mail.recipient: mail for mail in sink.mails}
    assert set(mails) == {giver.email, receiver.email}
    for recipient, profile in ((giver, GIVES), (receiver, RECEIVES)):
        answer(phone, link_in(mails[recipient.email]), {**full_answers(), **CLEAR, **profile})

    finding = Finding.objects.get()
    assert (finding.pattern, finding.subject) == ("one_sided", giver)

    desk.goto("/admin/")
    desk.get_by_role("link", name="Review queue").first.click()
    assert_accessible(desk)
    desk.get_by_role("link", name="One-sided").first.click()
    assert_accessible(desk)
    expect(desk.get_by_text("New and not yet validated").first).to_be_visible()
    desk.get_by_role("button", name="Take into review").click()
    desk.get_by_label("Reason").fill("Both name it in session.")
    desk.get_by_role("button", name="Confirm").click()
    finding.refresh_from_db()
    assert (finding.status, finding.decided_by) == ("confirmed", case.lead)
