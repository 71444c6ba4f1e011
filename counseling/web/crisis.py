"""Help, shown at once to a person whose answers say that they may need it, and to nobody who comes by later.

Saved answers are never asked: any page could then tell whoever holds the link that there is such an answer. Asked is
what was just sent, and a cookie that carries it over the redirect to the next page and, for an hour, to the receipt.
Making such a cookie up shows the clinic's resources and tells nothing.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from assessments.alerts import raised_alerts
from assessments.definition import Answers, Definition
from counseling.models import FollowUp
from counseling.tokens import short_ref
from counseling.web import cookies

NAME = "notice"
LIFETIME_SECONDS = 60 * 60
NEXT_PAGE, ONLY_RECEIPT = "1", "2"
"""Where the resources are still to be shown: on the next page and the receipt, or on the receipt alone."""


def crisis_resources(request: HttpRequest, follow_up: FollowUp, *, given: Answers | None = None) -> str:
    """The clinic's own words when what was just given, or given on the page before, calls for them; else empty."""
    is_due = request.COOKIES.get(NAME) == NEXT_PAGE
    return _words(follow_up) if is_due or _calls_for_help(follow_up.version.definition, given or {}) else ""


def crisis_resources_on_receipt(request: HttpRequest, follow_up: FollowUp) -> str:
    """The same words where this browser gave such an answer within the hour; else empty."""
    return _words(follow_up) if request.COOKIES.get(NAME) else ""


def remember_call(response: HttpResponse, request: HttpRequest, follow_up: FollowUp, *, given: Answers) -> None:
    """Have the browser say from here on that these answers called for help; when they take that back, no longer."""
    definition = follow_up.version.definition
    if _calls_for_help(definition, given):
        mark = NEXT_PAGE if response.has_header("Location") else ONLY_RECEIPT
        _keep(response, request, mark, ref=short_ref(follow_up.token_digest))
    elif any(alert.kind == "safety" and alert.item in given for alert in definition.alerts):
        forget_call(response, request, follow_up)


def forget_call(response: HttpResponse, request: HttpRequest, follow_up: FollowUp) -> None:
    if NAME in request.COOKIES:
        cookies.drop(response, NAME, ref=short_ref(follow_up.token_digest))


def note_shown(response: HttpResponse, request: HttpRequest, *, ref: str) -> None:
    """Once on a page, the resources are left to the receipt."""
    is_shown = request.COOKIES.get(NAME) == NEXT_PAGE and not response.has_header("Location")
    if is_shown and NAME not in response.cookies:
        _keep(response, request, ONLY_RECEIPT, ref=ref)


def _keep(response: HttpResponse, request: HttpRequest, mark: str, *, ref: str) -> None:
    cookies.keep(response, request, NAME, mark, ref=ref, seconds=LIFETIME_SECONDS)


def _words(follow_up: FollowUp) -> str:
    return follow_up.clinic.crisis_text or gettext("If you are in danger, call the emergency services.")


def _calls_for_help(definition: Definition, answers: Answers) -> bool:
    return any(alert.kind == "safety" for alert in raised_alerts(definition, answers))
