from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from counseling.actions.base import action, move, record
from counseling.actions.enrollments import end_enrollment
from counseling.enums import Anchor, CaseStatus, Confidentiality, Reason
from counseling.exceptions import InvalidInput
from counseling.models import Case, Client, Enrollment, PlanStep, Relationship, StaffMember
from counseling.planning.replanning import replan
from counseling.transitions import CASE


@action
def open_case(
    about: Client | Relationship,
    *,
    by: StaffMember,
    now: datetime,
    lead: StaffMember | None = None,
    co_counselors: Iterable[StaffMember] = (),
    confidentiality: Confidentiality = Confidentiality.LIMITED_SECRETS,
) -> Case:
    """Open a case about a client or a relationship of the person's clinic, led by them unless said otherwise."""
    lead = lead or by
    helpers = list(co_counselors)
    _check_staff(by, lead, helpers)
    if about.clinic_id != by.clinic_id:
        raise InvalidInput("about: must belong to this clinic")
    case = Case.objects.create(
        clinic_id=by.clinic_id,
        client=about if isinstance(about, Client) else None,
        relationship=about if isinstance(about, Relationship) else None,
        lead=lead,
        confidentiality=confidentiality,
        opened_at=now,
    )
    case.co_counselors.set(helpers)
    record("case.opened", case, by=by, now=now, lead=str(lead.pk))
    return case


@action
def hold_case(case: Case, *, by: StaffMember, now: datetime) -> Case:
    """Pause the work. Follow-ups already planned go on; a closed case's do not."""
    move(case, CaseStatus.ON_HOLD, table=CASE)
    record("case.held", case, by=by, now=now)
    return case


@action
def resume_case(case: Case, *, by: StaffMember, now: datetime) -> Case:
    """Take the work up again: from hold as it was, from closed as a new episode.

    What was still to be asked after the discharge is not asked any more.
    """
    was_closed = case.status == CaseStatus.CLOSED
    episode = case.episode + 1 if was_closed else case.episode
    move(case, CaseStatus.OPEN, table=CASE, closed_at=None, episode=episode)
    if was_closed:
        for enrollment in Enrollment.objects.running().filter(case=case):
            end_enrollment(enrollment, by=by, now=now, reason=Reason.CASE_REOPENED)
    record("case.resumed", case, by=by, now=now, episode=case.episode)
    return case


@action
def close_case(case: Case, *, by: StaffMember, now: datetime) -> Case:
    """Close the case and end its plans; those that ask after the discharge go on with that alone."""
    move(case, CaseStatus.CLOSED, table=CASE, closed_at=now)
    goes_on = Exists(PlanStep.objects.current().filter(plan=OuterRef("plan"), anchor=Anchor.DISCHARGE))
    running = Enrollment.objects.running().filter(case=case)
    for enrollment in running.exclude(goes_on):
        end_enrollment(enrollment, by=by, now=now, reason=Reason.CASE_CLOSED)
    changes = replan(running.filter(goes_on), reason=Reason.CASE_CLOSED, now=now)
    record("case.closed", case, by=by, now=now, **changes.counts)
    return case


@action
def assign_case(
    case: Case, *, lead: StaffMember, co_counselors: Iterable[StaffMember], by: StaffMember, now: datetime
) -> Case:
    """Hand the case to a lead and co-counselors of the same clinic."""
    helpers = list(co_counselors)
    _check_staff(by, lead, helpers)
    Case.objects.filter(pk=case.pk).update(lead=lead)
    case.lead = lead
    case.co_counselors.set(helpers)
    record("case.assigned", case, by=by, now=now, lead=str(lead.pk), co=sorted(str(h.pk) for h in helpers))
    return case


def _check_staff(by: StaffMember, lead: StaffMember, helpers: list[StaffMember]) -> None:
    for person in (lead, *helpers):
        if person.clinic_id != by.clinic_id or not person.is_clinical:
            raise InvalidInput("lead: must be a counselor or supervisor of this clinic")
    if lead in helpers:
        raise InvalidInput("co_counselors: the lead is not also a co-counselor")
