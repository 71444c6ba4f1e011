"""Putting a case on a plan: choose, look at every date first, then start."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.enums import OtherRole
from counseling.actions.enrollments import start_enrollment
from counseling.admin.case_plans import members_of
from counseling.admin.changing import Wish, ask_first
from counseling.admin.forms import DayInput, StaffForm
from counseling.admin.scoped import ScopedAdmin, explain, url_of
from counseling.clock import today_in
from counseling.exceptions import CounselingError
from counseling.models import Case, Client, FollowUpPlan, StaffMember
from counseling.planning.rehearsal import rehearse
from counseling.queries.enrollment_preview import EnrollmentPreview, preview_enrollment


class EnrollForm(StaffForm):
    plan = forms.ModelChoiceField(label=_("Plan"), queryset=FollowUpPlan.objects.none(), empty_label=None)
    start_on = forms.DateField(label=_("Start on"), widget=DayInput())
    end_on = forms.DateField(
        label=_("Last day"), required=False, widget=DayInput(), help_text=_("Empty: as long as the plan says.")
    )
    named_client = forms.ModelChoiceField(
        label=_("Questions for one person go to"),
        queryset=Client.objects.none(),
        required=False,
        empty_label=_("Nobody chosen"),
        help_text=_("Only some plans ask one person alone."),
    )
    other_role = forms.ChoiceField(
        label=_("The questions are about the client's"), choices=OtherRole.choices, initial=OtherRole.PARTNER
    )

    def __init__(self, *args: Any, staff: StaffMember, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, staff=staff, **kwargs)
        self.fields["plan"].queryset = FollowUpPlan.objects.visible_to(staff).offered()  # type: ignore[attr-defined]
        if case.relationship_id is not None:
            del self.fields["other_role"]
            self.fields["named_client"].queryset = members_of(case)  # type: ignore[attr-defined]
        else:
            del self.fields["named_client"]

    def wish(self) -> dict[str, Any]:
        """What was chosen, as the preview and the action take it."""
        role = OtherRole(self.cleaned_data.get("other_role", OtherRole.PARTNER))
        return {
            "plan": self.cleaned_data["plan"],
            "start_on": self.cleaned_data["start_on"],
            "end_on": self.cleaned_data["end_on"],
            "named_client": self.cleaned_data.get("named_client"),
            "other_role": role,
        }


def show_enrolling(screen: ScopedAdmin[Case], request: HttpRequest, object_id: object) -> HttpResponse:
    """The choice, and beneath it the preview of what was chosen (by GET: looking changes nothing). POST starts it."""
    staff, case = screen.staff(request), screen.find(request, object_id)
    if request.method == "POST":
        return _start(screen, request, case, staff)
    today = {"start_on": today_in(staff.clinic.time_zone, now=timezone.now())}
    chosen = request.GET if "plan" in request.GET else None
    form = EnrollForm(chosen, initial=today, staff=staff, case=case)
    preview = _preview(request, case, form)
    shown = _digest(case, staff, form) if preview else ""
    return _page(screen, request, case, form, preview, shown=shown)


def _preview(request: HttpRequest, case: Case, form: EnrollForm) -> EnrollmentPreview | None:
    if not form.is_valid():
        return None
    try:
        return preview_enrollment(case, now=timezone.now(), **form.wish())
    except CounselingError as error:
        explain(request, error, form)
        return None


def _digest(case: Case, staff: StaffMember, form: EnrollForm) -> str:
    """Stands for the dates on the page; nothing, for what cannot be started as it is."""
    try:
        return rehearse(lambda: start_enrollment(case, by=staff, now=timezone.now(), **form.wish())).digest
    except CounselingError:
        return ""


def _start(screen: ScopedAdmin[Case], request: HttpRequest, case: Case, staff: StaffMember) -> HttpResponse:
    form = EnrollForm(request.POST, staff=staff, case=case)
    again = partial(_page, screen, request, case, form, None)
    if not form.is_valid():
        return again()
    wish = Wish(
        change=lambda: start_enrollment(screen.find(request, case.pk), by=staff, now=timezone.now(), **form.wish()),
        title=_("What the plan asks"),
        submit=_("Start the plan"),
        done=gettext("The plan has started: its questionnaires will go out on the dates shown below."),
        to=lambda _enrollment: url_of(case) + "#follow-ups",
        again=again,
        back={"title": str(case), "url": url_of(case)},
        form=form,
    )
    return ask_first(screen, request, wish)


def _page(
    screen: ScopedAdmin[Case],
    request: HttpRequest,
    case: Case,
    form: EnrollForm,
    preview: EnrollmentPreview | None,
    *,
    shown: str = "",
) -> HttpResponse:
    return screen.show(
        request,
        "enroll.html",
        title=_("Start a follow-up plan"),
        subtitle=str(case),
        case=case,
        form=form,
        preview=preview,
        shown=shown,
        back={"title": str(case), "url": url_of(case)},
    )
