from __future__ import annotations

from rest_framework import serializers

from counseling.api.serializers.common import InputSerializer, VisibleField
from counseling.enums import SessionStatus
from counseling.models import Case, Session

OUTCOMES = [choice for choice in SessionStatus.choices if choice[0] != SessionStatus.SCHEDULED]


class SessionSerializer(serializers.ModelSerializer[Session]):
    class Meta:
        model = Session
        fields = read_only_fields = ("id", "case", "counselor", "starts_at", "minutes", "status", "settled_at")


class SessionInput(InputSerializer):
    case = VisibleField(queryset=Case.objects.all())
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=5, max_value=480, required=False)


class NewTimeInput(InputSerializer):
    starts_at = serializers.DateTimeField()


class OutcomeInput(InputSerializer):
    outcome = serializers.ChoiceField(choices=OUTCOMES)
