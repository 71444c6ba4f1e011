"""Coming in: the emailed link, and the page that says what this is before anything is asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from counseling.actions.answering import start_answering
from counseling.links import stop_link
from counseling.models import FollowUp
from counseling.tokens import short_ref
from counseling.web import addresses, cookies, doors, walk
from counseling.web.crisis import crisis_resources
from counseling.web.languages import other_languages, spoken_language
from counseling.web.pages import client_page, form_page, show


@require_safe
@client_page
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Exchange the token for a cookie and a clean address. Changes nothing, however many scanners come by."""
    follow_up = doors.find_by_token(token, now=timezone.now())
    if doors.is_answered(follow_up):
        return show(request, "received.html")
    response = redirect(addresses.introduction_address(follow_up))
    cookies.remember_link(response, request, ref=short_ref(follow_up.token_digest), token=token)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@form_page
def introduce(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    """What it is, how long it takes, who reads it. Start opens the draft in the language the page was read in."""
    if doors.is_answered(follow_up):
        return redirect(addresses.receipt_address(follow_up))
    if request.method == "POST":
        language = spoken_language(follow_up, request.POST)
        draft = start_answering(follow_up, language=language, now=timezone.now())
        return redirect(addresses.go_on_address(follow_up, draft))
    introduction = _introduction(follow_up, spoken_language(follow_up, request.GET))
    return show(request, "introduction.html", {**introduction, "crisis": crisis_resources(request, follow_up)})


def _introduction(follow_up: FollowUp, language: str) -> dict[str, object]:
    definition = follow_up.version.definition
    return {
        "language": language,
        "other_languages": other_languages(definition, language),
        "minutes": walk.minutes_needed(definition),
        "closes_at": follow_up.expires_at,
        "stop_address": stop_link(follow_up),
        "go_on_address": addresses.go_on_address(follow_up, follow_up.response) if follow_up.response else "",
    }
