"""One case: its people, sessions, follow-ups, findings and scores, and what can be done about each."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from counseling.admin.caseload import show_caseload
from counseling.admin.scoped import ScopedAdmin
from counseling.models import Case
from counseling.permissions import Permission


@admin.register(Case)
class CaseAdmin(ScopedAdmin[Case]):
    permission = Permission.WORK_CASES

    def changelist_view(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        return show_caseload(self, request)
