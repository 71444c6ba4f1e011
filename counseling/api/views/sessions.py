from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from counseling.actions.sessions import reschedule_session, schedule_session, settle_session
from counseling.api.base import StaffViewSet
from counseling.api.filters import SessionFilter
from counseling.api.serializers.sessions import NewTimeInput, OutcomeInput, SessionInput, SessionSerializer
from counseling.models import Session


class SessionViewSet(ListModelMixin, RetrieveModelMixin, StaffViewSet[Session]):
    """Meetings of the caller's cases."""

    queryset = Session.objects.all()
    serializer_class = SessionSerializer
    filterset_class = SessionFilter

    @extend_schema(request=SessionInput, responses={201: SessionSerializer})
    def create(self, request: Request) -> Response:
        """Plan a meeting of an open case."""
        session = schedule_session(by=self.staff, now=timezone.now(), **self.given(SessionInput))
        return Response(self.get_serializer(session).data, status=201)

    @extend_schema(request=NewTimeInput)
    @action(detail=True, methods=["post"])
    def reschedule(self, request: Request, pk: str) -> Response:
        """Move a scheduled session."""
        session = self.get_object()
        reschedule_session(session, by=self.staff, now=timezone.now(), **self.given(NewTimeInput))
        return Response(self.get_serializer(session).data)

    @extend_schema(request=OutcomeInput)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Say how a scheduled session ended."""
        session = self.get_object()
        settle_session(session, by=self.staff, now=timezone.now(), **self.given(OutcomeInput))
        return Response(self.get_serializer(session).data)
