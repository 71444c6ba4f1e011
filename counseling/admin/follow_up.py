"""One follow-up: its history in words, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counseling.actions.audit import record_view
from counseling.actions.deliveries import resend_delivery
from counseling.actions.follow_ups import ask_by_phone, cancel_follow_up, skip_follow_up
from counseling.actions.stopping import is_plan_stopped
from counseling.admin.onward import onward
from counseling.admin.scoped import ScopedAdmin, url_of
from counseling.contact import obstacles
from counseling.enums import ConsentPurpose
from counseling.models import Case, Delivery, FollowUp
from counseling.permissions import find_visible
from counseling.queries.attention import with_remedies
from counseling.queries.follow_up_page import follow_up_history

ENDINGS = {
    "skip": (skip_follow_up, _("This occasion is left out; the others stay.")),
    "cancel": (cancel_follow_up, _("This questionnaire is taken back; its link opens nothing any more.")),
    "phone": (ask_by_phone, _("Noted: the client is asked by phone. Nothing more is sent about this questionnaire.")),
}
MOVES = (*ENDINGS, "resend")


def show_follow_up(
    screen: ScopedAdmin[Case], request: HttpRequest, object_id: object, follow_up_id: object
) -> HttpResponse:
    """The follow-up's page. A button on it posts the name of a move, and leads back to where the page was opened."""
    case = screen.find(request, object_id)
    follow_up = _find(screen, request, case, follow_up_id)
    if request.method != "POST":
        return _show(screen, request, case, follow_up)
    move = request.POST.get("move", "")
    if move not in MOVES:
        return HttpResponseBadRequest(gettext("This page has no such button."))
    change, done = _resending(screen, request, follow_up) if move == "resend" else _ending(screen, request, follow_up)
    return screen.perform(
        request,
        change,
        done=done,
        to=lambda _row: onward(request, _url_of(follow_up)),
        again=lambda: _show(screen, request, case, _find(screen, request, case, follow_up_id)),
    )


def _find(screen: ScopedAdmin[Case], request: HttpRequest, case: Case, follow_up_id: object) -> FollowUp:
    joined = ("client", "version__instrument", "enrollment__started_by", "enrollment__ended_by", "clinic", "response")
    theirs = FollowUp.objects.filter(case=case).select_related(*joined).defer("version__definition_json")
    found: FollowUp = find_visible(theirs, screen.staff(request), follow_up_id)
    return found


def _show(screen: ScopedAdmin[Case], request: HttpRequest, case: Case, follow_up: FollowUp) -> HttpResponse:
    now, client = timezone.now(), follow_up.client
    record_view(follow_up, by=screen.staff(request), now=now)
    agrees = client.agrees_to(ConsentPurpose.FOLLOW_UP_EMAIL)
    in_doubt = Delivery.objects.unresolved().filter(follow_up=follow_up).order_by("created_at")
    return screen.show(
        request,
        "follow_up.html",
        title=gettext("%(name)s’s follow-up") % {"name": client.given_name},
        follow_up=follow_up,
        obstacles=obstacles(client, agrees=agrees, plan_stopped=is_plan_stopped(follow_up)),
        history=follow_up_history(follow_up),
        emails=with_remedies(in_doubt.select_related("follow_up__client", "follow_up__enrollment"), now=now),
        back={"title": str(case), "url": url_of(case) + "#follow-ups"},
    )


def _resending(
    screen: ScopedAdmin[Case], request: HttpRequest, follow_up: FollowUp
) -> tuple[Callable[[], object], str]:
    theirs = Delivery.objects.filter(follow_up=follow_up).select_related("follow_up__client", "follow_up__enrollment")
    delivery: Delivery = find_visible(theirs, screen.staff(request), request.POST.get("delivery"))
    staff = screen.staff(request)
    done = gettext("The email goes out again, with the same link.")
    return lambda: resend_delivery(delivery, by=staff, now=timezone.now()), done


def _ending(screen: ScopedAdmin[Case], request: HttpRequest, follow_up: FollowUp) -> tuple[Callable[[], object], str]:
    change, done = ENDINGS[request.POST["move"]]
    staff = screen.staff(request)
    return lambda: change(follow_up, by=staff, now=timezone.now()), str(done)


def _url_of(follow_up: FollowUp) -> str:
    return reverse("admin:counseling_case_follow_up", args=[follow_up.case_id, follow_up.pk])
