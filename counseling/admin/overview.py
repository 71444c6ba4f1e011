"""The clinic admin's first page: the place itself, and no case of it."""

from __future__ import annotations

from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from counseling.admin.navigation import links_for
from counseling.models import Case, FollowUpPlan, StaffMember
from counseling.queries.attention import attention_counts


def overview(request: HttpRequest, staff: StaffMember) -> HttpResponse:
    colleagues = StaffMember.objects.visible_to(staff).active()
    cases = list(Case.objects.filter(clinic=staff.clinic_id).values_list("pk", flat=True))
    context = {
        **site.each_context(request),
        "title": staff.clinic.name,
        "links": links_for(request),
        "colleagues": colleagues.count(),
        "attention": attention_counts(cases, now=timezone.now()),
        "plans": FollowUpPlan.objects.visible_to(staff).offered().count(),
    }
    return TemplateResponse(request, "counseling/admin/overview.html", context)
