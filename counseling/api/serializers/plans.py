from __future__ import annotations

from rest_framework import serializers

from counseling.models import FollowUpPlan, PlanStep


class PlanStepSerializer(serializers.ModelSerializer[PlanStep]):
    instrument = serializers.SlugRelatedField[PlanStep](slug_field="slug", read_only=True)

    class Meta:
        model = PlanStep
        fields = read_only_fields = (
            "position",
            "instrument",
            "asks",
            "anchor",
            "cadence",
            "every",
            "occurrences",
            "offset_months",
            "offset_days",
            "send_at",
            "off_days",
            "open_days",
            "reminder_after_days",
            "reminder_every_days",
            "max_reminders",
        )


class PlanSerializer(serializers.ModelSerializer[FollowUpPlan]):
    steps = PlanStepSerializer(many=True, read_only=True)

    class Meta:
        model = FollowUpPlan
        fields = read_only_fields = ("id", "name", "description", "is_active", "steps")
