"""The way back: a page that was opened to put something right returns to where the person came from."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def onward(request: HttpRequest, default: str) -> str:
    """The address on this site that ``next`` names, else the default. Nobody is led to somebody else's site."""
    wanted = request.GET.get("next", "")
    return wanted if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None) else default
