from __future__ import annotations

from typing import Any

from rest_framework import serializers

from counseling.api.serializers.common import ClientReference, InputSerializer, StaffReference, VisibleField
from counseling.enums import Confidentiality
from counseling.models import Case, Client, Relationship, StaffMember


class CaseSerializer(serializers.ModelSerializer[Case]):
    members = ClientReference(many=True, read_only=True)
    lead = StaffReference(read_only=True)
    co_counselors = StaffReference(many=True, read_only=True)

    class Meta:
        model = Case
        fields = read_only_fields = (
            "id",
            "status",
            "confidentiality",
            "episode",
            "client",
            "relationship",
            "members",
            "lead",
            "co_counselors",
            "opened_at",
            "closed_at",
        )


class CaseInput(InputSerializer):
    """About a client or a relationship, one of the two. Led by the caller unless said otherwise."""

    client = VisibleField(queryset=Client.objects.all(), required=False)
    relationship = VisibleField(queryset=Relationship.objects.all(), required=False)
    lead = VisibleField(queryset=StaffMember.objects.all(), required=False)
    co_counselors = serializers.ListField(
        child=VisibleField(queryset=StaffMember.objects.all()), max_length=10, required=False
    )
    confidentiality = serializers.ChoiceField(choices=Confidentiality.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("client" in attrs) == ("relationship" in attrs):
            raise serializers.ValidationError("A case is about a client or a relationship: give one of them.")
        about = attrs.pop("client", None) or attrs.pop("relationship", None)
        return {"about": about, **attrs}
