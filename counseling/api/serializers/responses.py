from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.models import Response, Score


class ScoreSerializer(serializers.ModelSerializer[Score]):
    """`value` is null where too little was answered: "cannot be computed" is not zero."""

    class Meta:
        model = Score
        fields = read_only_fields = ("scale", "value", "answered", "total", "prorated", "sem", "scoring_version")


class ResponseSerializer(serializers.ModelSerializer[Response]):
    follow_up = serializers.PrimaryKeyRelatedField[Response](read_only=True)
    case = serializers.UUIDField(source="follow_up.case_id", read_only=True)
    client = serializers.UUIDField(source="follow_up.client_id", read_only=True)
    instrument = serializers.CharField(source="version.instrument.slug", read_only=True)
    instrument_version = serializers.IntegerField(source="version.number", read_only=True)
    scores = serializers.SerializerMethodField()

    class Meta:
        model = Response
        fields: tuple[str, ...] = (
            "id",
            "follow_up",
            "case",
            "client",
            "instrument",
            "instrument_version",
            "language",
            "other_role",
            "started_at",
            "submitted_at",
            "scores",
        )
        read_only_fields = fields

    @extend_schema_field(ScoreSerializer(many=True))
    def get_scores(self, response: Response) -> Any:
        """Under the newest scoring code that scored this response."""
        scores = list(response.scores.all())
        newest = max((score.scoring_version for score in scores), default=None)
        return ScoreSerializer([score for score in scores if score.scoring_version == newest], many=True).data


class ResponseDetailSerializer(ResponseSerializer):
    answers = serializers.SerializerMethodField(
        help_text="By item id. Null is “does not apply / prefer not to say”; an absent item was not asked."
    )

    class Meta(ResponseSerializer.Meta):
        fields = (*ResponseSerializer.Meta.fields, "answers")
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_answers(self, response: Response) -> dict[str, Any]:
        answers: dict[str, Any] = response.answers
        return answers
