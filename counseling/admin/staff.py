"""Who works in the clinic, and who supervises whom: to read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from counseling.admin.scoped import ScopedAdmin
from counseling.models import StaffMember
from counseling.permissions import Permission


@admin.register(StaffMember)
class StaffMemberAdmin(ScopedAdmin[StaffMember]):
    permission = Permission.MANAGE_STAFF
    clinical = False
    list_display = ("display_name", "role", "supervisor", "is_active")
    search_fields = ("display_name",)
    ordering = ("display_name", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StaffMember]:
        return super().get_queryset(request).select_related("supervisor", "user")

    def show_row(self, request: HttpRequest, row: StaffMember, **_filled: Any) -> HttpResponse:
        return self.show(request, "staff_member.html", title=row.display_name, member=row)
