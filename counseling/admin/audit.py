"""The clinic's audit trail: who did and read what, by ids, in the order of its chain."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from counseling.admin.scoped import ScopedAdmin
from counseling.models import AuditEvent
from counseling.permissions import Permission


@admin.register(AuditEvent)
class AuditEventAdmin(ScopedAdmin[AuditEvent]):
    permission = Permission.READ_AUDIT
    clinical = False
    list_display = ("sequence", "at", "actor", "action", "subject_type", "subject_id")
    list_display_links = ("sequence",)
    search_fields = ("action",)
    search_help_text = _("Action, such as “finding.confirm”, or a whole id")
    ordering = ("-sequence",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        return super().get_queryset(request).select_related("actor")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent], search_term: str
    ) -> tuple[QuerySet[AuditEvent], bool]:
        try:
            return queryset.filter(subject_id=UUID(search_term.strip())), False
        except ValueError:
            return super().get_search_results(request, queryset, search_term)

    def show_row(self, request: HttpRequest, row: AuditEvent, **_filled: Any) -> HttpResponse:
        title = _("Event %(number)s") % {"number": row.sequence}
        return self.show(request, "audit_event.html", title=title, event=row)
