"""A clinic admin writes a questionnaire: faults while typing, the client's view, the sandbox, and publishing it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from assessments.models import InstrumentVersion
from counseling.enums import StaffRole
from tests.e2e.conftest import assert_accessible
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a-long-enough-password"


@pytest.fixture
def page(desk: Page) -> Page:
    admin = StaffFactory(role=StaffRole.CLINIC_ADMIN)
    admin.user.set_password(PASSWORD)
    admin.user.save()
    desk.goto("/admin/")
    desk.get_by_label("Email").fill(admin.user.email)
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign In", exact=True).click()
    return desk


def rewrite(page: Page, old: str, new: str) -> None:
    text = page.get_by_label("Definition, as JSON")
    text.fill(text.input_value().replace(old, new))


def test_from_the_first_line_to_the_published_version(page):
    page.get_by_role("link", name="Questionnaires").first.click()
    page.get_by_role("link", name="Write a new one").click()
    client = page.frame_locator("iframe")
    expect(client.get_by_text("I found it hard to begin.")).to_be_visible()
    assert_accessible(page)

    rewrite(page, '"minimum": 2', '"minimum": 3')
    fault = page.get_by_role("status").get_by_role("link", name=re.compile("^Line"))
    fault.click()
    text = page.get_by_label("Definition, as JSON")
    assert text.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd).trim()") == '"minimum": 3,'
    expect(text).to_be_focused()
    assert_accessible(page)

    rewrite(page, '"minimum": 3', '"minimum": 2')
    rewrite(page, "I found it hard to begin.", "Beginning was hard.")
    expect(client.get_by_text("Beginning was hard.")).to_be_visible()
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("The questionnaire is kept as a draft.")).to_be_visible()

    page.get_by_role("link", name="Version 1").click()
    page.get_by_role("link", name="Try the scoring").click()
    page.get_by_role("button", name="the highest").click()
    expect(page.get_by_text("= 2 + (0 + 2 − 2)")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="Version 1").click()
    page.get_by_role("link", name="Publish…").click()
    assert_accessible(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("It is published")).to_be_visible()
    assert InstrumentVersion.objects.get().status == "published"
