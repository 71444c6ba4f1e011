"""The list of questionnaires, and one questionnaire with its versions."""

from __future__ import annotations

from functools import partial

from django.contrib import admin
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils.translation import gettext as _

from assessments.admin.base import Screen
from assessments.admin.editing import check, write_new
from assessments.admin.previewing import show_form
from assessments.admin.uploading import upload
from assessments.enums import ResponseStatus, VersionStatus
from assessments.models import Instrument, InstrumentVersion


@admin.register(Instrument)
class InstrumentAdmin(Screen):
    def get_urls(self) -> list[URLPattern]:
        return [
            self.reading("", "changelist", self.list_view),
            self.authoring("add/", "add", partial(write_new, self)),
            self.authoring("upload/", "upload", partial(upload, self)),
            self.authoring("check/", "check", check),
            self.authoring("form/", "form", show_form),
            self.reading("<uuid:object_id>/", "change", self.detail_view),
        ]

    def list_view(self, request: HttpRequest) -> HttpResponse:
        published = versions_with_answers().filter(status=VersionStatus.PUBLISHED)
        drafts = InstrumentVersion.objects.without_definition().filter(status=VersionStatus.DRAFT)
        rows = Instrument.objects.prefetch_related(
            Prefetch("versions", published, to_attr="current"), Prefetch("versions", drafts, to_attr="drafts")
        ).order_by("title", "slug")
        return self.show(request, "instruments.html", title=_("Questionnaires"), instruments=rows)

    def detail_view(self, request: HttpRequest, object_id: object) -> HttpResponse:
        instrument = get_object_or_404(Instrument, pk=object_id)
        versions = versions_with_answers().filter(instrument=instrument).order_by("-number")
        return self.show(request, "instrument.html", title=instrument.title, instrument=instrument, versions=versions)


def versions_with_answers() -> QuerySet[InstrumentVersion]:
    """Without their definitions; ``answered`` counts the responses that were submitted."""
    submitted = Count("responses", filter=Q(responses__status=ResponseStatus.SUBMITTED))
    return InstrumentVersion.objects.without_definition().annotate(answered=submitted)
