"""What every client page is wrapped in: who may open it, in which language, with which headers, and how errors look."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from assessments.enums import ResponseStatus
from assessments.models import Response
from counseling.exceptions import CounselingError, LinkUnusable
from counseling.models import FollowUp
from counseling.web import addresses, crisis, doors, misses
from counseling.web.languages import spoken_language

P = ParamSpec("P")
Page = Callable[..., HttpResponse]

NEUTRAL_SITE = "https://www.wikipedia.org/"
"""Where "Leave this page" leads: a site that anybody may have been reading."""


def client_page(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Page:
    """A page that is kept and indexed nowhere, and answers every error of ours with words that tell nothing."""

    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except CounselingError as error:
            response = _refuse(request, error)
        return _keep_private(response)

    return page


def form_page(view: Callable[Concatenate[HttpRequest, FollowUp, P], HttpResponse]) -> Page:
    """A page of the form behind the request's cookie, in its client's language and hours."""

    @client_page
    @wraps(view)
    def page(request: HttpRequest, /, ref: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        follow_up = doors.find_by_cookie(request, ref=ref, now=timezone.now())
        language = spoken_language(follow_up, request.GET)
        with translation.override(language), timezone.override(follow_up.time_zone):
            response = view(request, follow_up, *args, **kwargs)
        crisis.note_shown(response, request, ref=ref)
        response.headers["Content-Language"] = language
        # With "no-referrer" browsers post forms as coming from nowhere, which the check against forged posts refuses.
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return page


def draft_page(view: Callable[Concatenate[HttpRequest, FollowUp, Response, P], HttpResponse]) -> Page:
    """A page of a form being answered. Before it was started and after it was sent, there is only the way in."""

    @form_page
    @wraps(view)
    def page(request: HttpRequest, follow_up: FollowUp, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        draft = follow_up.response
        if draft is None or draft.status != ResponseStatus.DRAFT:
            return redirect(addresses.introduction_address(follow_up))
        return view(request, follow_up, draft, *args, **kwargs)

    return page


def show(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render at once, while the client's language is set."""
    context = {"exit_url": NEUTRAL_SITE, **(context or {})}
    return render(request, f"counseling/web/{template}", context, status=status)


def _refuse(request: HttpRequest, error: CounselingError) -> HttpResponse:
    if not isinstance(error, LinkUnusable):
        return show(request, "try_again.html", status=error.http_status)
    if misses.count_miss(request):
        response = show(request, "too_many_tries.html", status=429)
        response.headers["Retry-After"] = str(misses.WINDOW_SECONDS)
        return response
    return show(request, "closed.html", status=error.http_status)


def _keep_private(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response
