from __future__ import annotations

from datetime import datetime

from assessments.models import InstrumentVersion
from counseling.actions.base import action, record
from counseling.models import StaffMember


@action
def record_version_change(version: InstrumentVersion, *, by: StaffMember, now: datetime, what: str) -> None:
    """Note in their clinic's trail that somebody published, edited or otherwise changed a questionnaire."""
    record(f"questionnaire.{what}", version, by=by, now=now, number=version.number)
