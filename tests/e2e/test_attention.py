"""A counselor puts right what does not come right by itself, by keyboard alone: lost email, missing zone, phone."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from counseling.enums import DeliveryState
from counseling.models import Client, Delivery, FollowUp
from tests.counseling.troubles import block, doubtful
from tests.e2e.conftest import assert_accessible
from tests.e2e.test_main_job import case, enroll, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["case"]


def press(page: Page, role: str, name: str) -> None:
    """Reach it with the keyboard and press it."""
    found = page.locator("summary", has_text=name) if role == "summary" else page.get_by_role(role, name=name)
    found.first.focus()
    found.first.press("Enter")


def test_from_the_number_in_the_navigation_to_an_empty_page(case, desk):
    sign_in(desk, case.lead.user.email)
    enroll(desk, case)
    first, second = (FollowUp.objects.get(client=member) for member in case.members)
    lost = doubtful(first, at=timezone.now())
    block(second.client, "no_zone")

    desk.goto("/admin/")
    press(desk, "link", "Needs attention 2")
    assert_accessible(desk)
    press(desk, "summary", "Send it again")
    assert_accessible(desk)
    press(desk, "button", "Yes, send it again")
    expect(desk.get_by_text("The email goes out again, with the same link.")).to_be_visible()
    assert Delivery.objects.get(pk=lost.pk).state == DeliveryState.DUE

    press(desk, "link", f"{second.client.given_name}’s history")
    assert_accessible(desk)
    press(desk, "link", "Set the time zone")
    zone = desk.get_by_label("Time zone")
    expect(zone).to_be_focused()
    zone.select_option("UTC")
    press(desk, "button", "Save")
    expect(desk.get_by_role("heading", name="What happened")).to_be_visible()
    assert Client.objects.get(pk=second.client_id).time_zone == "UTC"
    press(desk, "summary", "Ask by phone instead")
    press(desk, "button", "I ask by phone")
    expect(desk.get_by_text("Asked by phone instead: noted by Maya Lindqvist.")).to_be_visible()
    assert FollowUp.objects.get(pk=second.pk).end_reason == "asked_by_phone"

    press(desk, "link", "Needs attention")
    expect(desk.get_by_text("Nothing.")).to_have_count(3)
