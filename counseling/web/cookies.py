"""The link's secret, moved out of the address: a cookie that only the pages of that one form are sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

NAME = "form"
LIFETIME_SECONDS = 24 * 60 * 60  # a form left open lives at least 20 hours (WCAG 2.2.1)


def remember_link(response: HttpResponse, request: HttpRequest, *, ref: str, token: str) -> None:
    """Have the browser present the token on ``/q/<ref>/`` and nowhere else."""
    response.set_cookie(
        NAME,
        token,
        max_age=LIFETIME_SECONDS,
        path=reverse("client:introduction", args=[ref]),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def remembered_token(request: HttpRequest) -> str:
    """The token the browser presents; empty when it presents none."""
    return request.COOKIES.get(NAME, "")
