"""The clinic's follow-up plans, each with its steps on one page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.enums import VersionStatus
from assessments.models import Instrument
from counseling.actions.plans import StepDetails, create_plan, update_plan
from counseling.admin.changing import Wish, ask_first
from counseling.admin.forms import HourInput, StaffForm
from counseling.admin.scoped import ScopedAdmin, url_of
from counseling.enums import SESSION_ANCHORS, Anchor, Asks, Cadence, OffDays
from counseling.models import FollowUpPlan, PlanStep
from counseling.models.enrollment import RUNNING
from counseling.permissions import Permission

UNSAVED = 1
MOST_DAYS_BEFORE = 90


class PlanForm(StaffForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    is_active = forms.BooleanField(
        label=_("Offered"), required=False, help_text=_("A plan that is not offered goes on where it runs already.")
    )


class StepForm(forms.Form):
    id = forms.UUIDField(required=False, widget=forms.HiddenInput())
    instrument = forms.ModelChoiceField(label=_("Questionnaire"), queryset=Instrument.objects.none())
    asks = forms.ChoiceField(label=_("Asks"), choices=Asks.choices, initial=Asks.EVERYONE)
    anchor = forms.ChoiceField(
        label=_("Counted from"),
        choices=Anchor.choices,
        initial=Anchor.START,
        help_text=_("Each session brings one; no rhythm then."),
    )
    offset_months = forms.IntegerField(label=_("Months from then"), min_value=0, max_value=36, initial=0)
    offset_days = forms.IntegerField(
        label=_("Days from then"), min_value=0, max_value=366, initial=0, help_text=_("Before a session: days before.")
    )
    cadence = forms.ChoiceField(label=_("Rhythm"), choices=Cadence.choices, initial=Cadence.WEEKLY)
    every = forms.IntegerField(
        label=_("Every"), min_value=1, max_value=52, initial=1, help_text=_("2 with “weekly” is every two weeks.")
    )
    occurrences = forms.IntegerField(label=_("Times"), min_value=1, max_value=366, initial=6)
    send_at = forms.TimeField(label=_("Local hour"), initial=time(9), widget=HourInput())
    off_days = forms.ChoiceField(label=_("On weekends and closed days"), choices=OffDays.choices, initial=OffDays.AS_IS)
    open_days = forms.IntegerField(label=_("Days to answer"), min_value=1, max_value=90, initial=7)
    reminder_after_days = forms.IntegerField(label=_("Remind after days"), min_value=1, max_value=90, initial=3)
    reminder_every_days = forms.IntegerField(label=_("Then every … days"), min_value=1, max_value=90, initial=3)
    max_reminders = forms.IntegerField(label=_("Reminders at most"), min_value=0, max_value=3, initial=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        asked = Instrument.objects.filter(versions__status=VersionStatus.PUBLISHED)
        self.fields["instrument"].queryset = asked  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A session brings one occasion of its own, and days before it count backwards."""
        chosen = self.cleaned_data
        if chosen.get("anchor") in SESSION_ANCHORS:
            chosen.update(cadence=Cadence.ONCE, every=1, occurrences=1, offset_months=0)
        if chosen.get("anchor") == Anchor.BEFORE_SESSION and chosen.get("offset_days"):
            chosen["offset_days"] = -chosen["offset_days"]
            if chosen["offset_days"] < -MOST_DAYS_BEFORE:
                self.add_error("offset_days", _("At most 90 days before a session."))
        return chosen

    def details(self) -> StepDetails:
        values = {name: self.cleaned_data[name] for name in StepDetails.__slots__}
        known = {"cadence": Cadence, "anchor": Anchor, "asks": Asks, "off_days": OffDays}
        return StepDetails(**{**values, **{name: kind(values[name]) for name, kind in known.items()}})


Steps = forms.formset_factory(StepForm, extra=UNSAVED, can_delete=True, can_delete_extra=False)


@admin.register(FollowUpPlan)
class FollowUpPlanAdmin(ScopedAdmin[FollowUpPlan]):
    permission = Permission.MANAGE_PLANS
    clinical = False
    can_add = True
    list_display = ("name", "is_active", "cases_on_it")
    search_fields = ("name",)
    moves = {"save": "save_plan"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUpPlan]:
        running = Count("enrollments", filter=Q(enrollments__status__in=RUNNING))
        return super().get_queryset(request).annotate(running=running)

    @admin.display(description=_("cases on it"))
    def cases_on_it(self, plan: Any) -> int:
        return int(plan.running)

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        staff = self.staff(request)
        form = PlanForm(request.POST or None, initial={"is_active": True}, staff=staff)
        del form.fields["is_active"]
        steps = Steps(request.POST or None, prefix="steps")
        if not _both_valid(form, steps):
            return self._show_form(request, form, steps, title=_("Add a follow-up plan"))
        return self.perform(
            request,
            lambda: create_plan(by=staff, now=timezone.now(), steps=_chosen(steps), **form.cleaned_data),
            done=gettext("The plan is ready to be used."),
            to=url_of,
            again=lambda: self._show_form(request, form, steps, title=_("Add a follow-up plan")),
            form=form,
        )

    def show_row(self, request: HttpRequest, row: FollowUpPlan, **filled: Any) -> HttpResponse:
        form = filled.get("form") or PlanForm(initial=_values_of(row, PlanForm), staff=self.staff(request))
        own_steps = row.steps.current().select_related("instrument")
        steps = filled.get("steps") or Steps(initial=[_step_values(step) for step in own_steps], prefix="steps")
        _tell_steps(steps, own_steps)
        return self._show_form(request, form, steps, title=row.name)

    def save_plan(self, request: HttpRequest, plan: FollowUpPlan) -> HttpResponse:
        staff = self.staff(request)
        form = PlanForm(request.POST, staff=staff)
        steps = Steps(request.POST, prefix="steps")
        again = self.again(request, plan, form=form, steps=steps)
        if not _both_valid(form, steps):
            return again()
        wish = Wish(
            change=lambda: update_plan(
                self.find(request, plan.pk), by=staff, now=timezone.now(), steps=_chosen(steps), **form.cleaned_data
            ),
            title=_("What this changes for cases on the plan"),
            submit=_("Save the plan"),
            done=gettext("The plan is saved."),
            to=url_of,
            again=again,
            back={"title": plan.name, "url": url_of(plan)},
            form=form,
            is_clinical=False,
        )
        return ask_first(self, request, wish)

    def _show_form(self, request: HttpRequest, form: forms.Form, steps: Any, **context: Any) -> HttpResponse:
        return self.show(request, "plan.html", form=form, steps=steps, **context)


def _values_of(row: FollowUpPlan | PlanStep, form: type[forms.Form]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in form.base_fields}


def _tell_steps(forms: Any, steps: Iterable[PlanStep]) -> None:
    """Give each form the step it changes, to be told in words beside its fields."""
    known: dict[Any, PlanStep] = {step.pk: step for step in steps}
    for form in forms:
        form.step = known.get(form.initial.get("id"))


def _step_values(step: PlanStep) -> dict[str, Any]:
    return {**_values_of(step, StepForm), "offset_days": abs(step.offset_days)}


def _both_valid(form: forms.Form, steps: Any) -> bool:
    """Both are looked at, so that all that is wrong is said at once."""
    return all([form.is_valid(), steps.is_valid()])


def _chosen(steps: Any) -> list[StepDetails]:
    """The steps that were filled in and not taken out, in their order."""
    filled = [step for step in steps if step.has_changed() or step.initial]
    return [step.details() for step in filled if not step.cleaned_data.get("DELETE")]
