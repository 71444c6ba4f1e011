"""A case on a plan: starting writes every follow-up at once, ending cancels those that are unanswered."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from assessments.enums import OtherRole
from counseling.actions.base import action, move, record
from counseling.enums import CaseStatus, DeliveryEventKind, EnrollmentStatus, FollowUpStatus, Reason
from counseling.exceptions import ConsentMissing, InvalidInput, StaleState
from counseling.links import new_link
from counseling.models import Case, Enrollment, FollowUp, FollowUpPlan, StaffMember
from counseling.outbox.ending import end_follow_ups
from counseling.outbox.ledger import note_follow_ups
from counseling.queries.enrollment_preview import EnrollmentPreview, PlannedFollowUp, preview_enrollment
from counseling.transitions import ENROLLMENT


@action
def start_enrollment(
    case: Case,
    plan: FollowUpPlan,
    *,
    start_on: date,
    by: StaffMember,
    now: datetime,
    other_role: OtherRole = OtherRole.PARTNER,
) -> Enrollment:
    """Put the case on the plan: every follow-up of every member, each with its version pinned and its link made.

    Refused with `InvalidInput` when a member has no time zone (no date can be told for them) or the case is on the
    plan already, with `ConsentMissing` when nobody could be written to. Other problems of one member do not hold the
    other back: they may be solved by then, and each email they stop is marked skipped, with the reason, when due.
    Otherwise raises what `preview_enrollment` raises.
    """
    preview = preview_enrollment(case, plan, start_on=start_on, now=now, other_role=other_role)
    _check_people(preview)
    _hold_open(case)
    enrollment = _create(
        Enrollment(case=case, plan=plan, start_on=start_on, other_role=other_role, started_at=now, started_by=by)
    )
    follow_ups = FollowUp.objects.bulk_create(_follow_up(enrollment, planned) for planned in preview.follow_ups)
    note_follow_ups([follow_up.pk for follow_up in follow_ups], DeliveryEventKind.PLANNED, at=now)
    record("enrollment.started", enrollment, by=by, now=now, plan=str(plan.pk), follow_ups=len(follow_ups))
    return enrollment


@action
def end_enrollment(enrollment: Enrollment, *, by: StaffMember, now: datetime) -> Enrollment:
    """Stop the plan for this case. What is unanswered is cancelled; an email handed over is beyond recall."""
    move(enrollment, EnrollmentStatus.ENDED, table=ENROLLMENT, ended_at=now, ended_by=by)
    rows = FollowUp.objects.filter(enrollment=enrollment)
    cancelled = end_follow_ups(rows, to=FollowUpStatus.CANCELLED, reason=Reason.ENROLLMENT_ENDED, now=now)
    record("enrollment.ended", enrollment, by=by, now=now, cancelled=cancelled)
    return enrollment


def _check_people(preview: EnrollmentPreview) -> None:
    if any(Reason.NO_ZONE in person.problems for person in preview.people):
        raise InvalidInput("time_zone: a member of the case has none, so no hour can be told for them")
    if all(person.problems for person in preview.people):
        raise ConsentMissing("nobody of this case can be written to: see the problems of each member")


def _hold_open(case: Case) -> None:
    """Keep the case from being closed until all is written: what is closed has nothing planned."""
    status = Case.objects.select_for_update(no_key=True).values_list("status", flat=True).get(pk=case.pk)
    if status == CaseStatus.CLOSED:
        raise StaleState("the case was closed meanwhile")


def _create(enrollment: Enrollment) -> Enrollment:
    try:
        with transaction.atomic():
            enrollment.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidInput("plan: the case is on this plan already") from error
    return enrollment


def _follow_up(enrollment: Enrollment, planned: PlannedFollowUp) -> FollowUp:
    pk = uuid7()
    return FollowUp(
        id=pk,
        clinic_id=enrollment.case.clinic_id,
        case_id=enrollment.case_id,
        enrollment=enrollment,
        client=planned.client,
        other_role=planned.other_role,
        step=planned.step,
        version=planned.version,
        occurrence=planned.occurrence,
        local_date=planned.local_date,
        local_time=planned.local_time,
        time_zone=planned.time_zone,
        due_at=planned.due_at,
        expires_at=planned.expires_at,
        **new_link(pk),
    )
