from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from counseling.actions.cases import close_case, hold_case, open_case, resume_case
from counseling.api.base import StaffViewSet
from counseling.api.filters import CaseFilter
from counseling.api.serializers.cases import CaseInput, CaseSerializer
from counseling.models import Case


class CaseViewSet(ListModelMixin, RetrieveModelMixin, StaffViewSet[Case]):
    """Cases that the caller leads or shares, or whose counselors they supervise."""

    queryset = Case.objects.with_people().prefetch_related("co_counselors")
    serializer_class = CaseSerializer
    filterset_class = CaseFilter

    @extend_schema(request=CaseInput, responses={201: CaseSerializer})
    def create(self, request: Request) -> Response:
        """Open a case about a client or a relationship."""
        case = open_case(by=self.staff, now=timezone.now(), **self.given(CaseInput))
        return Response(self.get_serializer(case).data, status=201)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, pk: str) -> Response:
        """Pause the work."""
        return self._move(hold_case)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Take the work up again: from hold as it was, from closed as a new episode."""
        return self._move(resume_case)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close the case and end its enrollments."""
        return self._move(close_case)

    def _move(self, move: Callable[..., Case]) -> Response:
        case = move(self.get_object(), by=self.staff, now=timezone.now())
        return Response(self.get_serializer(case).data)
