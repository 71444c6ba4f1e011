"""The first page: whose turn is it."""

from __future__ import annotations

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counseling.admin.attention import counts_of
from counseling.admin.forms import StaffForm
from counseling.admin.scoped import ScopedAdmin, page_of
from counseling.admin.search import search_for, sought
from counseling.enums import CaseStatus, StaffRole, Strength
from counseling.models import Case, Finding, StaffMember
from counseling.queries.caseload import caseload


class CaseloadFilter(StaffForm):
    """Which cases: by status, and for a supervisor by counselor."""

    status = forms.ChoiceField(label=_("Status"), required=False, choices=[*CaseStatus.choices, ("all", _("All"))])
    counselor = forms.ModelChoiceField(
        label=_("Counselor"), required=False, queryset=StaffMember.objects.none(), empty_label=_("The whole team")
    )

    def __init__(self, data: object, *, staff: StaffMember) -> None:
        super().__init__(data, staff=staff)
        limit_to_team(self, staff)

    def wanted(self) -> dict[str, object]:
        """The filter as `caseload` takes it; what is not understood filters nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        status, counselor = chosen.get("status") or CaseStatus.OPEN, chosen.get("counselor")
        return {
            "status": None if status == "all" else CaseStatus(status),
            "counselor": counselor.pk if counselor else None,
        }


def limit_to_team(form: forms.Form, staff: StaffMember) -> None:
    """Offer a supervisor their team; everybody else has nobody to choose between."""
    field = form.fields["counselor"]
    if staff.role == StaffRole.SUPERVISOR:
        field.queryset = StaffMember.objects.team_of(staff).order_by("display_name", "id")  # type: ignore[attr-defined]
    else:
        del form.fields["counselor"]


def show_caseload(screen: ScopedAdmin[Case], request: HttpRequest) -> HttpResponse:
    staff = screen.staff(request)
    if request.method == "POST":
        return search_for(request, screen.opts.label_lower)
    text = sought(request, screen.opts.label_lower)
    chosen = CaseloadFilter(request.GET, staff=staff)
    rows = caseload(staff, now=timezone.now(), text=text, **chosen.wanted())  # type: ignore[arg-type]
    return screen.show(
        request,
        "caseload.html",
        title=_("Caseload"),
        filter=chosen,
        sought=text,
        page=page_of(rows, request),
        waiting=_waiting_by_strength(staff),
        attention=counts_of(request, staff),
        shows_lead=staff.role == StaffRole.SUPERVISOR,
    )


def _waiting_by_strength(staff: StaffMember) -> dict[str, int]:
    """How many findings wait for this person, by strength; strongest first."""
    waiting = Finding.objects.visible_to(staff).waiting().order_by()
    counted = dict(waiting.values_list("strength").annotate(n=Count("pk")))
    return {name: counted[name] for name in (Strength.URGENT, Strength.PATTERN, Strength.SIGNAL) if name in counted}
