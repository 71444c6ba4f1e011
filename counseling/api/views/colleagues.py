from __future__ import annotations

from rest_framework.mixins import ListModelMixin

from counseling.api.base import StaffViewSet
from counseling.api.serializers.colleagues import ColleagueSerializer
from counseling.models import StaffMember


class ColleagueViewSet(ListModelMixin, StaffViewSet[StaffMember]):
    """Who works in the clinic: the keys that ``lead`` and ``co_counselors`` of a case may hold."""

    permission = None
    queryset = StaffMember.objects.active()
    serializer_class = ColleagueSerializer
