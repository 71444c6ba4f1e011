"""What starting a plan on a case would ask, of whom and when: shown before starting, and then written as shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from assessments.enums import OtherRole
from assessments.models import InstrumentVersion
from counseling import schedule
from counseling.clock import today_in
from counseling.contact import obstacles
from counseling.enums import Cadence, CaseStatus, Reason
from counseling.exceptions import IllegalMove, InvalidInput
from counseling.models import Case, Client, Consent, FollowUpPlan, PlanStep, PlanStop


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFollowUp:
    """One questionnaire for one client on one occasion, in their local time and as instants."""

    client: Client
    other_role: OtherRole
    step: PlanStep
    version: InstrumentVersion
    occurrence: int
    local_date: date
    local_time: time
    time_zone: str
    due_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPerson:
    """A member of the case, what would keep emails from them today, and what they would be asked."""

    client: Client
    problems: tuple[Reason, ...]
    follow_ups: tuple[PlannedFollowUp, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentPreview:
    people: tuple[PlannedPerson, ...]

    @property
    def follow_ups(self) -> tuple[PlannedFollowUp, ...]:
        """Everybody's, by time."""
        planned = (follow_up for person in self.people for follow_up in person.follow_ups)
        return tuple(sorted(planned, key=lambda follow_up: (follow_up.due_at, follow_up.step.position)))


def preview_enrollment(
    case: Case, plan: FollowUpPlan, *, start_on: date, now: datetime, other_role: OtherRole = OtherRole.PARTNER
) -> EnrollmentPreview:
    """Lay the plan out for every member of the case. Five queries beside the case's own, however long the plan.

    A member without a time zone gets no dates: none can be told. ``other_role`` is whom a single client is asked
    about; a relationship brings its own. Raises `IllegalMove` for a closed case and `InvalidInput` for a plan or
    start that cannot be used.
    """
    _check_start(case, plan, start_on, now)
    steps = list(plan.steps.select_related("instrument"))
    versions = _published_versions(steps)
    agreeing = Consent.objects.agreeing(case.members)
    stopped = PlanStop.objects.standing().stopped_by(case.members, case=case, plan=plan)
    problems = {
        client: obstacles(client, agrees=client.pk in agreeing, plan_stopped=client.pk in stopped)
        for client in case.members
    }
    people = (
        PlannedPerson(
            client=client,
            problems=found,
            follow_ups=()
            if Reason.NO_ZONE in found
            else tuple(_lay_out(client, _asked_about(case, client, other_role), steps, versions, start_on)),
        )
        for client, found in problems.items()
    )
    return EnrollmentPreview(people=tuple(people))


def _check_start(case: Case, plan: FollowUpPlan, start_on: date, now: datetime) -> None:
    if case.status == CaseStatus.CLOSED:
        raise IllegalMove("a closed case has no further follow-ups; reopen it first")
    if plan.clinic_id != case.clinic_id or not plan.is_active:
        raise InvalidInput("plan: choose one that the clinic offers")
    if start_on < today_in(case.clinic.time_zone, now=now):
        raise InvalidInput("start_on: choose today or a later date")


def _published_versions(steps: list[PlanStep]) -> Mapping[UUID, InstrumentVersion]:
    published = InstrumentVersion.objects.published().without_definition()
    found = {
        version.instrument_id: version for version in published.filter(instrument__in=[s.instrument for s in steps])
    }
    missing = sorted(step.instrument.slug for step in steps if step.instrument_id not in found)
    if missing or not steps:
        raise InvalidInput(f"plan: {', '.join(missing) or 'it has no steps'}; nothing that could be asked is published")
    return found


def _asked_about(case: Case, client: Client, other_role: OtherRole) -> OtherRole:
    return other_role if case.relationship is None else case.relationship.other_role(client)


def _lay_out(
    client: Client,
    other_role: OtherRole,
    steps: list[PlanStep],
    versions: Mapping[UUID, InstrumentVersion],
    start_on: date,
) -> list[PlannedFollowUp]:
    return [
        PlannedFollowUp(
            client=client,
            other_role=other_role,
            step=step,
            version=versions[step.instrument_id],
            occurrence=occurrence.number,
            local_date=occurrence.local_date,
            local_time=occurrence.local_time,
            time_zone=occurrence.zone,
            due_at=occurrence.due_at,
            expires_at=occurrence.expires_at,
        )
        for step in steps
        for occurrence in schedule.occurrences(_schedule_of(step, client.time_zone, start_on))
    ]


def _schedule_of(step: PlanStep, zone: str, start_on: date) -> schedule.Schedule:
    once = step.cadence == Cadence.ONCE
    return schedule.Schedule(
        start=start_on,
        at=step.send_at,
        zone=zone,
        cadence=schedule.Cadence("once") if once else schedule.Cadence(step.cadence, step.every),  # type: ignore[arg-type]
        count=1 if once else step.occurrences,
        offset_days=step.offset_days,
        open_days=step.open_days,
    )
