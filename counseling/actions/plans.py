"""A clinic's templates of follow-ups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from assessments.models import Instrument
from counseling.actions.base import action, record
from counseling.enums import Cadence
from counseling.exceptions import InvalidInput
from counseling.models import FollowUpPlan, PlanStep, StaffMember
from counseling.permissions import Permission, require


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDetails:
    """One questionnaire of a plan and its rhythm; the names are `PlanStep`'s."""

    instrument: Instrument
    cadence: Cadence = Cadence.WEEKLY
    every: int = 1
    occurrences: int = 6
    offset_days: int = 0
    send_at: time = time(9)
    open_days: int = 7
    reminder_after_days: int = 3
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
    _write_steps(plan, steps)
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
    """Rename a plan, offer it or not, and, while no case is on it, change its steps (None leaves them).

    What was planned from it before keeps its own dates and questionnaires. Raises `InvalidInput` for steps of a plan
    that is in use, and for leaving out a step that something was asked from.
    """
    require(by, Permission.MANAGE_PLANS)
    values = {"name": name, "description": description, "is_active": is_active}
    with _name_of_its_own():
        FollowUpPlan.objects.filter(pk=plan.pk).update(**values)
    if steps is not None:
        _check_free(plan)
        _write_steps(plan, steps)
    for field, value in values.items():
        setattr(plan, field, value)
    record("plan.updated", plan, by=by, now=now, is_active=is_active, steps=None if steps is None else len(steps))
    return plan


@contextmanager
def _name_of_its_own() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise InvalidInput("name: the clinic has a plan of this name already") from error


def _check_free(plan: FollowUpPlan) -> None:
    if plan.enrollments.active().exists():
        raise InvalidInput("steps: a case is on this plan; end it there first, or make another plan")


def _write_steps(plan: FollowUpPlan, steps: Sequence[StepDetails]) -> None:
    if not steps:
        raise InvalidInput("steps: a plan asks at least one questionnaire")
    kept = list(plan.steps.order_by("position"))
    for position, details in enumerate(steps, start=1):
        step = kept[position - 1] if position <= len(kept) else PlanStep(plan=plan, position=position)
        for name in StepDetails.__slots__:
            setattr(step, name, getattr(details, name))
        step.save()
    for surplus in kept[len(steps) :]:
        _remove(surplus)


def _remove(step: PlanStep) -> None:
    try:
        step.delete()
    except ProtectedError as error:
        raise InvalidInput("steps: something was asked from this step already, so it stays") from error
