"""The pieces that every resource's serializers are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from counseling.models import Client, StaffMember


class InputSerializer(serializers.Serializer[Any]):
    """What a request may say. A key that is not a field here is refused, so nothing slips in and no typo is ignored."""

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        unknown = set(data) - set(self.fields) if isinstance(data, Mapping) else set()
        if unknown:
            raise serializers.ValidationError({name: ["There is no such field."] for name in sorted(unknown)})
        return values


class VisibleField(serializers.PrimaryKeyRelatedField[Any]):
    """A row by key, among those within the person's reach. Any other row does not exist."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(pk_field=serializers.UUIDField(), **kwargs)

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.context["view"].staff)


class ClientReference(serializers.ModelSerializer[Client]):
    name = serializers.CharField(source="full_name", read_only=True)

    class Meta:
        model = Client
        fields = read_only_fields = ("id", "name")


class StaffReference(serializers.ModelSerializer[StaffMember]):
    name = serializers.CharField(source="display_name", read_only=True)

    class Meta:
        model = StaffMember
        fields = read_only_fields = ("id", "name")
