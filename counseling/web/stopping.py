"""Stopping the emails: a page for people, one click for mail programs (RFC 8058), and a way to take it back.

One click stops all of them. Who presses "unsubscribe" in a mail program sees a sender, not a plan; another email from
the same sender would look like being ignored, and to somebody who is watched it could be worse than that. The page
offers the choice: the emails of the plan, or all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from counseling.actions import stopping
from counseling.links import find_stopping
from counseling.models import FollowUp
from counseling.web.pages import client_page, show


def _stop_all(follow_up: FollowUp, *, now: datetime) -> None:
    stopping.stop_emails(follow_up.client, now=now)


def _resume_all(follow_up: FollowUp, *, now: datetime) -> None:
    stopping.resume_emails(follow_up.client, now=now)


CHOICES: Mapping[str, Callable[..., None]] = {
    "stop_plan": stopping.stop_plan,
    "resume_plan": stopping.resume_plan,
    "stop": _stop_all,
    "resume": _resume_all,
}


@csrf_exempt  # mail programs post without a cookie; the signed address is the proof
@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def choose_emails(request: HttpRequest, signed: str) -> HttpResponse:
    """Show the choice, or make it. Opening the page changes nothing."""
    follow_up = find_stopping(signed)
    with translation.override(follow_up.client.language):
        if request.method == "POST":
            return _choose(request, follow_up)
        return _show(request, follow_up)


def _choose(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    """What the button says; whatever else is posted here was meant to stop the emails."""
    if request.POST.get("List-Unsubscribe") == "One-Click":
        _stop_all(follow_up, now=timezone.now())
        return _show(request, follow_up)  # mail programs follow no redirect
    choose = CHOICES.get(request.POST.get("choice", ""), _stop_all)
    choose(follow_up, now=timezone.now())
    return redirect(request.path)


def _show(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    client = follow_up.client
    is_stopped = not client.agrees_to(stopping.PURPOSE)
    state = {
        "is_stopped": is_stopped,
        "may_resume": is_stopped and stopping.may_resume(client),
        "is_plan_stopped": not is_stopped and stopping.is_plan_stopped(follow_up),
    }
    return show(request, "stop.html", state)
