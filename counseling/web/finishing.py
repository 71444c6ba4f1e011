"""Going out: check the answers, send them once, and get a receipt that shows none of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments.exceptions import InvalidAnswers
from assessments.forms import foreign
from assessments.models import Response
from counseling.actions.answering import change_language, submit_follow_up
from counseling.models import FollowUp
from counseling.web import addresses, crisis, doors
from counseling.web.languages import chosen_language, other_languages
from counseling.web.pages import draft_page, form_page, show
from counseling.web.summary import summarize


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def check_answers(request: HttpRequest, follow_up: FollowUp, draft: Response) -> HttpResponse:
    """Everything chosen so far, with ways to change it; the one place from which it is sent."""
    if request.method != "POST":
        return _show_check(request, follow_up, draft)
    if language := chosen_language(request.POST, follow_up):
        change_language(follow_up, language=language)
        return redirect(addresses.check_address(follow_up))
    try:
        submit_follow_up(follow_up, now=timezone.now())
    except InvalidAnswers:
        return _show_check(request, follow_up, draft)
    return redirect(addresses.receipt_address(follow_up))


@require_safe
@form_page
def show_receipt(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    """That it arrived and when; the same for whoever sent it first and whoever pressed twice."""
    if follow_up.response is None or not doors.is_answered(follow_up):
        return redirect(addresses.introduction_address(follow_up))
    resources = crisis.crisis_resources_on_receipt(request, follow_up)
    response = show(request, "receipt.html", {"received_at": follow_up.completed_at, "crisis": resources})
    crisis.forget_call(response, request, follow_up)
    return response


def _show_check(request: HttpRequest, follow_up: FollowUp, draft: Response) -> HttpResponse:
    sections = summarize(follow_up, draft)
    context = {
        "sections": sections,
        "missing": [(section, line) for section in sections for line in section.lines if line.is_missing],
        "is_refused": request.method == "POST",
        "crisis": crisis.crisis_resources(request, follow_up),
        "other_languages": other_languages(follow_up.version.definition, draft.language),
        "theirs": foreign(draft.language),
    }
    return show(request, "check.html", context)
