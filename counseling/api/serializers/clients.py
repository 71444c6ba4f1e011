from __future__ import annotations

from rest_framework import serializers

from counseling.api.serializers.common import InputSerializer
from counseling.enums import Language
from counseling.models import Client


class ClientSerializer(serializers.ModelSerializer[Client]):
    """Lists name people; how to reach them is a matter of the single record, whose reading is audited."""

    class Meta:
        model = Client
        fields: tuple[str, ...] = ("id", "given_name", "family_name", "language", "time_zone", "created_at")
        read_only_fields = fields


class ClientDetailSerializer(serializers.ModelSerializer[Client]):
    class Meta:
        model = Client
        fields = (*ClientSerializer.Meta.fields, "email", "phone", "email_is_safe", "registered_by")
        read_only_fields = fields


class ClientInput(InputSerializer):
    given_name = serializers.CharField(max_length=100)
    family_name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=64, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=Language.choices, required=False)
    email_is_safe = serializers.BooleanField(required=False)
