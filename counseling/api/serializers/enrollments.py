from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assessments.enums import OtherRole
from counseling.api.serializers.common import ClientReference, InputSerializer, VisibleField
from counseling.enums import Reason
from counseling.models import Case, Client, Enrollment, FollowUpPlan


class EnrollmentSerializer(serializers.ModelSerializer[Enrollment]):
    class Meta:
        model = Enrollment
        fields = read_only_fields = (
            "id",
            "case",
            "plan",
            "start_on",
            "end_on",
            "named_client",
            "other_role",
            "status",
            "started_at",
            "started_by",
            "ended_at",
            "ended_by",
        )


class EnrollmentInput(InputSerializer):
    case = VisibleField(queryset=Case.objects.with_people().select_related("clinic"))
    plan = VisibleField(queryset=FollowUpPlan.objects.offered())
    start_on = serializers.DateField()
    end_on = serializers.DateField(
        required=False, allow_null=True, help_text="The last day on which anything is asked."
    )
    named_client = VisibleField(
        queryset=Client.objects.all(),
        required=False,
        allow_null=True,
        help_text="For a plan with steps for one person: whom of the case they ask.",
    )
    other_role = serializers.ChoiceField(
        choices=OtherRole.choices,
        required=False,
        help_text="For a single client: whom the questions are about. A relationship brings its own.",
    )


class ResumptionInput(InputSerializer):
    moves_later = serializers.BooleanField(
        help_text="True: all that is left comes later by the pause's length. False: what fell into it is left out."
    )


class EnrollmentChangeInput(InputSerializer):
    start_on = serializers.DateField()
    end_on = serializers.DateField(allow_null=True, help_text="The last day of asking.")
    named_client = VisibleField(queryset=Client.objects.all(), required=False, allow_null=True)


class PlannedFollowUpSerializer(serializers.Serializer[Any]):
    instrument = serializers.CharField(source="step.instrument.slug")
    instrument_version = serializers.IntegerField(source="version.number")
    occurrence = serializers.IntegerField()
    other_role = serializers.ChoiceField(choices=OtherRole.choices)
    local_date = serializers.DateField()
    local_time = serializers.TimeField()
    time_zone = serializers.CharField()
    due_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class PlannedPersonSerializer(serializers.Serializer[Any]):
    client = ClientReference()
    problems = serializers.ListField(
        child=serializers.ChoiceField(choices=Reason.choices),
        help_text="What would keep emails from this person today.",
    )
    follow_ups = PlannedFollowUpSerializer(many=True)
    left_out = PlannedFollowUpSerializer(many=True, help_text="What the plan would ask on days that have passed.")


class EnrollmentPreviewSerializer(serializers.Serializer[Any]):
    """What creating the enrollment would ask, of whom and when."""

    people = PlannedPersonSerializer(many=True)
