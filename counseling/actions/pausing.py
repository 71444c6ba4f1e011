"""A plan set aside for a while, and taken up again."""

from __future__ import annotations

from datetime import datetime, timedelta

from counseling.actions.base import action, move, record
from counseling.clock import today_in
from counseling.enums import EnrollmentStatus, Reason
from counseling.exceptions import StaleState
from counseling.models import Enrollment, Pause, StaffMember
from counseling.planning.pausing import set_aside, take_up
from counseling.planning.replanning import replan
from counseling.transitions import ENROLLMENT


@action
def pause_enrollment(enrollment: Enrollment, *, by: StaffMember, now: datetime) -> Enrollment:
    """Ask nothing more until the plan is taken up again. Reminders stop; links that are out can still be answered."""
    move(enrollment, EnrollmentStatus.PAUSED, table=ENROLLMENT)
    today = today_in(enrollment.case.clinic.time_zone, now=now)
    Pause.objects.create(enrollment=enrollment, from_day=today, paused_at=now, paused_by=by)
    changes = set_aside(enrollment, now=now)
    record("enrollment.paused", enrollment, by=by, now=now, **changes.counts)
    return enrollment


@action
def resume_enrollment(enrollment: Enrollment, *, moves_later: bool, by: StaffMember, now: datetime) -> Enrollment:
    """Take a paused plan up again.

    What fell into the pause is left out or, when everything ``moves_later``, asked later by as many days as the pause
    lasted, as is all that comes after it, and the last day with it.
    """
    move(enrollment, EnrollmentStatus.ACTIVE, table=ENROLLMENT)
    days = _end_pause(enrollment, moves_later=moves_later, by=by, now=now)
    if moves_later and enrollment.end_on is not None:
        enrollment.end_on += days
        Enrollment.objects.filter(pk=enrollment.pk).update(end_on=enrollment.end_on)
    moved = replan(Enrollment.objects.filter(pk=enrollment.pk), reason=Reason.PAUSE, now=now)
    taken_up = take_up(enrollment, moved=moved, moves_later=moves_later, now=now)
    counts = {**moved.counts, **taken_up.counts}
    record("enrollment.resumed", enrollment, by=by, now=now, moves_later=moves_later, **counts)
    return enrollment


def _end_pause(enrollment: Enrollment, *, moves_later: bool, by: StaffMember, now: datetime) -> timedelta:
    pause = enrollment.pauses.filter(resumed_at__isnull=True).first()
    if pause is None:
        raise StaleState("the pause is over already")
    until = max(pause.from_day, today_in(enrollment.case.clinic.time_zone, now=now))
    Pause.objects.filter(pk=pause.pk).update(until_day=until, moves_later=moves_later, resumed_at=now, resumed_by=by)
    return until - pause.from_day
