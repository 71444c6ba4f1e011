"""What every resource shares. Complete in itself: a host project's DRF settings neither open nor close anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from assessments.api.storing import UnstoredView
from counseling.api.access import StaffOnly
from counseling.api.authentication import HashedTokenAuthentication, StaffSessionAuthentication
from counseling.api.errors import answer_error
from counseling.api.pagination import KeysetPagination
from counseling.api.schema import ApiSchema
from counseling.api.throttling import ReadOrWriteThrottle
from counseling.models import StaffMember
from counseling.permissions import Permission, staff_of

M = TypeVar("M", bound=Model)


class StaffView(UnstoredView):
    """An address for staff: who may come in, how often, and how refusals look. Without ``permission``: any role."""

    permission: Permission | None = None

    authentication_classes = (HashedTokenAuthentication, StaffSessionAuthentication)
    permission_classes = (StaffOnly,)
    throttle_classes = (ReadOrWriteThrottle,)
    metadata_class = None
    http_method_names = ("get", "head", "post", "patch")

    @property
    def staff(self) -> StaffMember:
        """Who is asking."""
        staff = staff_of(self.request.user)
        if staff is None:
            raise NotAuthenticated
        return staff

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return answer_error


class StaffViewSet(StaffView, GenericViewSet[M]):
    """A resource: its queryset is narrowed to what the person may see, and the rest answers 404."""

    permission: Permission | None = Permission.WORK_CASES
    detail_serializer_class: type[BaseSerializer[Any]] | None = None

    pagination_class = KeysetPagination
    filter_backends = (DjangoFilterBackend,)
    renderer_classes = (JSONRenderer,)
    parser_classes = (JSONParser,)
    schema = ApiSchema()

    def get_queryset(self) -> QuerySet[M]:
        rows: Any = super().get_queryset()
        visible: QuerySet[M] = rows.visible_to(self.staff)
        return visible

    def get_object(self) -> M:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        if self.action == "retrieve" and self.detail_serializer_class is not None:
            return self.detail_serializer_class
        return super().get_serializer_class()

    def given(self, input_class: type[BaseSerializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """The request's values, checked; raises a validation error that names every wrong one."""
        wanted = input_class(data=self.request.data, partial=partial, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        values: dict[str, Any] = wanted.validated_data
        return values
