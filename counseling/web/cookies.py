"""Cookies that only the pages of one form are sent; above all the link's secret, moved out of the address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

NAME = "form"
LIFETIME_SECONDS = 24 * 60 * 60  # a form left open lives at least 20 hours (WCAG 2.2.1)


def remember_link(response: HttpResponse, request: HttpRequest, *, ref: str, token: str) -> None:
    """Have the browser present the token on ``/q/<ref>/`` and nowhere else."""
    keep(response, request, NAME, token, ref=ref, seconds=LIFETIME_SECONDS)


def remembered_token(request: HttpRequest) -> str:
    """The token the browser presents; empty when it presents none."""
    return request.COOKIES.get(NAME, "")


def keep(response: HttpResponse, request: HttpRequest, name: str, value: str, *, ref: str, seconds: int) -> None:
    """Set a cookie for the pages below ``/q/<ref>/`` that no script can read."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=_path(ref),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def drop(response: HttpResponse, name: str, *, ref: str) -> None:
    response.delete_cookie(name, path=_path(ref), samesite="Lax")


def _path(ref: str) -> str:
    return reverse("client:introduction", args=[ref])
