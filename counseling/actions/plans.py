"""A clinic's templates of follow-ups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError

from assessments.models import Instrument
from counseling.actions.base import action, record
from counseling.enums import Anchor, Asks, Cadence, OffDays, Reason
from counseling.exceptions import InvalidInput, StaleState
from counseling.models import Enrollment, FollowUpPlan, PlanStep, StaffMember
from counseling.permissions import Permission, require
from counseling.planning.changes import Changes
from counseling.planning.replanning import replan


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDetails:
    """One questionnaire of a plan and its rhythm; the names are `PlanStep`'s. ``id`` is the step's that is changed."""

    instrument: Instrument
    id: UUID | None = None
    asks: Asks = Asks.EVERYONE
    anchor: Anchor = Anchor.START
    cadence: Cadence = Cadence.WEEKLY
    every: int = 1
    occurrences: int = 6
    offset_months: int = 0
    offset_days: int = 0
    send_at: time = time(9)
    off_days: OffDays = OffDays.AS_IS
    open_days: int = 7
    reminder_after_days: int = 3
    reminder_every_days: int = 3
    max_reminders: int = 1


@action
def create_plan(
    *, name: str, steps: Sequence[StepDetails], by: StaffMember, now: datetime, description: str = ""
) -> FollowUpPlan:
    """Add a plan that cases can be put on. Its steps run in the order given."""
    require(by, Permission.MANAGE_PLANS)
    plan = FollowUpPlan(clinic_id=by.clinic_id, name=name, description=description, created_at=now)
    with _name_of_its_own():
        plan.save(force_insert=True)
    _write_steps(plan, steps, now=now)
    record("plan.created", plan, by=by, now=now, steps=len(steps))
    return plan


@action
def update_plan(
    plan: FollowUpPlan,
    *,
    name: str,
    description: str,
    is_active: bool,
    by: StaffMember,
    now: datetime,
    steps: Sequence[StepDetails] | None = None,
) -> FollowUpPlan:
    """Rename a plan, offer it or not, and change its steps (None leaves them).

    Cases that are on the plan come along: what nobody was asked yet is moved, taken back or added. What was asked keeps
    its dates and questionnaires. Raises `InvalidInput`, and `StaleState` when a step was taken out meanwhile.
    """
    require(by, Permission.MANAGE_PLANS)
    values = {"name": name, "description": description, "is_active": is_active}
    with _name_of_its_own():
        FollowUpPlan.objects.filter(pk=plan.pk).update(**values)
    changes = Changes()
    if steps is not None:
        _write_steps(plan, steps, now=now)
        changes = replan(Enrollment.objects.filter(plan=plan), reason=Reason.PLAN_CHANGED, now=now)
    for field, value in values.items():
        setattr(plan, field, value)
    counts = {"steps": None if steps is None else len(steps), **changes.counts}
    record("plan.updated", plan, by=by, now=now, is_active=is_active, **counts)
    return plan


@contextmanager
def _name_of_its_own() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise InvalidInput("name: the clinic has a plan of this name already") from error


def _write_steps(plan: FollowUpPlan, steps: Sequence[StepDetails], *, now: datetime) -> None:
    """Write the steps in their order; those of the plan that are not among them are taken out."""
    if not steps:
        raise InvalidInput("steps: a plan asks at least one questionnaire")
    kept = {step.pk: step for step in plan.steps.current().select_for_update(no_key=True)}
    if {details.id for details in steps if details.id is not None} - kept.keys():
        raise StaleState("a step was taken out of the plan meanwhile")
    for surplus in kept.keys() - {details.id for details in steps}:
        _remove(kept[surplus], now=now)
    plan.steps.current().update(position=F("position") + OUT_OF_THE_WAY)
    for position, details in enumerate(steps, start=1):
        step = PlanStep(plan=plan) if details.id is None else kept[details.id]
        step.position = position
        for name in StepDetails.__slots__:
            if name != "id":
                setattr(step, name, getattr(details, name))
        _save(step, number=position)


OUT_OF_THE_WAY = 10_000
"""Positions that no step has, so that steps can change places one by one."""


def _save(step: PlanStep, *, number: int) -> None:
    try:
        with transaction.atomic():
            step.save()
    except IntegrityError as error:
        raise InvalidInput(f"steps: step {number} cannot be as it is given") from error


def _remove(step: PlanStep, *, now: datetime) -> None:
    """Delete a step or, when something was planned from it, keep it for that alone."""
    try:
        with transaction.atomic():
            step.delete()
    except ProtectedError:
        PlanStep.objects.filter(pk=step.pk).update(removed_at=now)
