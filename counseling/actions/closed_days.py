"""The days on which a clinic is closed, and what was to be asked on them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from counseling.actions.base import action, record
from counseling.enums import OffDays, Reason
from counseling.exceptions import InvalidInput, StaleState
from counseling.models import ClosedDay, Enrollment, PlanStep, StaffMember
from counseling.permissions import Permission, require
from counseling.planning.changes import Changes
from counseling.planning.replanning import replan


@action
def add_closed_day(*, day: date, by: StaffMember, now: datetime, name: str = "") -> ClosedDay:
    """Close the clinic on a day. What plans would ask on it moves or is left out, as each step says."""
    require(by, Permission.MANAGE_PLANS)
    closed = ClosedDay(clinic_id=by.clinic_id, day=day, name=name)
    try:
        with transaction.atomic():
            closed.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidInput("day: the clinic is closed on this day already") from error
    changes = _replan(closed, now=now)
    record("closed_day.added", closed, by=by, now=now, day=day.isoformat(), **changes.counts)
    return closed


@action
def remove_closed_day(closed: ClosedDay, *, by: StaffMember, now: datetime) -> None:
    """Open the clinic on a day after all. What moved away from it and nobody was asked yet comes back."""
    require(by, Permission.MANAGE_PLANS)
    removed, _ = ClosedDay.objects.filter(pk=closed.pk).delete()
    if not removed:
        raise StaleState("the clinic is open on this day already")
    changes = _replan(closed, now=now)
    record("closed_day.removed", closed, by=by, now=now, day=closed.day.isoformat(), **changes.counts)


def _replan(closed: ClosedDay, *, now: datetime) -> Changes:
    heeding = PlanStep.objects.current().filter(plan=OuterRef("plan")).exclude(off_days=OffDays.AS_IS)
    enrollments = Enrollment.objects.filter(Exists(heeding), plan__clinic=closed.clinic_id)
    return replan(enrollments, reason=Reason.CLOSED_DAYS_CHANGED, now=now)
