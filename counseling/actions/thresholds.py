from __future__ import annotations

from datetime import datetime
from uuid import UUID

from counseling.actions.base import action, record
from counseling.models import ThresholdSet


@action
def current_thresholds(clinic_id: UUID, *, now: datetime) -> ThresholdSet:
    """The clinic's thresholds in force; the shipped defaults become number 1 of a clinic that has set none."""
    current = ThresholdSet.objects.filter(clinic=clinic_id).order_by("-number").first()
    if current is not None:
        return current
    from counseling.patterns.thresholds import Thresholds

    defaults = {"values": Thresholds().to_json(), "note": "shipped defaults", "created_at": now}
    first, created = ThresholdSet.objects.get_or_create(clinic_id=clinic_id, number=1, defaults=defaults)
    if created:
        record("thresholds.adopted", first, by=None, now=now, number=1)
    return first
