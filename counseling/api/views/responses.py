from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.models import Response as Answers
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
        answers = self.get_object()
        record_answers_read([answers.follow_up], by=self.staff, now=timezone.now())
        return Response(self.get_serializer(answers).data)
