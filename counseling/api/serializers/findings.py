from __future__ import annotations

from typing import Any

from rest_framework import serializers

from counseling.api.serializers.common import InputSerializer
from counseling.enums import Pattern
from counseling.models import Finding, Review

COMPARING = frozenset({"subject", "probability", "evidence"})


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """Where a finding stands. While a safety finding of the case stands, nothing here compares the partners."""

    comparison_suspended = serializers.BooleanField(read_only=True)
    subject = serializers.PrimaryKeyRelatedField[Any](read_only=True, allow_null=True)

    class Meta:
        model = Finding
        fields: tuple[str, ...] = (
            "id",
            "case",
            "pattern",
            "subject",
            "status",
            "strength",
            "probability",
            "comparison_suspended",
            "raised_at",
            "evaluated_at",
            "cleared_at",
            "claimed_at",
            "claimed_by",
            "decided_at",
            "decided_by",
            "watch_until",
        )
        read_only_fields = fields

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if instance.comparison_suspended and instance.pattern != Pattern.SAFETY:
            shown.update(dict.fromkeys(COMPARING.intersection(shown)))
        return shown


class ReviewSerializer(serializers.ModelSerializer[Review]):
    class Meta:
        model = Review
        fields = read_only_fields = ("decision", "from_status", "to_status", "reason", "watch_until", "by", "at")


class FindingDetailSerializer(FindingSerializer):
    evidence = serializers.JSONField(read_only=True, allow_null=True)
    reviews = ReviewSerializer(many=True, read_only=True)

    class Meta(FindingSerializer.Meta):
        fields = (*FindingSerializer.Meta.fields, "evidence", "reviews")
        read_only_fields = fields


class DecisionInput(InputSerializer):
    """`evaluated_at` is the finding's as the person saw it: the decision is refused when newer evidence came in."""

    evaluated_at = serializers.DateTimeField(source="seen", required=False)


class ConfirmInput(DecisionInput):
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class DismissInput(DecisionInput):
    reason = serializers.CharField(max_length=2000)


class WatchInput(DecisionInput):
    until = serializers.DateField()
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)
