"""A case's plans while they run: pause, take up again, change, end; and one questionnaire asked outside of any plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.enums import OtherRole, VersionStatus
from assessments.models import Instrument
from counseling.actions.enrollments import change_enrollment, end_enrollment
from counseling.actions.pausing import pause_enrollment, resume_enrollment
from counseling.actions.single_questions import ask_once
from counseling.admin.changing import Wish, ask_first
from counseling.admin.forms import DayInput, HourInput, StaffForm
from counseling.admin.scoped import ScopedAdmin, url_of
from counseling.enums import Asks
from counseling.models import Case, Client, Enrollment, StaffMember
from counseling.permissions import find_visible

MOVES = ("pause_plan", "resume_plan", "move_plan_later", "end_enrollment")
"""The buttons on a running plan, each handled by `move_plan`."""


def members_of(case: Case) -> Any:
    """The case's people, as a choice."""
    return Client.objects.filter(pk__in=[member.pk for member in case.members])


class ChangePlanForm(StaffForm):
    start_on = forms.DateField(label=_("First day"), widget=DayInput())
    end_on = forms.DateField(
        label=_("Last day"), required=False, widget=DayInput(), help_text=_("Empty: as long as the plan says.")
    )
    named_client = forms.ModelChoiceField(
        label=_("Questions for one person go to"), queryset=Client.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, staff: StaffMember, enrollment: Enrollment, **kwargs: Any) -> None:
        super().__init__(*args, staff=staff, **kwargs)
        keep_named(self, enrollment.case, asks_named=asks_named(enrollment.plan))


def asks_named(plan: Any) -> bool:
    """Whether a step of the plan asks one person alone."""
    return bool(plan.steps.current().filter(asks=Asks.NAMED).exists())


def keep_named(form: forms.Form, case: Case, *, asks_named: bool) -> None:
    """Offer the case's people as the one person, or take the field away where nobody has to be named."""
    if asks_named and len(case.members) > 1:
        form.fields["named_client"].queryset = members_of(case)  # type: ignore[attr-defined]
    else:
        del form.fields["named_client"]


class AskOnceForm(StaffForm):
    instrument = forms.ModelChoiceField(label=_("Questionnaire"), queryset=Instrument.objects.none(), empty_label=None)
    client = forms.ModelChoiceField(
        label=_("Ask"), queryset=Client.objects.none(), required=False, empty_label=_("Everybody in the case")
    )
    on = forms.DateField(label=_("On"), required=False, widget=DayInput(), help_text=_("Empty: now."))
    at = forms.TimeField(
        label=_("At their local hour"), required=False, widget=HourInput(), help_text=_("With a day; nine, if empty.")
    )
    open_days = forms.IntegerField(label=_("Days to answer"), initial=7, min_value=1, max_value=90)
    other_role = forms.ChoiceField(
        label=_("The questions are about the client's"), choices=OtherRole.choices, initial=OtherRole.PARTNER
    )

    def __init__(self, *args: Any, staff: StaffMember, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, staff=staff, **kwargs)
        asked = Instrument.objects.filter(versions__status=VersionStatus.PUBLISHED)
        self.fields["instrument"].queryset = asked  # type: ignore[attr-defined]
        if len(case.members) > 1:
            self.fields["client"].queryset = members_of(case)  # type: ignore[attr-defined]
            del self.fields["other_role"]
        else:
            del self.fields["client"]

    def wish(self) -> dict[str, Any]:
        """What was chosen, as the action takes it."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value not in {None, ""}}
        if "on" not in chosen:
            chosen.pop("at", None)
        elif "at" not in chosen:
            chosen["at"] = NINE
        return {**chosen, "other_role": OtherRole(chosen.get("other_role", OtherRole.PARTNER))}


NINE = time(9)


def move_plan(screen: ScopedAdmin[Case], request: HttpRequest, case: Case) -> HttpResponse:
    """One of the buttons on a plan: shown before it is done."""
    staff = screen.staff(request)
    theirs = Enrollment.objects.filter(case=case)
    enrollment: Enrollment = find_visible(theirs, staff, request.POST.get("enrollment"))
    change, title, submit, done = _moves(staff)[request.POST["move"]]
    wish = Wish(
        change=lambda: change(find_visible(theirs.select_related("case__clinic"), staff, enrollment.pk)),
        title=title,
        submit=submit,
        done=done,
        to=lambda _enrollment: url_of(case) + "#follow-ups",
        again=screen.again(request, case),
        back={"title": str(case), "url": url_of(case) + "#follow-ups"},
    )
    return ask_first(screen, request, wish)


def _moves(staff: StaffMember) -> dict[str, tuple[Callable[[Enrollment], Any], Any, Any, str]]:
    facts: dict[str, Any] = {"by": staff, "now": timezone.now()}
    return {
        "pause_plan": (
            partial(pause_enrollment, **facts),
            _("What the pause holds back"),
            _("Pause the plan"),
            gettext("The plan is paused: nobody is asked or reminded. Links that are out can still be answered."),
        ),
        "resume_plan": (
            partial(resume_enrollment, moves_later=False, **facts),
            _("What is left out"),
            _("Take the plan up again"),
            gettext("The plan goes on; what fell into the pause is left out."),
        ),
        "move_plan_later": (
            partial(resume_enrollment, moves_later=True, **facts),
            _("What comes later"),
            _("Take the plan up again"),
            gettext("The plan goes on; everything that is left comes later."),
        ),
        "end_enrollment": (
            partial(end_enrollment, **facts),
            _("What is taken back"),
            _("End the plan"),
            gettext("The plan is ended: nothing more of it is sent."),
        ),
    }


def show_changing(screen: ScopedAdmin[Case], request: HttpRequest, object_id: object, pk: object) -> HttpResponse:
    """Other dates or another person for one plan of the case; what moves is shown before it does."""
    staff, case = screen.staff(request), screen.find(request, object_id)
    theirs = Enrollment.objects.filter(case=case).running().select_related("plan", "case__clinic", "named_client")
    enrollment: Enrollment = find_visible(theirs, staff, pk)
    enrollment.case = case
    initial = {name: getattr(enrollment, name) for name in ChangePlanForm.base_fields}
    form = ChangePlanForm(request.POST or None, initial=initial, staff=staff, enrollment=enrollment)
    back = {"title": str(case), "url": url_of(case) + "#follow-ups"}
    again = partial(
        screen.show,
        request,
        "add.html",
        title=gettext("Change %(plan)s for this case") % {"plan": enrollment.plan},
        submit=_("Show what changes"),
        form=form,
        back=back,
    )
    if not form.is_valid():
        return again()
    wish = Wish(
        change=lambda: change_enrollment(
            find_visible(theirs, staff, pk), by=staff, now=timezone.now(), **form.cleaned_data
        ),
        title=_("What this changes"),
        submit=_("Change the plan"),
        done=gettext("The plan is changed for this case."),
        to=lambda _enrollment: back["url"],
        again=again,
        back=back,
        form=form,
    )
    return ask_first(screen, request, wish)


def show_asking(screen: ScopedAdmin[Case], request: HttpRequest, object_id: object) -> HttpResponse:
    """One questionnaire, now or on a day."""
    staff, case = screen.staff(request), screen.find(request, object_id)
    form = AskOnceForm(request.POST or None, staff=staff, case=case)
    again = partial(
        screen.show,
        request,
        "add.html",
        title=_("Ask one questionnaire"),
        subtitle=str(case),
        submit=_("Ask it"),
        form=form,
        hint=_(
            "It is emailed once, in no one's night, to whoever agreed to be asked; with a reminder after three days."
        ),
        back={"title": str(case), "url": url_of(case) + "#follow-ups"},
    )
    if not form.is_valid():
        return again()
    return screen.perform(
        request,
        lambda: ask_once(case, by=staff, now=timezone.now(), **form.wish()),
        done=gettext("The questionnaire is planned: see below for when."),
        to=lambda _enrollment: url_of(case) + "#follow-ups",
        again=again,
        form=form,
    )
