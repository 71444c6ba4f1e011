from __future__ import annotations

from uuid import UUID

from rest_framework import serializers

from counseling.enums import FollowUpStatus
from counseling.models import Delivery, DeliveryEvent, FollowUp


class FollowUpSerializer(serializers.ModelSerializer[FollowUp]):
    """Nothing here opens the client's form: the link and what it is made from stay inside."""

    instrument = serializers.CharField(source="version.instrument.slug", read_only=True)
    instrument_version = serializers.IntegerField(source="version.number", read_only=True)
    response = serializers.SerializerMethodField(help_text="Set once the answers were submitted.")

    class Meta:
        model = FollowUp
        fields: tuple[str, ...] = (
            "id",
            "case",
            "client",
            "enrollment",
            "session",
            "occurrence",
            "instrument",
            "instrument_version",
            "other_role",
            "local_date",
            "local_time",
            "time_zone",
            "due_at",
            "expires_at",
            "status",
            "sent_at",
            "opened_at",
            "completed_at",
            "ended_at",
            "end_reason",
            "reminders_queued",
            "response",
        )
        read_only_fields = fields

    def get_response(self, follow_up: FollowUp) -> UUID | None:
        return follow_up.response_id if follow_up.status == FollowUpStatus.COMPLETED else None


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    class Meta:
        model = Delivery
        fields = read_only_fields = ("id", "kind", "number", "state", "attempt", "next_at", "accepted_at", "smtp_code")


class DeliveryEventSerializer(serializers.ModelSerializer[DeliveryEvent]):
    class Meta:
        model = DeliveryEvent
        fields = read_only_fields = ("at", "kind", "detail", "delivery")


class FollowUpDetailSerializer(FollowUpSerializer):
    deliveries = DeliverySerializer(many=True, read_only=True)
    ledger = DeliveryEventSerializer(many=True, read_only=True)

    class Meta(FollowUpSerializer.Meta):
        fields = (*FollowUpSerializer.Meta.fields, "deliveries", "ledger")
        read_only_fields = fields
