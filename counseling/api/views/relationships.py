from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from counseling.actions.relationships import relate_clients
from counseling.api.base import StaffViewSet
from counseling.api.serializers.relationships import RelationshipInput, RelationshipSerializer
from counseling.models import Relationship


class RelationshipViewSet(ListModelMixin, RetrieveModelMixin, StaffViewSet[Relationship]):
    """What two clients are to each other."""

    queryset = Relationship.objects.select_related("first", "second")
    serializer_class = RelationshipSerializer

    @extend_schema(request=RelationshipInput, responses={201: RelationshipSerializer})
    def create(self, request: Request) -> Response:
        """Record what two clients are to each other."""
        relationship = relate_clients(by=self.staff, now=timezone.now(), **self.given(RelationshipInput))
        return Response(self.get_serializer(relationship).data, status=201)
