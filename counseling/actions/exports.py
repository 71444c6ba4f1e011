from __future__ import annotations

from datetime import datetime

from counseling.actions.base import action, record
from counseling.models import StaffMember


@action
def record_export(report: str, *, by: StaffMember, now: datetime, **choices: str) -> None:
    """Note that a report left the clinic as a file: which one, narrowed by what."""
    record("report.exported", by.clinic, by=by, now=now, report=report, **choices)
