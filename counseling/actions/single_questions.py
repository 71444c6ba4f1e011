"""One questionnaire, asked once and outside of any plan: now, or at a chosen hour."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from assessments.enums import OtherRole
from assessments.models import Instrument
from counseling.actions.base import action
from counseling.actions.enrollments import start_enrollment
from counseling.contact import is_zone
from counseling.enums import Asks, Cadence
from counseling.models import Case, Client, Enrollment, FollowUpPlan, PlanStep, StaffMember


@action
def ask_once(
    case: Case,
    instrument: Instrument,
    *,
    by: StaffMember,
    now: datetime,
    client: Client | None = None,
    on: date | None = None,
    at: time | None = None,
    open_days: int = 7,
    other_role: OtherRole = OtherRole.PARTNER,
) -> Enrollment:
    """Ask everybody in the case, or one ``client``, one questionnaire: on a day at an hour of theirs, else now.

    It is a plan made for this case, with one step, which no list of plans shows. "Now" heeds quiet hours and consent
    like any email, and gives a day more where clocks differ: it begins at the earliest of them, which for the others
    is past. Raises what starting a plan raises.
    """
    asked = (client,) if client is not None else case.members
    walls = [_wall(each, now) for each in asked]
    soonest = min(walls, default=now.replace(tzinfo=None))
    if at is None and any(wall != soonest for wall in walls):
        open_days += 1
    plan = FollowUpPlan.objects.create(
        clinic_id=case.clinic_id, case=case, name=instrument.title[:120], is_active=False, created_at=now
    )
    PlanStep.objects.create(
        plan=plan,
        instrument=instrument,
        asks=Asks.EVERYONE if client is None else Asks.NAMED,
        cadence=Cadence.ONCE,
        occurrences=1,
        send_at=at if at is not None else soonest.time(),
        open_days=open_days,
    )
    return start_enrollment(
        case, plan, start_on=on or soonest.date(), by=by, now=now, other_role=other_role, named_client=client
    )


def _wall(client: Client, now: datetime) -> datetime:
    """What the client's clock reads, to the minute. The earliest of several readings is past or present for all."""
    zone = ZoneInfo(client.time_zone) if is_zone(client.time_zone) else now.tzinfo
    return now.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
