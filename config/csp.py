"""One content security policy for every page: by Django itself from 6.0 on, by the small middleware below on 5.2.

A view with a policy of its own sets the header on its response; both middlewares leave it alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, empty

HEADER = "Content-Security-Policy"
SELF, NONE = "'self'", "'none'"
NONCE = "<CSP_NONCE_SENTINEL>"  # the value of Django 6's CSP.NONCE

POLICY: dict[str, list[str]] = {
    "default-src": [SELF],
    "script-src": [SELF, NONCE],
    "style-src": [SELF, NONCE],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}


class PolicyMiddleware:
    """Django 6's ``ContentSecurityPolicyMiddleware``, as far as this project uses it, for Django 5.2."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = SimpleLazyObject(lambda: secrets.token_urlsafe(16))
        request._csp_nonce = nonce  # type: ignore[attr-defined] # noqa: SLF001 - the name Django 6 uses
        response = self.get_response(request)
        used = None if nonce._wrapped is empty else str(nonce)  # noqa: SLF001
        response.headers.setdefault(HEADER, render_policy(settings.SECURE_CSP, used))
        return response


def render_policy(policy: dict[str, list[str]], nonce: str | None) -> str:
    """Write the header's value; the nonce's place is dropped when no template asked for one."""
    written = {NONCE: f"'nonce-{nonce}'" if nonce else ""}
    return "; ".join(
        f"{directive} {' '.join(filter(None, (written.get(source, source) for source in sources)))}"
        for directive, sources in policy.items()
    )


def csp(request: HttpRequest) -> dict[str, object]:
    """Context processor: ``{{ csp_nonce }}``."""
    return {"csp_nonce": getattr(request, "_csp_nonce", None)}


if django.VERSION >= (6, 0):
    MIDDLEWARE = "django.middleware.csp.ContentSecurityPolicyMiddleware"
    CONTEXT_PROCESSOR = "django.template.context_processors.csp"
else:
    MIDDLEWARE = "config.csp.PolicyMiddleware"
    CONTEXT_PROCESSOR = "config.csp.csp"
