"""A case on a plan: starting writes every follow-up at once, changing moves what is unasked, ending takes it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from assessments.enums import OtherRole
from counseling.actions.base import action, move, record
from counseling.clock import today_in
from counseling.enums import Asks, CaseStatus, EnrollmentStatus, Reason
from counseling.exceptions import ConsentMissing, IllegalMove, InvalidInput, StaleState
from counseling.models import Case, Client, Enrollment, FollowUpPlan, StaffMember
from counseling.models.enrollment import RUNNING
from counseling.planning.ending import take_back
from counseling.planning.replanning import replan
from counseling.queries.enrollment_preview import EnrollmentPreview, check_people, preview_enrollment
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
    end_on: date | None = None,
    named_client: Client | None = None,
) -> Enrollment:
    """Put the case on the plan: every follow-up of every member, each with its version pinned and its link made.

    Refused with `InvalidInput` when a member has no time zone (no date can be told for them) or the case is on the
    plan already, with `ConsentMissing` when nobody could be written to. Other problems of one member do not hold the
    other back: they may be solved by then, and each email they stop is marked skipped, with the reason, when due.
    Otherwise raises what `preview_enrollment` raises.
    """
    people: dict[str, Any] = {"other_role": other_role, "end_on": end_on, "named_client": named_client}
    preview = preview_enrollment(case, plan, start_on=start_on, now=now, **people)
    _check_people(preview)
    _hold_facts(case, plan)
    enrollment = _create(Enrollment(case=case, plan=plan, start_on=start_on, started_at=now, started_by=by, **people))
    changes = replan(Enrollment.objects.filter(pk=enrollment.pk), reason=Reason.PLAN_CHANGED, now=now)
    follow_ups = changes.counts.get("added", 0)
    record("enrollment.started", enrollment, by=by, now=now, plan=str(plan.pk), follow_ups=follow_ups)
    return enrollment


@action
def change_enrollment(
    enrollment: Enrollment,
    *,
    start_on: date,
    end_on: date | None,
    by: StaffMember,
    now: datetime,
    named_client: Client | None = None,
) -> Enrollment:
    """Give the plan another first or last day for this case, or name another person. What is unasked moves along.

    Raises `InvalidInput` as starting does; a first day that has passed may stay as it is.
    """
    if enrollment.status not in RUNNING:
        raise IllegalMove("a plan that has ended is not changed any more")
    if start_on != enrollment.start_on and start_on < today_in(enrollment.case.clinic.time_zone, now=now):
        raise InvalidInput("start_on: choose today or a later date")
    before = {"start_on": enrollment.start_on, "end_on": enrollment.end_on, "named_client": enrollment.named_client}
    values = {"start_on": start_on, "end_on": end_on, "named_client": named_client}
    _check_values(enrollment, values)
    same = Enrollment.objects.filter(pk=enrollment.pk, status=enrollment.status).filter(**_unchanged(before))
    if not same.update(**values):
        raise StaleState("the plan was changed for this case meanwhile")
    for name, value in values.items():
        setattr(enrollment, name, value)
    changes = replan(Enrollment.objects.filter(pk=enrollment.pk), reason=Reason.DATES_CHANGED, now=now)
    fields = sorted(name for name, value in values.items() if value != before[name])
    record("enrollment.changed", enrollment, by=by, now=now, fields=fields, **changes.counts)
    return enrollment


@action
def end_enrollment(
    enrollment: Enrollment, *, by: StaffMember, now: datetime, reason: Reason = Reason.ENROLLMENT_ENDED
) -> Enrollment:
    """Stop the plan for this case. What is unanswered is cancelled; an email handed over is beyond recall."""
    move(enrollment, EnrollmentStatus.ENDED, table=ENROLLMENT, ended_at=now, ended_by=by)
    cancelled = take_back([enrollment], reason=reason, now=now)
    record("enrollment.ended", enrollment, by=by, now=now, cancelled=cancelled)
    return enrollment


def _check_people(preview: EnrollmentPreview) -> None:
    if any(Reason.NO_ZONE in person.problems for person in preview.people):
        raise InvalidInput("time_zone: a member of the case has none, so no hour can be told for them")
    if all(person.problems for person in preview.people):
        raise ConsentMissing("nobody of this case can be written to: see the problems of each member")


def _check_values(enrollment: Enrollment, values: Mapping[str, Any]) -> None:
    wished = Enrollment(case=enrollment.case, plan=enrollment.plan, **values)
    asks_named = enrollment.plan.steps.current().filter(asks=Asks.NAMED).exists()
    check_people(wished, asks_named=asks_named)


def _unchanged(values: Mapping[str, Any]) -> dict[str, Any]:
    """A filter for rows that hold these values."""
    empty = {f"{name}__isnull": True for name, value in values.items() if value is None}
    return empty | {name: value for name, value in values.items() if value is not None}


def _hold_facts(case: Case, plan: FollowUpPlan) -> None:
    """Keep what the dates hang on from changing until they are written: whoever changes it then finds them.

    And the case from being closed: what is closed has nothing planned.
    """
    members = Client.objects.filter(pk__in=[member.pk for member in case.members]).order_by("pk")
    list(members.select_for_update(no_key=True).values_list("pk"))
    list(FollowUpPlan.objects.filter(pk=plan.pk).select_for_update(no_key=True).values_list("pk"))
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
