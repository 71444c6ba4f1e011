"""The review queue: what waits for a person's judgement, safety first."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counseling.admin.caseload import limit_to_team
from counseling.admin.forms import StaffForm
from counseling.admin.scoped import ScopedAdmin, page_of
from counseling.enums import Pattern, StaffRole
from counseling.models import Finding, StaffMember
from counseling.queries.review_queue import review_queue


class QueueFilter(StaffForm):
    """Which findings: by pattern, and for a supervisor by counselor."""

    pattern = forms.ChoiceField(label=_("Pattern"), required=False, choices=[("", _("All")), *Pattern.choices])
    counselor = forms.ModelChoiceField(
        label=_("Counselor"), required=False, queryset=StaffMember.objects.none(), empty_label=_("The whole team")
    )

    def __init__(self, data: object, *, staff: StaffMember) -> None:
        super().__init__(data, staff=staff)
        limit_to_team(self, staff)

    def wanted(self) -> dict[str, Any]:
        """The filter as `review_queue` takes it; what is not understood filters nothing."""
        self.is_valid()
        pattern, counselor = self.cleaned_data.get("pattern"), self.cleaned_data.get("counselor")
        return {"pattern": Pattern(pattern) if pattern else None, "counselor": counselor.pk if counselor else None}


def show_queue(screen: ScopedAdmin[Finding], request: HttpRequest) -> HttpResponse:
    staff = screen.staff(request)
    chosen = QueueFilter(request.GET, staff=staff)
    return screen.show(
        request,
        "queue.html",
        title=_("Review queue"),
        filter=chosen,
        page=page_of(review_queue(staff, **chosen.wanted()), request),
        shows_lead=staff.role == StaffRole.SUPERVISOR,
        now=timezone.now(),
    )
