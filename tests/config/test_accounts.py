"""Signing in, as somebody who tries every door would find it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from config.accounts import MFA_PLACE, EncryptedMFAAdapter
from counseling.encryption import decrypt
from counseling.exceptions import CiphertextInvalid
from tests.factories import NOW, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "four unrelated words here"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def clean_cache() -> Iterator[None]:
    """Used codes and attempts are counted in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ada() -> User:
    user = StaffFactory(user__username="ada", user__email="ada@clinic.example").user
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, *, login: str = "ada@clinic.example", password: str = PASSWORD, path: str = LOGIN) -> Any:
    return client.post(path, {"login": login, "password": password})


def signed_in_as(client: Client) -> str | None:
    return client.session.get(SESSION_KEY)


# --- With email and password -------------------------------------------------------------------------


def test_staff_sign_in_with_email_and_password(client: Client, ada: User):
    response = sign_in(client)
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
    assert signed_in_as(client) == str(ada.pk)


@pytest.mark.parametrize(
    ("login", "password"),
    [("ada@clinic.example", "wrong"), ("ada", PASSWORD), ("nobody@clinic.example", PASSWORD), ("", "")],
)
def test_nothing_else_signs_in(client: Client, ada: User, login: str, password: str):
    assert sign_in(client, login=login, password=password).status_code == 200
    assert signed_in_as(client) is None


def test_an_account_that_was_closed_does_not_sign_in(client: Client, ada: User):
    User.objects.filter(pk=ada.pk).update(is_active=False)
    sign_in(client)
    assert signed_in_as(client) is None


def test_the_session_is_a_new_one_after_signing_in(client: Client, ada: User):
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    sign_in(client)
    assert client.session.session_key != planted


def test_fifteen_idle_minutes_end_the_session(client: Client, ada: User):
    with time_machine.travel(NOW, tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(minutes=14))
        assert client.get(reverse("mfa_index")).status_code == 200
        clock.shift(timedelta(minutes=14))
        assert client.get(reverse("mfa_index")).status_code == 200
        clock.shift(timedelta(minutes=15, seconds=1))
        response = client.get(reverse("mfa_index"), {"next": "/", "keep": "1"})
    assert response.headers["Location"].startswith(LOGIN)


def test_asking_to_be_remembered_changes_nothing(client: Client, ada: User):
    with time_machine.travel(NOW, tick=False) as clock:
        client.post(LOGIN, {"login": "ada@clinic.example", "password": PASSWORD, "remember": "on"})
        clock.shift(timedelta(minutes=15, seconds=1))
        assert client.get(reverse("mfa_index")).status_code == 302


def test_guessing_is_slowed_down(client: Client, ada: User, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    for _ in range(5):
        sign_in(client, password="wrong")
    response = sign_in(client)
    assert "Too many failed login attempts" in response.content.decode()
    assert signed_in_as(client) is None


# --- The admin's own door ----------------------------------------------------------------------------


def admin_credentials(login: str) -> dict[str, str]:
    return {"username": login, "password": PASSWORD, "next": "/admin/"}


@pytest.mark.parametrize("login", ["ada", "ada@clinic.example"])
def test_the_admins_login_signs_nobody_in(client: Client, ada: User, login: str):
    response = client.post("/admin/login/", admin_credentials(login))
    assert (response.status_code, response.headers["Location"]) == (302, f"{LOGIN}?next=%2Fadmin%2F")
    assert signed_in_as(client) is None


def test_nor_does_it_change_one_account_into_another(client: Client, ada: User):
    """Behind allauth's own wrapper, whoever is signed in could still post another's password here."""
    other = StaffFactory().user
    client.force_login(other)
    response = client.post("/admin/login/", admin_credentials("ada@clinic.example"))
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
    assert signed_in_as(client) == str(other.pk)


def test_the_admin_sends_strangers_to_sign_in(client: Client):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == f"{LOGIN}?next=%2Fadmin%2F"


def test_the_admin_is_closed_to_accounts_that_are_not_staff(client: Client):
    client.force_login(UserFactory(is_staff=False))
    assert client.get("/admin/login/").status_code == 403


@pytest.mark.parametrize(
    ("path", "title"), [("/admin/logout/", "Sign Out"), ("/admin/password_change/", "Change Password")]
)
def test_leaving_and_changing_the_password_are_allauths(client: Client, ada: User, path: str, title: str):
    client.force_login(ada)
    assert f"<h1>{title}</h1>" in re.sub(r">\s+|\s+<", lambda gap: gap[0].strip(), client.get(path).content.decode())


# --- Nobody makes an account of their own -------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/accounts/signup/", "/accounts/email/", "/accounts/login/code/", "/accounts/3rdparty/"]
)
def test_there_is_no_page_to_sign_up_or_move_an_account(client: Client, path: str):
    assert client.get(path).status_code == 404


def test_sign_up_is_closed_even_where_a_page_for_it_existed():
    assert get_account_adapter().is_open_for_signup(None) is False
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_a_forgotten_password_is_reset_by_mail(client: Client, ada: User):
    client.post(reverse("account_reset_password"), {"email": "ada@clinic.example"})
    [message] = mail.outbox
    [link] = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", str(message.body))
    page = client.get(link, follow=True)
    client.post(
        page.redirect_chain[-1][0], {"password1": "another four odd words", "password2": "another four odd words"}
    )
    assert signed_in_as(client) is None
    sign_in(client, password="another four odd words")
    assert signed_in_as(client) == str(ada.pk)


def test_strangers_get_no_mail_and_the_same_answer(client: Client, ada: User):
    known = client.post(reverse("account_reset_password"), {"email": "ada@clinic.example"})
    mail.outbox.clear()
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@elsewhere.example"})
    assert unknown.headers["Location"] == known.headers["Location"]
    assert mail.outbox == []


# --- Second factor ------------------------------------------------------------------------------------

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def current_code() -> str:
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(SECRET, counters[len(counters) // 2]))


def test_with_a_second_factor_the_password_alone_is_not_enough(client: Client, ada: User):
    TOTP.activate(ada, SECRET)
    assert sign_in(client).headers["Location"] == reverse("mfa_authenticate")
    assert signed_in_as(client) is None
    assert client.get("/admin/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": current_code()})
    assert signed_in_as(client) == str(ada.pk)


def test_a_code_works_once(client: Client, ada: User):
    TOTP.activate(ada, SECRET)
    with time_machine.travel(NOW, tick=False):
        for browser in (client, Client()):
            sign_in(browser)
            browser.post(reverse("mfa_authenticate"), {"code": current_code()})
            signed_in = signed_in_as(browser)
    assert signed_in is None


def enroll(client: Client) -> str:
    """Add an authenticator app as its owner would; returns the secret the page showed."""
    activate = reverse("mfa_activate_totp")
    client.get(activate)
    client.post(f"{reverse('account_reauthenticate')}?next={activate}", {"password": PASSWORD})
    page = client.get(activate).content.decode()
    assert 'role="img"' in page
    assert "<svg" in page
    assert "data:" not in page
    secret = str(client.session["mfa.totp.secret"])
    assert secret in page
    counters = list(yield_hotp_counters_from_time())
    code = format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))
    response = client.post(activate, {"code": code})
    assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
    return secret


@pytest.mark.django_db(transaction=True)
def test_enrolling_takes_the_password_again_and_stores_the_secret_encrypted(client: Client, ada: User):
    sign_in(client)
    assert client.get(reverse("mfa_activate_totp")).headers["Location"].startswith(reverse("account_reauthenticate"))
    secret = enroll(client)
    stored = {row.type: row.data for row in Authenticator.objects.filter(user=ada)}
    assert secret not in json.dumps(stored)
    assert decrypt(stored["totp"]["secret"], place=MFA_PLACE) == secret
    assert stored["recovery_codes"]["seed"].startswith("v1:")
    assert [message.subject for message in mail.outbox] == ["Authenticator App Activated"]


def test_a_secret_that_was_altered_does_not_open():
    sealed = EncryptedMFAAdapter().encrypt(SECRET)
    with pytest.raises(CiphertextInvalid):
        EncryptedMFAAdapter().decrypt(sealed[:-8] + "AAAAAAA=")


@pytest.mark.django_db(transaction=True)
def test_a_change_stands_when_its_notice_cannot_be_sent(client: Client, ada: User, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise SMTPServerDisconnected("no mail today")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    sign_in(client)
    enroll(client)
    assert Authenticator.objects.filter(user=ada, type="totp").count() == 1


# --- Pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_pages_speak_the_browsers_language(client: Client, name: str):
    page = client.get(reverse(name), headers={"Accept-Language": "es"}).content.decode()
    assert '<html lang="es">' in page


@pytest.mark.parametrize(
    "name",
    ["mfa_index", "mfa_list_webauthn", "account_logout", "account_change_password", "account_reauthenticate"],
)
def test_account_pages_open_for_their_owner_and_for_nobody_else(client: Client, ada: User, name: str):
    assert client.get(reverse(name)).status_code == 302
    client.force_login(ada)
    assert client.get(reverse(name)).status_code == 200


def test_with_a_second_factor_its_pages_show_what_there_is(client: Client, ada: User):
    client.force_login(ada)

    TOTP.activate(ada, SECRET)
    page = client.get(reverse("mfa_index")).content.decode()
    assert reverse("mfa_deactivate_totp") in page
    assert reverse("mfa_generate_recovery_codes") in page
