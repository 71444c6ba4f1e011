from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from counseling.actions.enrollments import change_enrollment, end_enrollment, start_enrollment
from counseling.actions.pausing import pause_enrollment, resume_enrollment
from counseling.api.base import StaffViewSet
from counseling.api.filters import EnrollmentFilter
from counseling.api.serializers.enrollments import (
    EnrollmentChangeInput,
    EnrollmentInput,
    EnrollmentPreviewSerializer,
    EnrollmentSerializer,
    ResumptionInput,
)
from counseling.models import Enrollment
from counseling.queries.enrollment_preview import preview_enrollment


class EnrollmentViewSet(ListModelMixin, RetrieveModelMixin, StaffViewSet[Enrollment]):
    """Cases on plans. Creating one plans every follow-up; ending it cancels those that are unanswered."""

    queryset = Enrollment.objects.all()
    serializer_class = EnrollmentSerializer
    filterset_class = EnrollmentFilter

    @extend_schema(request=EnrollmentInput, responses={201: EnrollmentSerializer})
    def create(self, request: Request) -> Response:
        """Put a case on a plan: every follow-up of every member is planned at once."""
        enrollment = start_enrollment(by=self.staff, now=timezone.now(), **self.given(EnrollmentInput))
        return Response(self.get_serializer(enrollment).data, status=201)

    @extend_schema(request=EnrollmentInput, responses=EnrollmentPreviewSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """What creating the enrollment would ask, of whom and when. Changes nothing."""
        planned = preview_enrollment(now=timezone.now(), **self.given(EnrollmentInput))
        return Response(EnrollmentPreviewSerializer(planned).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Ask and remind nobody until the plan is resumed. Links that are out can still be answered."""
        enrollment = pause_enrollment(self.get_object(), by=self.staff, now=timezone.now())
        return Response(self.get_serializer(enrollment).data)

    @extend_schema(request=ResumptionInput)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Take a paused plan up again."""
        enrollment = self.get_object()
        resume_enrollment(enrollment, by=self.staff, now=timezone.now(), **self.given(ResumptionInput))
        return Response(self.get_serializer(enrollment).data)

    @extend_schema(request=EnrollmentChangeInput)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Give the plan other dates, or name another person; what is unasked moves along."""
        enrollment = self.get_object()
        change_enrollment(enrollment, by=self.staff, now=timezone.now(), **self.given(EnrollmentChangeInput))
        return Response(self.get_serializer(enrollment).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Stop the plan for the case. What is unanswered is cancelled."""
        enrollment = end_enrollment(self.get_object(), by=self.staff, now=timezone.now())
        return Response(self.get_serializer(enrollment).data)
