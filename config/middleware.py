"""Where a request comes from, what every response carries, and who must enroll a second factor before going on."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

GetResponse = Callable[[HttpRequest], HttpResponse]

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
UNUSED_FEATURES = ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")


def client_address(get_response: GetResponse) -> GetResponse:
    """Behind ``TRUSTED_PROXY_COUNT`` proxies, take the caller's address from what the outermost of them was told.

    Addresses further left in X-Forwarded-For were written by the caller and are worth nothing.
    """
    proxies = settings.TRUSTED_PROXY_COUNT
    if not proxies:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        told = [address.strip() for address in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(told) >= proxies and told[-proxies]:
            request.META["REMOTE_ADDR"] = told[-proxies]
        return get_response(request)

    return middleware


def permissions_policy(get_response: GetResponse) -> GetResponse:
    """Deny browser features no page uses, also to whatever might get injected into one."""
    policy = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", policy)
        return response

    return middleware


def require_mfa(get_response: GetResponse) -> GetResponse:
    """Send a signed-in account without a second factor to enroll one, from every page but the sign-in pages.

    Off unless ``REQUIRE_MFA``. API clients carry a token and no session, so nobody is signed in here for them.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_MFA and not _is_sign_in_page(request) and _lacks_second_factor(request.user):
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def _is_sign_in_page(request: HttpRequest) -> bool:
    return request.path_info.startswith(reverse("mfa_index").removesuffix("2fa/"))


def _lacks_second_factor(user: User | AnonymousUser) -> bool:
    return user.is_authenticated and not is_mfa_enabled(user, SECOND_FACTORS)
