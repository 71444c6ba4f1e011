"""What each list can be narrowed by: keys, states and times. Never a name or an address, which have no place in a URL.

Keys are compared and not looked up: one that is out of reach narrows to nothing, exactly as one that does not exist.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField

from counseling.enums import (
    CaseStatus,
    EnrollmentStatus,
    FindingStatus,
    FollowUpStatus,
    Pattern,
    SessionStatus,
    Strength,
)


class MomentField(IsoDateTimeField):
    """An instant, kept in UTC. One that the calendar cannot hold there is a wrong value, not a broken server."""

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        try:
            return moment.astimezone(UTC) if moment else None
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class MomentFilter(filters.IsoDateTimeFilter):
    field_class = MomentField


class CaseFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=CaseStatus.choices)
    client = filters.UUIDFilter()
    relationship = filters.UUIDFilter()
    lead = filters.UUIDFilter()


class SessionFilter(filters.FilterSet):
    case = filters.UUIDFilter()
    status = filters.ChoiceFilter(choices=SessionStatus.choices)
    starts_from = MomentFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = MomentFilter(field_name="starts_at", lookup_expr="lt")


class PlanFilter(filters.FilterSet):
    is_active = filters.BooleanFilter()


class EnrollmentFilter(filters.FilterSet):
    case = filters.UUIDFilter()
    plan = filters.UUIDFilter()
    status = filters.ChoiceFilter(choices=EnrollmentStatus.choices)


class FollowUpFilter(filters.FilterSet):
    case = filters.UUIDFilter()
    client = filters.UUIDFilter()
    enrollment = filters.UUIDFilter()
    status = filters.ChoiceFilter(choices=FollowUpStatus.choices)
    due_from = MomentFilter(field_name="due_at", lookup_expr="gte")
    due_before = MomentFilter(field_name="due_at", lookup_expr="lt")


class ResponseFilter(filters.FilterSet):
    case = filters.UUIDFilter(field_name="follow_up__case")
    client = filters.UUIDFilter(field_name="follow_up__client")
    instrument = filters.CharFilter(field_name="version__instrument__slug")
    submitted_from = MomentFilter(field_name="submitted_at", lookup_expr="gte")
    submitted_before = MomentFilter(field_name="submitted_at", lookup_expr="lt")


class FindingFilter(filters.FilterSet):
    case = filters.UUIDFilter()
    pattern = filters.ChoiceFilter(choices=Pattern.choices)
    status = filters.ChoiceFilter(choices=FindingStatus.choices)
    strength = filters.ChoiceFilter(choices=Strength.choices)
    raised_from = MomentFilter(field_name="raised_at", lookup_expr="gte")
    raised_before = MomentFilter(field_name="raised_at", lookup_expr="lt")
