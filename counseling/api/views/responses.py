from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.models import Response as Answers
from assessments.queries import fhir_response
from counseling.actions.audit import record_answers_read
from counseling.api.base import StaffViewSet
from counseling.api.filters import ResponseFilter
from counseling.api.serializers.responses import ResponseDetailSerializer, ResponseSerializer
from counseling.models import FollowUp


class ResponseViewSet(StaffViewSet[Answers]):
    """Submitted questionnaires. Drafts and withdrawn responses are nobody's to read."""

    queryset = (
        Answers.objects.submitted()
        .select_related("version__instrument", "follow_up")
        .defer("version__definition_json")
        .prefetch_related("scores")
    )
    serializer_class = ResponseSerializer
    detail_serializer_class = ResponseDetailSerializer
    filterset_class = ResponseFilter

    def get_queryset(self) -> QuerySet[Answers]:
        """The engine knows no staff: a response is within reach when its follow-up is."""
        rows: Any = self.queryset
        within: QuerySet[Answers] = rows.filter(follow_up__in=FollowUp.objects.visible_to(self.staff))
        return within

    def list(self, request: Request) -> Response:
        """Submitted questionnaires with their scores. Reading them is audited."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record_answers_read([answers.follow_up for answers in page], by=self.staff, now=timezone.now())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One submitted questionnaire with scores and answers. Reading it is audited."""
        return Response(self.get_serializer(self._read_one()).data)

    @extend_schema(operation_id="responses_fhir", responses={200: OpenApiTypes.OBJECT})
    @action(detail=True, methods=["get"])
    def fhir(self, request: Request, pk: str) -> Response:
        """One submitted questionnaire as a FHIR QuestionnaireResponse that names nobody. Reading it is audited."""
        return Response(fhir_response(self._read_one()))

    def _read_one(self) -> Answers:
        answers: Answers = self.get_object()
        record_answers_read([answers.follow_up], by=self.staff, now=timezone.now())
        return answers
