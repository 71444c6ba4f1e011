from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from counseling.actions.audit import record_view
from counseling.actions.reviews import claim_finding, confirm_finding, dismiss_finding, watch_finding
from counseling.api.base import StaffViewSet
from counseling.api.filters import FindingFilter
from counseling.api.serializers.findings import (
    ConfirmInput,
    DecisionInput,
    DismissInput,
    FindingDetailSerializer,
    FindingSerializer,
    WatchInput,
)
from counseling.models import Finding, Review
from counseling.permissions import Permission


class FindingViewSet(ListModelMixin, StaffViewSet[Finding]):
    """Reasons to look, with their evidence, and what people decided about them."""

    permission = Permission.REVIEW_FINDINGS
    queryset = Finding.objects.with_suspension()
    serializer_class = FindingSerializer
    detail_serializer_class = FindingDetailSerializer
    filterset_class = FindingFilter

    def retrieve(self, request: Request, pk: str) -> Response:
        """One finding with its evidence and every decision. Reading it is audited."""
        finding = self.get_object()
        record_view(finding, by=self.staff, now=timezone.now())
        return Response(self.get_serializer(finding).data)

    @extend_schema(request=DecisionInput)
    @action(detail=True, methods=["post"])
    def claim(self, request: Request, pk: str) -> Response:
        """Take the finding into review."""
        return self._decide(claim_finding, DecisionInput)

    @extend_schema(request=ConfirmInput)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Say that the pattern is real in your judgement."""
        return self._decide(confirm_finding, ConfirmInput)

    @extend_schema(request=DismissInput)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """Say that the finding does not hold, and why."""
        return self._decide(dismiss_finding, DismissInput)

    @extend_schema(request=WatchInput)
    @action(detail=True, methods=["post"])
    def watch(self, request: Request, pk: str) -> Response:
        """Put the finding aside until a date. Safety cannot wait."""
        return self._decide(watch_finding, WatchInput)

    def _decide(self, decide: Callable[..., Review], input_class: type[DecisionInput]) -> Response:
        finding = self.get_object()
        decide(finding, by=self.staff, now=timezone.now(), **self.given(input_class))
        return Response(self.get_serializer(self.get_object()).data)
