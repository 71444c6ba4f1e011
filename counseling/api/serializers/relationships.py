from __future__ import annotations

from rest_framework import serializers

from assessments.enums import OtherRole
from counseling.api.serializers.common import ClientReference, InputSerializer, VisibleField
from counseling.enums import RelationshipKind
from counseling.models import Client, Relationship


class RelationshipSerializer(serializers.ModelSerializer[Relationship]):
    first = ClientReference(read_only=True)
    second = ClientReference(read_only=True)

    class Meta:
        model = Relationship
        fields = read_only_fields = ("id", "kind", "first", "second", "first_role", "second_role", "created_at")


class RelationshipInput(InputSerializer):
    first = VisibleField(queryset=Client.objects.all())
    second = VisibleField(queryset=Client.objects.all())
    kind = serializers.ChoiceField(choices=RelationshipKind.choices, required=False)
    first_role = serializers.ChoiceField(
        choices=OtherRole.choices, required=False, help_text="What the first is to the second."
    )
    second_role = serializers.ChoiceField(
        choices=OtherRole.choices, required=False, help_text="What the second is to the first."
    )
