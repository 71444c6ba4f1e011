"""``GET questionnaires/<slug>/``: a questionnaire as FHIR, for another program to ask."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.base import QuestionnaireView
from assessments.api.schema import ERRORS, RefusalSerializer
from assessments.fhir.writing import WRITTEN_RELEASES
from assessments.models import InstrumentVersion
from assessments.queries import fhir_questionnaire


class FhirJsonRenderer(JSONRenderer):
    media_type = "application/fhir+json"


class ExportOptions(serializers.Serializer[Any]):
    """``release``: the FHIR release to write. ``version``: its number; without one, the version that is asked now."""

    release = serializers.ChoiceField(WRITTEN_RELEASES, default="R5")
    version = serializers.IntegerField(min_value=1, max_value=32767, required=False)


class ExportView(QuestionnaireView):
    """One questionnaire as a FHIR Questionnaire. Sent back to ``POST questionnaires/`` it is the same definition."""

    renderer_classes = (JSONRenderer, FhirJsonRenderer)

    @extend_schema(
        operation_id="questionnaires_export",
        parameters=[ExportOptions],
        responses={
            200: OpenApiTypes.OBJECT,
            404: OpenApiResponse(RefusalSerializer, "Not Found"),
            **{code: answer for code, answer in ERRORS.items() if code != 415},
        },
    )
    def get(self, request: Request, slug: str) -> Response:
        options = ExportOptions(data=request.query_params)
        options.is_valid(raise_exception=True)
        wanted: dict[str, Any] = options.validated_data
        versions = InstrumentVersion.objects.of(slug)
        numbered = {"number": wanted["version"]} if "version" in wanted else {}
        version = get_object_or_404(versions if numbered else versions.published(), **numbered)
        return Response(fhir_questionnaire(version, wanted["release"]))
