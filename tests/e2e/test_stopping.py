"""A client stops one plan, then all emails, and takes both back; staff see an address that takes no mail."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from counseling.actions.suspensions import suspend_address
from counseling.enums import SuspensionCause
from counseling.links import stop_link
from counseling.models import FollowUp
from tests.couples import enrolled
from tests.e2e.conftest import assert_accessible
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-enough-password"


@pytest.fixture
def follow_up() -> FollowUp:
    return enrolled().follow_ups.select_related("case__lead__user", "client").first()


def press(page: Page, button: str, heading: str) -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()


def test_on_a_phone_without_javascript(follow_up, phone):
    phone.goto(urlsplit(stop_link(follow_up)).path)
    press(phone, "Stop this series", "This series has stopped")
    press(phone, "Stop all emails", "The emails have stopped")
    press(phone, "Send them again", "This series has stopped")
    press(phone, "Send this series again", "Stop these emails?")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_every_state_of_the_page_is_accessible(follow_up, desk):
    desk.goto(urlsplit(stop_link(follow_up)).path)
    assert_accessible(desk)
    for button, heading in (("Stop this series", "This series has stopped"), ("Stop all emails", "The emails have")):
        press(desk, button, heading)
        assert_accessible(desk)


def test_staff_see_why_nothing_is_sent_and_lift_it(follow_up, desk):
    lead, client = follow_up.case.lead, follow_up.client
    lead.user.set_password(PASSWORD)
    lead.user.save()
    suspend_address(client, address="", cause=SuspensionCause.COMPLAINED, now=NOW)
    desk.goto("/admin/")
    desk.get_by_label("Email").fill(lead.user.email)
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign In", exact=True).click()
    desk.goto(f"/admin/counseling/client/{client.pk}/")
    expect(desk.get_by_role("heading", name="Nothing is sent to this address")).to_be_visible()
    desk.get_by_text("The address is right").click()
    assert_accessible(desk)
    desk.get_by_role("button", name="Write to this address again").click()
    expect(desk.get_by_text("Emails go to this address again.")).to_be_visible()
    expect(desk.get_by_role("heading", name="Nothing is sent to this address")).to_have_count(0)
