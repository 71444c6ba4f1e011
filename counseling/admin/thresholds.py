"""The versions of a clinic's thresholds: to read. A change is a new version, never an edit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from counseling.admin.scoped import ScopedAdmin
from counseling.models import ThresholdSet
from counseling.permissions import Permission


@admin.register(ThresholdSet)
class ThresholdSetAdmin(ScopedAdmin[ThresholdSet]):
    permission = Permission.MANAGE_THRESHOLDS
    clinical = False
    list_display = ("number", "note", "created_at", "created_by")
    ordering = ("-number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ThresholdSet]:
        return super().get_queryset(request).select_related("created_by")

    def show_row(self, request: HttpRequest, row: ThresholdSet, **_filled: Any) -> HttpResponse:
        title = _("Thresholds %(number)s") % {"number": row.number}
        return self.show(
            request, "threshold_set.html", title=title, threshold_set=row, sections=sections_of(row.values)
        )


def sections_of(values: Mapping[str, Any]) -> dict[str, list[tuple[str, Any]]]:
    """The numbers of each section, their names joined where they are nested."""
    return {
        section.replace("_", " "): list(_numbers(numbers)) if isinstance(numbers, Mapping) else [("", numbers)]
        for section, numbers in values.items()
    }


def _numbers(values: Mapping[str, Any], stem: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        words = f"{stem}{name.replace('_', ' ')}"
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{words}: ")
        else:
            yield words, value
