from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from counseling.actions.audit import record_view
from counseling.actions.clients import register_client, update_client
from counseling.api.base import StaffViewSet
from counseling.api.serializers.clients import ClientDetailSerializer, ClientInput, ClientSerializer
from counseling.models import Client


class ClientViewSet(ListModelMixin, StaffViewSet[Client]):
    """Clients of the caller's cases, and those they registered who have no case yet."""

    queryset = Client.objects.all()
    serializer_class = ClientSerializer
    detail_serializer_class = ClientDetailSerializer

    @extend_schema(request=ClientInput, responses={201: ClientDetailSerializer})
    def create(self, request: Request) -> Response:
        """Register a client, in the clinic's time zone unless said otherwise."""
        client = register_client(by=self.staff, now=timezone.now(), **self.given(ClientInput))
        return Response(ClientDetailSerializer(client).data, status=201)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One client with how to reach them. Reading it is audited."""
        client = self.get_object()
        record_view(client, by=self.staff, now=timezone.now())
        return Response(self.get_serializer(client).data)

    @extend_schema(request=ClientInput, responses=ClientDetailSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a client's details."""
        client = self.get_object()
        changes: dict[str, Any] = self.given(ClientInput, partial=True)
        update_client(client, by=self.staff, now=timezone.now(), **changes)
        return Response(ClientDetailSerializer(client).data)
