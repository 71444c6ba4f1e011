"""No more emails, please: a page for people, one click for mail programs (RFC 8058), and a way to take it back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from counseling.actions.stopping import PURPOSE, may_resume, resume_emails, stop_emails
from counseling.links import find_stopping
from counseling.models import Client
from counseling.web.pages import client_page, show


@csrf_exempt  # mail programs post without a cookie; the signed address is the proof
@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def choose_emails(request: HttpRequest, signed: str) -> HttpResponse:
    """Show the choice, or make it. Opening the page changes nothing."""
    client = find_stopping(signed)
    with translation.override(client.language):
        if request.method == "POST":
            return _choose(request, client)
        return _show(request, client)


def _choose(request: HttpRequest, client: Client) -> HttpResponse:
    if request.POST.get("List-Unsubscribe") == "One-Click":
        stop_emails(client, now=timezone.now())
        return _show(request, client)  # mail programs follow no redirect
    if request.POST.get("choice") == "resume":
        resume_emails(client, now=timezone.now())
    else:
        stop_emails(client, now=timezone.now())
    return redirect(request.path)


def _show(request: HttpRequest, client: Client) -> HttpResponse:
    is_stopped = not client.agrees_to(PURPOSE)
    return show(request, "stop.html", {"is_stopped": is_stopped, "may_resume": is_stopped and may_resume(client)})
