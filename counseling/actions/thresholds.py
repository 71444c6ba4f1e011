from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from counseling.actions.base import action, record
from counseling.models import ThresholdSet

if TYPE_CHECKING:
    from counseling.patterns.thresholds import Thresholds


@action
def adopt_thresholds(clinic_id: UUID, *, now: datetime) -> UUID:
    """Make the shipped defaults number 1 of a clinic that has set none. Repeating it returns the same set."""
    from counseling.patterns.thresholds import Thresholds

    defaults = {"values": Thresholds().to_json(), "note": "shipped defaults", "created_at": now}
    first, created = ThresholdSet.objects.get_or_create(clinic_id=clinic_id, number=1, defaults=defaults)
    if created:
        record("thresholds.adopted", first, by=None, now=now, number=1)
    return first.pk


@lru_cache(maxsize=1024)
def numbers_of(threshold_set: UUID) -> Thresholds:
    """The numbers of a set; read once a process, for a set is never edited."""
    from counseling.patterns.thresholds import Thresholds

    return Thresholds.from_json(ThresholdSet.objects.get(pk=threshold_set).values)
