from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from counseling.api.base import StaffViewSet
from counseling.api.filters import FollowUpFilter
from counseling.api.serializers.follow_ups import FollowUpDetailSerializer, FollowUpSerializer
from counseling.models import FollowUp


class FollowUpViewSet(ListModelMixin, RetrieveModelMixin, StaffViewSet[FollowUp]):
    """Who was asked what and when, and how far it got. A single one comes with its ledger."""

    queryset = FollowUp.objects.select_related("version__instrument").defer("version__definition_json")
    serializer_class = FollowUpSerializer
    detail_serializer_class = FollowUpDetailSerializer
    filterset_class = FollowUpFilter

    def get_queryset(self) -> QuerySet[FollowUp]:
        rows = super().get_queryset()
        return rows.prefetch_related("deliveries", "ledger") if self.action == "retrieve" else rows
