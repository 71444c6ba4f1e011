"""``POST questionnaires/``: a FHIR Questionnaire becomes a draft, or is refused with every place and reason."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.actions.importing import Imported, Recognised, import_questionnaire, recognise
from assessments.api.base import QuestionnaireView
from assessments.api.schema import ERRORS, ProblemSerializer
from assessments.fhir.files import parse_json
from assessments.fhir.reading import read_questionnaire


class ImportOptions(serializers.Serializer[Any]):
    """``language``: of the texts, where the file names none. ``slug``: the name, if not to be made from the title."""

    language = serializers.RegexField(r"^[A-Za-z]{2,3}(-[A-Za-z]{2,4})?$", default="en")
    slug = serializers.RegexField(r"^[a-z][a-z0-9-]*$", max_length=60, required=False)
    dry_run = serializers.BooleanField(default=False)


class ImportReport(serializers.Serializer[Any]):
    """``version`` is null where nothing was to be kept. ``notes``: what of the file was not taken over."""

    questionnaire = serializers.SlugField()
    version = serializers.IntegerField(allow_null=True)
    is_new = serializers.BooleanField(allow_null=True)
    items = serializers.IntegerField()
    scales = serializers.IntegerField()
    key = serializers.CharField(allow_null=True)
    notes = ProblemSerializer(many=True)


class ImportView(QuestionnaireView):
    """Add a FHIR Questionnaire (or the only one in a Bundle, with its ValueSets and CodeSystems) as a draft.

    201 with the new draft's number; 200 where exactly this was there already, or with ``dry_run``.
    """

    @extend_schema(
        operation_id="questionnaires_import",
        parameters=[ImportOptions],
        request={"application/json": OpenApiTypes.OBJECT, "application/fhir+json": OpenApiTypes.OBJECT},
        responses={200: ImportReport, 201: OpenApiResponse(ImportReport, "Added as a draft."), **ERRORS},
    )
    def post(self, request: Request) -> Response:
        options = ImportOptions(data=request.query_params)
        options.is_valid(raise_exception=True)
        wanted: dict[str, Any] = options.validated_data
        sent: Any = request.data
        content = sent if isinstance(sent, bytes) else b""
        reading = read_questionnaire(parse_json(content), language=wanted["language"], slug=wanted.get("slug"))
        recognised = recognise(reading)
        imported = None if wanted["dry_run"] else import_questionnaire(recognised)
        created = imported is not None and imported.is_new
        answer = ImportReport(_report(recognised, imported))
        return Response(answer.data, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)


def _report(recognised: Recognised, imported: Imported | None) -> dict[str, Any]:
    definition = recognised.definition
    return {
        "questionnaire": definition.slug,
        "version": imported.version.number if imported else None,
        "is_new": imported.is_new if imported else None,
        "items": len(list(definition.questions())),
        "scales": len(definition.scales),
        "key": recognised.key,
        "notes": [note._asdict() for note in recognised.notes],
    }
