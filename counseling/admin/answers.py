"""One person's answers of one occasion, as they were asked, and how they were scored."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from counseling.actions.audit import record_answers_read
from counseling.admin.scoped import ScopedAdmin, url_of
from counseling.models import Baseline, Case, FollowUp
from counseling.permissions import find_visible
from counseling.queries.answers_page import answers_page


def show_answers(
    screen: ScopedAdmin[Case], request: HttpRequest, object_id: object, follow_up_id: object
) -> HttpResponse:
    """Read one response; that it was read is noted. What is not answered, or was withdrawn, is not there: 404."""
    staff, case = screen.staff(request), screen.find(request, object_id)
    answered = FollowUp.objects.filter(case=case).answered().select_related("client", "response__version")
    follow_up: FollowUp = find_visible(answered, staff, follow_up_id)
    record_answers_read([follow_up], by=staff, now=timezone.now())
    return screen.show(
        request,
        "answers_page.html",
        title=gettext("%(name)s’s answers") % {"name": follow_up.client.given_name},
        follow_up=follow_up,
        baseline=Baseline.objects.standing().filter(follow_up=follow_up).select_related("set_by__user").first(),
        page=answers_page(follow_up, language=get_language() or "en"),
        back={"title": str(case), "url": url_of(case) + "#follow-ups"},
    )
