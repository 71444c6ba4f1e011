"""Signing in with a password, an authenticator app and a passkey, under the strict policy, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import User
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.e2e.conftest import assert_accessible
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "four unrelated words here"
PASSKEY_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def ada(settings) -> Iterator[User]:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the test's server speaks no TLS
    user = StaffFactory().user
    user.set_password(PASSWORD)
    user.save()
    cache.clear()
    yield user
    cache.clear()


@pytest.fixture
def page(desk: Page) -> Iterator[Page]:
    """A browser on a device that can keep passkeys. At the end, nothing was blocked and no script failed."""
    complaints: list[str] = []
    desk.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    desk.on("pageerror", lambda error: complaints.append(str(error)))
    device = desk.context.new_cdp_session(desk)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEY_DEVICE})
    yield desk
    assert complaints == []


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def enter_password(page: Page, user: User) -> None:
    page.goto("/accounts/login/?next=/accounts/2fa/")
    assert_accessible(page)
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign In")


def confirm_password(page: Page) -> None:
    expect(page.get_by_role("heading", name="Confirm Access")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Confirm")


def current_code(secret: str) -> str:
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def sign_out(page: Page) -> None:
    page.get_by_role("link", name="Sign out").click()
    assert_accessible(page)
    press(page, "Sign Out")
    expect(page).to_have_url(re.compile("/accounts/login/$"))


def test_an_authenticator_app_is_added_and_then_asked_for(page: Page, ada: User):
    enter_password(page, ada)
    assert_accessible(page)
    page.get_by_role("link", name="Activate").click()
    confirm_password(page)
    expect(page.get_by_role("img", name="QR code of the secret below")).to_be_visible()
    assert_accessible(page)
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Authenticator code").fill(current_code(secret))
    press(page, "Activate")
    expect(page.get_by_label("Unused codes")).to_be_visible()
    assert_accessible(page)
    [recovery_code, *_] = page.get_by_label("Unused codes").input_value().split()

    sign_out(page)
    enter_password(page, ada)
    expect(page).to_have_url(re.compile("/accounts/2fa/authenticate/"))
    assert_accessible(page)
    page.get_by_label("Code").fill(recovery_code)
    press(page, "Sign In")
    expect(page).to_have_url(re.compile("/accounts/2fa/$"))
    expect(page.get_by_text("9 unused codes")).to_be_visible()


def test_a_passkey_is_added_and_then_enough_by_itself(page: Page, ada: User):
    enter_password(page, ada)
    page.get_by_role("link", name="Add").click()
    confirm_password(page)
    page.get_by_label("Passwordless").check()
    assert_accessible(page)
    press(page, "Add")
    expect(page.get_by_label("Unused codes")).to_be_visible()
    page.get_by_role("link", name="Two-step sign-in").click()
    page.get_by_role("link", name="Manage").click()
    expect(page.get_by_text("Passkey", exact=True)).to_be_visible()
    assert_accessible(page)

    sign_out(page)
    page.goto("/accounts/login/?next=/accounts/2fa/")
    press(page, "Sign in with a passkey")
    expect(page).to_have_url(re.compile("/accounts/2fa/$"))
    expect(page.get_by_text("1 key added")).to_be_visible()
