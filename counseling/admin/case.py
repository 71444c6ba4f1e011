"""One case: its people, sessions, follow-ups, findings and scores, and what can be done about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from counseling.actions.audit import record_answers_read
from counseling.actions.baselines import lift_baseline, set_baseline
from counseling.actions.cases import assign_case, close_case, hold_case, resume_case
from counseling.actions.sessions import schedule_session
from counseling.admin import case_plans
from counseling.admin.answers import show_answers
from counseling.admin.case_opening import LeadForm, show_opening
from counseling.admin.caseload import show_caseload
from counseling.admin.changing import Wish, ask_first
from counseling.admin.enrolling import show_enrolling
from counseling.admin.follow_up import show_follow_up
from counseling.admin.forms import MomentInput, StaffForm
from counseling.admin.scoped import ScopedAdmin, url_of
from counseling.contact import obstacles
from counseling.enums import Reason, SessionStatus
from counseling.models import (
    Baseline,
    Case,
    Client,
    Consent,
    Finding,
    FollowUp,
    PlanStop,
    Session,
    StaffMember,
)
from counseling.permissions import Permission, find_visible
from counseling.queries.headlines import with_headlines
from counseling.queries.scores import ScoreTable, answered_lately, score_tables
from counseling.queries.timeline import enrollment_timelines

SESSIONS_SHOWN = 8
MOVES = {
    "hold": (hold_case, _("Put on hold"), _("The case is on hold.")),
    "resume": (resume_case, _("Take the case up again"), _("The case is open.")),
    "close": (close_case, _("Close the case"), _("The case is closed.")),
}


class SessionForm(StaffForm):
    starts_at = forms.DateTimeField(label=_("Date and time"), widget=MomentInput())
    minutes = forms.IntegerField(label=_("Minutes"), initial=50, min_value=5, max_value=480)


@admin.register(Case)
class CaseAdmin(ScopedAdmin[Case]):
    permission = Permission.WORK_CASES
    can_add = True
    moves = {
        **dict.fromkeys(MOVES, "move_case"),
        "assign": "assign",
        "schedule": "schedule",
        **dict.fromkeys(case_plans.MOVES, "move_plan"),
        "set_baseline": "set_baseline",
        "lift_baseline": "lift_baseline",
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        people = ("client", "relationship__first", "relationship__second", "lead", "clinic")
        return super().get_queryset(request).select_related(*people)

    def extra_urls(self) -> list[URLPattern]:
        return [
            path("<uuid:object_id>/ask/", self.page(self.ask_view), name="counseling_case_ask"),
            path(
                "<uuid:object_id>/plans/<uuid:enrollment_id>/",
                self.page(self.change_plan_view),
                name="counseling_case_change_plan",
            ),
            path("<uuid:object_id>/enroll/", self.page(self.enroll_view), name="counseling_case_enroll"),
            path(
                "<uuid:object_id>/answers/<uuid:follow_up_id>/",
                self.page(self.answers_view),
                name="counseling_case_answers",
            ),
            path(
                "<uuid:object_id>/follow-ups/<uuid:follow_up_id>/",
                self.page(self.follow_up_view),
                name="counseling_case_follow_up",
            ),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return show_caseload(self, request)

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return show_opening(self, request)

    def enroll_view(self, request: HttpRequest, object_id: object) -> HttpResponse:
        return show_enrolling(self, request, object_id)

    def ask_view(self, request: HttpRequest, object_id: object) -> HttpResponse:
        return case_plans.show_asking(self, request, object_id)

    def change_plan_view(self, request: HttpRequest, object_id: object, enrollment_id: object) -> HttpResponse:
        return case_plans.show_changing(self, request, object_id, enrollment_id)

    def answers_view(self, request: HttpRequest, object_id: object, follow_up_id: object) -> HttpResponse:
        return show_answers(self, request, object_id, follow_up_id)

    def follow_up_view(self, request: HttpRequest, object_id: object, follow_up_id: object) -> HttpResponse:
        return show_follow_up(self, request, object_id, follow_up_id)

    def show_row(self, request: HttpRequest, row: Case, **filled: Any) -> HttpResponse:
        staff, now = self.staff(request), timezone.now()
        suspending = list(Finding.objects.suspending().filter(case=row).order_by("raised_at"))
        return self.show(
            request,
            "case.html",
            title=str(row),
            case=row,
            people=_people(row),
            suspending=suspending,
            findings=_findings(row),
            sessions=_sessions(row, now),
            timelines=enrollment_timelines(row, now=now),
            scores=[] if suspending else _scores(row, staff, now),
            session_form=filled.get("session_form") or SessionForm(initial={"starts_at": None}, staff=staff),
            lead_form=filled.get("lead_form") or LeadForm(initial=_workers(row), staff=staff),
            now=now,
            back={"title": _("Caseload"), "url": reverse("admin:counseling_case_changelist")},
        )

    # --- Moves ---------------------------------------------------------------------------------

    def move_case(self, request: HttpRequest, case: Case) -> HttpResponse:
        change, submit, done = MOVES[request.POST["move"]]
        wish = Wish(
            change=lambda: change(self.find(request, case.pk), by=self.staff(request), now=timezone.now()),
            title=_("What this changes"),
            submit=submit,
            done=str(done),
            to=url_of,
            again=self.again(request, case),
            back={"title": str(case), "url": url_of(case)},
        )
        return ask_first(self, request, wish)

    def assign(self, request: HttpRequest, case: Case) -> HttpResponse:
        form = LeadForm(request.POST, staff=self.staff(request))
        again = self.again(request, case, lead_form=form)
        if not form.is_valid():
            return again()
        return self.perform(
            request,
            lambda: assign_case(case, by=self.staff(request), now=timezone.now(), **form.cleaned_data),
            done=gettext("The case is handed over."),
            to=lambda assigned: _after_handing_over(assigned, self.staff(request)),
            again=again,
            form=form,
        )

    def schedule(self, request: HttpRequest, case: Case) -> HttpResponse:
        form = SessionForm(request.POST, staff=self.staff(request))
        again = self.again(request, case, session_form=form)
        if not form.is_valid():
            return again()
        wish = Wish(
            change=lambda: schedule_session(
                self.find(request, case.pk), by=self.staff(request), now=timezone.now(), **form.cleaned_data
            ),
            title=_("What is asked around the session"),
            submit=_("Plan the session"),
            done=gettext("The session is planned."),
            to=lambda _session: url_of(case),
            again=again,
            back={"title": str(case), "url": url_of(case)},
            form=form,
        )
        return ask_first(self, request, wish)

    def move_plan(self, request: HttpRequest, case: Case) -> HttpResponse:
        return case_plans.move_plan(self, request, case)

    def set_baseline(self, request: HttpRequest, case: Case) -> HttpResponse:
        answered = FollowUp.objects.filter(case=case).answered().select_related("version")
        answered = answered.defer("version__definition_json")
        follow_up: FollowUp = find_visible(answered, self.staff(request), request.POST.get("follow_up"))
        return self.perform(
            request,
            lambda: set_baseline(follow_up, by=self.staff(request), now=timezone.now()),
            done=gettext("Change is measured from these answers on."),
            to=lambda _baseline: url_of(case) + "#scores",
            again=self.again(request, case),
        )

    def lift_baseline(self, request: HttpRequest, case: Case) -> HttpResponse:
        theirs = Baseline.objects.filter(case=case)
        baseline: Baseline = find_visible(theirs, self.staff(request), request.POST.get("baseline"))
        return self.perform(
            request,
            lambda: lift_baseline(baseline, by=self.staff(request), now=timezone.now()),
            done=gettext("Change is measured from the first answers again."),
            to=lambda _baseline: url_of(case) + "#scores",
            again=self.again(request, case),
        )


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the case, what keeps emails from them, and of which plans here they want none."""

    client: Client
    obstacles: tuple[Reason, ...]
    plan_stops: tuple[PlanStop, ...]


def _people(case: Case) -> list[Person]:
    agreeing = Consent.objects.agreeing(case.members)
    stops = list(PlanStop.objects.standing().filter(case=case).select_related("plan"))
    return [
        Person(
            client,
            obstacles(client, agrees=client.pk in agreeing),
            tuple(stop for stop in stops if stop.client_id == client.pk),
        )
        for client in case.members
    ]


def _findings(case: Case) -> dict[str, list[Finding]]:
    """Those that wait, most urgent first, and those that are decided or cleared."""
    rows = Finding.objects.filter(case=case).select_related("subject", "claimed_by").defer("evidence")
    found = list(with_headlines(rows.by_urgency()))
    return {
        "waiting": [finding for finding in found if finding.is_waiting],
        "settled": [finding for finding in found if not finding.is_waiting],
    }


def _sessions(case: Case, now: datetime) -> dict[str, list[Session]]:
    """What is to come and what nobody settled, by date; then the latest of the others."""
    rows = Session.objects.filter(case=case).select_related("counselor")
    scheduled = list(rows.filter(status=SessionStatus.SCHEDULED).order_by("starts_at", "id"))
    return {
        "unsettled": [session for session in scheduled if session.starts_at < now],
        "upcoming": [session for session in scheduled if session.starts_at >= now],
        "settled": list(rows.exclude(status=SessionStatus.SCHEDULED)[:SESSIONS_SHOWN]),
    }


def _scores(case: Case, staff: StaffMember, now: datetime) -> list[ScoreTable]:
    """The scores of the latest waves; that they were read is noted."""
    answered = answered_lately(case)
    record_answers_read(answered, by=staff, now=now)
    return score_tables(case, answered, language=get_language() or "en")


def _workers(case: Case) -> dict[str, Any]:
    return {"lead": case.lead_id, "co_counselors": case.co_counselors.values_list("pk", flat=True)}


def _after_handing_over(case: Case, staff: StaffMember) -> str:
    """The case, if the person still works on it."""
    stays = Case.objects.visible_to(staff).filter(pk=case.pk).exists()
    return url_of(case) if stays else reverse("admin:counseling_case_changelist")
