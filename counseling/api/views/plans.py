from __future__ import annotations

from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from counseling.api.base import StaffViewSet
from counseling.api.filters import PlanFilter
from counseling.api.serializers.plans import PlanSerializer
from counseling.models import FollowUpPlan


class PlanViewSet(ListModelMixin, RetrieveModelMixin, StaffViewSet[FollowUpPlan]):
    """The clinic's plans. They say nothing about any client, so every role may read them."""

    permission = None
    queryset = FollowUpPlan.objects.prefetch_related("steps__instrument")
    serializer_class = PlanSerializer
    filterset_class = PlanFilter
