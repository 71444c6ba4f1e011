from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from config.middleware import client_address
from tests.factories import StaffFactory, UserFactory


def address_seen(forwarded_for: str | None) -> str:
    """What a view behind the middleware takes for the caller's address; 10.0.0.1 is the proxy itself."""
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    headers = {} if forwarded_for is None else {"X-Forwarded-For": forwarded_for}
    client_address(view)(RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.1"))
    return seen[0]


def test_without_proxies_nothing_is_believed():
    with pytest.raises(MiddlewareNotUsed):
        client_address(lambda _request: HttpResponse())


@pytest.mark.parametrize(
    ("proxies", "forwarded_for", "address"),
    [
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "6.6.6.6, 192.0.2.7", "192.0.2.7"),
        (2, "6.6.6.6, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
        (2, "192.0.2.7", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, None, "10.0.0.1"),
    ],
)
def test_behind_proxies_only_what_they_wrote_is_believed(settings, proxies: int, forwarded_for: str, address: str):
    settings.TRUSTED_PROXY_COUNT = proxies
    assert address_seen(forwarded_for) == address


def test_every_response_denies_unused_browser_features(client: Client):
    policy = client.get("/healthz").headers["Permissions-Policy"]
    assert policy == "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


STAFF_PAGES = ["/admin/", "/admin/logout/", "/api/v1/clients/", "/"]


@pytest.fixture
def required(settings):
    settings.REQUIRE_MFA = True


@pytest.mark.django_db
class TestRequiredSecondFactor:
    @pytest.mark.parametrize("path", STAFF_PAGES)
    def test_without_one_every_page_leads_to_enrollment(self, required, client: Client, path: str):
        client.force_login(StaffFactory().user)
        response = client.get(path)
        assert (response.status_code, response.headers["Location"]) == (302, reverse("mfa_index"))

    def test_posting_does_not_get_past_it(self, required, client: Client):
        client.force_login(StaffFactory().user)
        response = client.post("/api/v1/clients/", {}, content_type="application/json")
        assert (response.status_code, response.headers["Location"]) == (302, reverse("mfa_index"))

    def test_the_sign_in_pages_stay_open(self, required, client: Client):
        client.force_login(StaffFactory().user)
        assert [client.get(reverse(name)).status_code for name in ("mfa_index", "account_logout")] == [200, 200]

    @pytest.mark.parametrize("kind", [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
    def test_with_one_the_work_goes_on(self, required, client: Client, kind: str):
        user = UserFactory()
        Authenticator.objects.create(user=user, type=kind, data={})
        client.force_login(user)
        assert client.get("/healthz").status_code == 200

    def test_recovery_codes_alone_are_not_one(self, required, client: Client):
        user = UserFactory()
        Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
        client.force_login(user)
        assert client.get("/healthz").status_code == 302

    def test_a_program_with_a_token_is_not_asked(self, required, client: Client):
        response = client.get("/api/v1/clients/", headers={"Authorization": "Token idp_unknown"})
        assert response.status_code == 401

    def test_clients_pages_know_no_accounts(self, required, client: Client, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert client.get("/healthz").status_code == 200

    def test_where_it_is_not_required_it_is_offered_only(self, settings, client: Client):
        client.force_login(StaffFactory().user)
        assert client.get("/healthz").status_code == 200
