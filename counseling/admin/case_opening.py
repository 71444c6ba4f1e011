"""Opening a case for a client or a relationship."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counseling.actions.cases import open_case
from counseling.admin.forms import StaffForm
from counseling.admin.scoped import ScopedAdmin, url_of
from counseling.enums import Confidentiality, StaffRole
from counseling.models import Case, Client, Relationship, StaffMember


def clinical_colleagues(staff: StaffMember) -> QuerySet[StaffMember]:
    """Who may lead or share a case of this clinic."""
    working = StaffMember.objects.visible_to(staff).active()
    return working.filter(role__in=[StaffRole.COUNSELOR, StaffRole.SUPERVISOR]).order_by("display_name", "id")


class LeadForm(StaffForm):
    """Who works on a case."""

    lead = forms.ModelChoiceField(label=_("Lead"), queryset=StaffMember.objects.none(), empty_label=None)
    co_counselors = forms.ModelMultipleChoiceField(
        label=_("Co-counselors"),
        queryset=StaffMember.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, staff: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, staff=staff, **kwargs)
        for name in ("lead", "co_counselors"):
            self.fields[name].queryset = clinical_colleagues(staff)  # type: ignore[attr-defined]


class OpenCaseForm(LeadForm):
    relationship = forms.ModelChoiceField(
        label=_("For two people"), queryset=Relationship.objects.none(), required=False, empty_label=_("Nobody chosen")
    )
    client = forms.ModelChoiceField(
        label=_("Or for one person"), queryset=Client.objects.none(), required=False, empty_label=_("Nobody chosen")
    )
    confidentiality = forms.ChoiceField(
        label=_("Confidentiality"),
        choices=Confidentiality.choices,
        initial=Confidentiality.LIMITED_SECRETS,
        widget=forms.RadioSelect,
        help_text=_("What may be shown in a joint session. It never opens one partner's answers to the other."),
    )
    field_order = ("relationship", "client", "confidentiality", "lead", "co_counselors")

    def __init__(self, *args: Any, staff: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, staff=staff, **kwargs)
        pairs = Relationship.objects.visible_to(staff).select_related("first", "second")
        self.fields["relationship"].queryset = pairs.order_by("first__given_name", "id")  # type: ignore[attr-defined]
        self.fields["client"].queryset = Client.objects.visible_to(staff)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        chosen = [name for name in ("relationship", "client") if self.cleaned_data.get(name)]
        if len(chosen) != 1 and not self.errors:
            self.add_error("relationship", _("Choose either two people or one person."))
        return self.cleaned_data


def show_opening(screen: ScopedAdmin[Case], request: HttpRequest) -> HttpResponse:
    staff = screen.staff(request)
    given = {"lead": staff.pk, "relationship": request.GET.get("relationship"), "client": request.GET.get("client")}
    form = OpenCaseForm(request.POST or None, initial=given, staff=staff)
    again = partial(screen.show, request, "add.html", title=_("Open a case"), submit=_("Open"), form=form)
    if not form.is_valid():
        return again()
    chosen = form.cleaned_data
    return screen.perform(
        request,
        lambda: open_case(
            chosen["relationship"] or chosen["client"],
            lead=chosen["lead"],
            co_counselors=chosen["co_counselors"],
            confidentiality=Confidentiality(chosen["confidentiality"]),
            by=staff,
            now=timezone.now(),
        ),
        done=gettext("The case is open."),
        to=url_of,
        again=again,
        form=form,
    )
