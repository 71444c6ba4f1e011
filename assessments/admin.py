"""Questionnaires for staff to look at: what is asked, in which words, and how it is scored. Nothing can be edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessments.models import Instrument, InstrumentVersion
from assessments.models.instrument import InstrumentVersionQuerySet
from assessments.preview import preview_of


class ReadOnly:
    """Every staff member may read, nobody may change."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VersionInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = InstrumentVersion
    fields = ("number", "status", "published_at", "retired_at")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> InstrumentVersionQuerySet:
        return InstrumentVersion.objects.without_definition()


@admin.register(Instrument)
class InstrumentAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "slug")
    inlines = (VersionInline,)


@admin.register(InstrumentVersion)
class InstrumentVersionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("instrument", "number", "status", "published_at", "retired_at")
    list_filter = ("status",)
    fields = ("instrument", "number", "status", "published_at", "retired_at", "digest", "preview")
    readonly_fields = ("preview",)

    def get_queryset(self, request: HttpRequest) -> InstrumentVersionQuerySet:
        rows = InstrumentVersion.objects.select_related("instrument")
        return rows.without_definition()

    @admin.display(description=_("questions and scales"))
    def preview(self, version: InstrumentVersion) -> SafeString:
        preview = preview_of(version.definition, get_language() or "en")
        return render_to_string("assessments/preview.html", {"preview": preview})
