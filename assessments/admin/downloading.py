"""A version as a file: our own JSON, or a FHIR Questionnaire of a release."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse

from assessments.admin.base import find_version
from assessments.drafting import laid_out
from assessments.fhir.writing import WrittenRelease
from assessments.models import InstrumentVersion
from assessments.queries import fhir_questionnaire

FHIR: dict[str, WrittenRelease] = {"fhir-r4": "R4", "fhir-r4b": "R4B", "fhir-r5": "R5"}
FORMATS = {"json": "JSON", "fhir-r4": "FHIR R4", "fhir-r4b": "FHIR R4B", "fhir-r5": "FHIR R5"}


def download(_request: HttpRequest, object_id: object, kind: str) -> HttpResponse:
    if kind not in FORMATS:
        raise Http404("No such format")
    version = find_version(object_id)
    response = HttpResponse(_text(version, kind), content_type="application/json")
    name = f"{version.instrument.slug}-{version.number}" + (f".{kind}.json" if kind in FHIR else ".json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _text(version: InstrumentVersion, kind: str) -> str:
    if kind not in FHIR:
        return laid_out(version.definition)
    return json.dumps(fhir_questionnaire(version, FHIR[kind]), ensure_ascii=False, indent=2) + "\n"
