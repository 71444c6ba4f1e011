"""Sessions: what comes next, and what nobody settled yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counseling.actions.sessions import reschedule_session, settle_session
from counseling.admin.changing import Wish, ask_first
from counseling.admin.forms import MomentInput, StaffForm
from counseling.admin.scoped import ScopedAdmin, page_of, url_of
from counseling.enums import SessionStatus
from counseling.models import Session
from counseling.permissions import Permission

OUTCOMES = tuple(status for status in SessionStatus if status != SessionStatus.SCHEDULED)
VIEWS = (("upcoming", _("Upcoming")), ("unsettled", _("To settle")), ("settled", _("Settled")))


class MoveSessionForm(StaffForm):
    starts_at = forms.DateTimeField(label=_("New date and time"), widget=MomentInput())


def sessions_in(view: str, sessions: QuerySet[Session], now: datetime) -> QuerySet[Session]:
    """The part of the sessions that a view shows, in the order one wants to see it."""
    scheduled = sessions.filter(status=SessionStatus.SCHEDULED)
    if view == "settled":
        return sessions.exclude(status=SessionStatus.SCHEDULED).order_by("-starts_at", "id")
    if view == "unsettled":
        return scheduled.filter(starts_at__lt=now).order_by("starts_at", "id")
    return scheduled.filter(starts_at__gte=now).order_by("starts_at", "id")


@admin.register(Session)
class SessionAdmin(ScopedAdmin[Session]):
    permission = Permission.WORK_CASES
    moves = {**{str(outcome): "settle" for outcome in OUTCOMES}, "reschedule": "reschedule"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        people = ("case__client", "case__relationship__first", "case__relationship__second", "counselor")
        return super().get_queryset(request).select_related(*people)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        self.staff(request)
        view = request.GET.get("view", "upcoming")
        rows = sessions_in(view, self.get_queryset(request), timezone.now())
        return self.show(
            request, "sessions.html", title=_("Sessions"), page=page_of(rows, request), view=view, views=VIEWS
        )

    def show_row(self, request: HttpRequest, row: Session, **filled: Any) -> HttpResponse:
        form = filled.get("form") or MoveSessionForm(initial={"starts_at": row.starts_at}, staff=self.staff(request))
        return self.show(
            request,
            "session.html",
            title=_("Session"),
            session=row,
            is_open=row.status == SessionStatus.SCHEDULED,
            form=form,
            back={"title": str(row.case), "url": url_of(row.case)},
        )

    def settle(self, request: HttpRequest, session: Session) -> HttpResponse:
        outcome = SessionStatus(request.POST["move"])
        wish = Wish(
            change=lambda: settle_session(
                self.find(request, session.pk), outcome, by=self.staff(request), now=timezone.now()
            ),
            title=_("What this changes"),
            submit=_("Settle the session"),
            done=gettext("The session is settled: %(outcome)s.") % {"outcome": outcome.label.lower()},
            to=lambda settled: _next_page(request, settled),
            again=self.again(request, session),
            back={"title": gettext("Session"), "url": url_of(session)},
        )
        return ask_first(self, request, wish)

    def reschedule(self, request: HttpRequest, session: Session) -> HttpResponse:
        form = MoveSessionForm(request.POST, staff=self.staff(request))
        again = self.again(request, session, form=form)
        if not form.is_valid():
            return again()
        starts_at = form.cleaned_data["starts_at"]
        wish = Wish(
            change=lambda: reschedule_session(
                self.find(request, session.pk), starts_at=starts_at, by=self.staff(request), now=timezone.now()
            ),
            title=_("What moves along with the session"),
            submit=_("Move the session"),
            done=gettext("The session is moved."),
            to=url_of,
            again=again,
            back={"title": gettext("Session"), "url": url_of(session)},
            form=form,
        )
        return ask_first(self, request, wish)


def _next_page(request: HttpRequest, session: Session) -> str:
    """Back to the list of unsettled sessions when the button stood there, else to the case."""
    if request.POST.get("from") == "list":
        return reverse("admin:counseling_session_changelist") + "?view=unsettled"
    return url_of(session.case)
