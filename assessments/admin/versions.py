"""One version: what it is, what it asks and counts, what was done to it, and everything that can be done with it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import get_language

from assessments.admin.base import Screen, by_scale, entries_of, find_version
from assessments.admin.comparing import compare
from assessments.admin.downloading import FORMATS, download
from assessments.admin.editing import edit
from assessments.admin.moving import MOVES, move
from assessments.admin.previewing import preview, show_form_of
from assessments.admin.trying import try_scoring
from assessments.models import InstrumentVersion
from assessments.preview import preview_of
from assessments.scoring_keys import scoring_key, unknowns


@admin.register(InstrumentVersion)
class InstrumentVersionAdmin(Screen):
    def has_module_permission(self, request: HttpRequest) -> bool:
        """Its list is each questionnaire's own page."""
        return False

    def get_urls(self) -> list[URLPattern]:
        row = "<uuid:object_id>/"
        return [
            self.reading(row, "change", self.detail_view),
            self.reading(f"{row}preview/", "preview", partial(preview, self)),
            self.reading(f"{row}form/", "form", show_form_of),
            self.reading(f"{row}try/", "try", partial(try_scoring, self)),
            self.reading(f"{row}compare/", "compare", partial(compare, self)),
            self.reading(f"{row}download/<str:kind>/", "download", download),
            self.authoring(f"{row}edit/", "edit", partial(edit, self)),
            *(self.authoring(f"{row}{name}/", name, partial(move, self, name=name)) for name in MOVES),
        ]

    def detail_view(self, request: HttpRequest, object_id: object) -> HttpResponse:
        version = find_version(object_id)
        definition = version.definition
        return self.show(
            request,
            "version.html",
            title=str(version),
            version=version,
            definition=definition,
            preview=preview_of(definition, get_language() or "en"),
            formats=FORMATS,
            others=others_of(version),
            answered=version.responses.submitted().count(),
            entries=entries_of(version),
            **scoring_knowledge(version),
        )


def scoring_knowledge(version: InstrumentVersion) -> dict[str, Any]:
    """The scoring key that matched, and what nobody has said about the scores."""
    definition = version.definition
    key = scoring_key(definition.scoring_key) if definition.scoring_key else None
    return {"key": key, "unknowns": by_scale(unknowns(definition))}


def others_of(version: InstrumentVersion) -> list[InstrumentVersion]:
    """The other versions of the same questionnaire, the newest first."""
    rows = InstrumentVersion.objects.without_definition().filter(instrument=version.instrument_id)
    return list(rows.exclude(pk=version.pk).order_by("-number"))
