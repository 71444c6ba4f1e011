from __future__ import annotations

from django.db.models import Prefetch
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from counseling.api.base import StaffViewSet
from counseling.api.filters import PlanFilter
from counseling.api.serializers.plans import PlanSerializer
from counseling.models import FollowUpPlan, PlanStep


class PlanViewSet(ListModelMixin, RetrieveModelMixin, StaffViewSet[FollowUpPlan]):
    """The clinic's plans. They say nothing about any client, so every role may read them."""

    permission = None
    queryset = FollowUpPlan.objects.prefetch_related(
        Prefetch("steps", PlanStep.objects.current().select_related("instrument"))
    )
    serializer_class = PlanSerializer
    filterset_class = PlanFilter
