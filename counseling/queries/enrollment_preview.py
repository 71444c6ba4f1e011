"""What starting a plan on a case would ask, of whom and when: shown before starting, and then written as shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assessments.enums import OtherRole
from counseling.clock import today_in
from counseling.contact import obstacles
from counseling.enums import Asks, CaseStatus, Reason
from counseling.exceptions import IllegalMove, InvalidInput
from counseling.models import Case, Client, Consent, Enrollment, FollowUpPlan, PlanStop
from counseling.queries.occasions import Layout, Occasion, PlanFacts, read_plan_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPerson:
    """A member of the case, what would keep emails from them today, what they would be asked, and what not any more."""

    client: Client
    problems: tuple[Reason, ...]
    follow_ups: tuple[Occasion, ...]
    left_out: tuple[Occasion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentPreview:
    people: tuple[PlannedPerson, ...]
    waits_for_discharge: bool = False
    waits_for_sessions: bool = False

    @property
    def follow_ups(self) -> tuple[Occasion, ...]:
        """Everybody's, by time."""
        planned = (follow_up for person in self.people for follow_up in person.follow_ups)
        return tuple(sorted(planned, key=lambda follow_up: (follow_up.due_at, follow_up.step.position)))


def preview_enrollment(
    case: Case,
    plan: FollowUpPlan,
    *,
    start_on: date,
    now: datetime,
    other_role: OtherRole = OtherRole.PARTNER,
    end_on: date | None = None,
    named_client: Client | None = None,
) -> EnrollmentPreview:
    """Lay the plan out for every member of the case. At most eight queries beside the case's own.

    A member without a time zone gets no dates: none can be told. ``other_role`` is whom a single client is asked
    about; a relationship brings its own. Raises `IllegalMove` for a closed case and `InvalidInput` for a plan or
    start that cannot be used.
    """
    check_start(case, plan, start_on=start_on, now=now)
    enrollment = Enrollment(
        case=case, plan=plan, start_on=start_on, end_on=end_on, named_client=named_client, other_role=other_role
    )
    facts = read_plan_facts([enrollment])
    check_plan(enrollment, facts)
    return lay_out(enrollment, facts, now=now)


def lay_out(enrollment: Enrollment, facts: PlanFacts, *, now: datetime) -> EnrollmentPreview:
    """Every member with what they would be asked (two queries)."""
    members = enrollment.case.members
    agreeing = Consent.objects.agreeing(members)
    stopped = PlanStop.objects.standing().stopped_by(members, case=enrollment.case, plan=enrollment.plan)
    occasions = list(Layout(facts).occasions(enrollment))
    anchors = {step.anchor for step in facts.steps[enrollment.plan_id]}
    past = {each for each in occasions if each.is_past(now=now, clinic_zone=enrollment.case.clinic.time_zone)}
    problems = {
        client: obstacles(client, agrees=client.pk in agreeing, plan_stopped=client.pk in stopped) for client in members
    }
    return EnrollmentPreview(
        people=tuple(_person(client, found, occasions, past) for client, found in problems.items()),
        waits_for_discharge="discharge" in anchors,
        waits_for_sessions=bool(anchors & {"before_session", "after_session"}),
    )


def _person(
    client: Client, problems: tuple[Reason, ...], occasions: list[Occasion], past: set[Occasion]
) -> PlannedPerson:
    theirs = sorted((each for each in occasions if each.client.pk == client.pk), key=lambda each: each.due_at)
    return PlannedPerson(
        client=client,
        problems=problems,
        follow_ups=tuple(each for each in theirs if each not in past),
        left_out=tuple(each for each in theirs if each in past),
    )


def check_start(case: Case, plan: FollowUpPlan, *, start_on: date, now: datetime) -> None:
    """Raise unless the plan may be started on the case from that day on."""
    if case.status == CaseStatus.CLOSED:
        raise IllegalMove("a closed case has no further follow-ups; reopen it first")
    if plan.clinic_id != case.clinic_id or not (plan.is_active or plan.case_id == case.pk):
        raise InvalidInput("plan: choose one that the clinic offers")
    own_day = timedelta(days=1 if plan.case_id else 0)  # a single question starts on the client's own day
    if start_on < today_in(case.clinic.time_zone, now=now) - own_day:
        raise InvalidInput("start_on: choose today or a later date")


def check_plan(enrollment: Enrollment, facts: PlanFacts) -> None:
    """Raise `InvalidInput` unless each step has something published to ask and somebody to ask it."""
    steps = facts.steps.get(enrollment.plan_id, [])
    missing = sorted({step.instrument.slug for step in steps if step.instrument_id not in facts.versions})
    if missing or not steps:
        raise InvalidInput(f"plan: {', '.join(missing) or 'it has no steps'}; nothing that could be asked is published")
    check_people(enrollment, asks_named=any(step.asks == Asks.NAMED for step in steps))


def check_people(enrollment: Enrollment, *, asks_named: bool) -> None:
    """Raise `InvalidInput` unless the dates have an order and, where one person is asked, the case knows who."""
    members = enrollment.case.members
    if enrollment.end_on is not None and enrollment.end_on < enrollment.start_on:
        raise InvalidInput("end_on: choose the first day or a later one")
    if enrollment.named_client is not None and enrollment.named_client not in members:
        raise InvalidInput("named_client: choose a member of the case")
    if asks_named and enrollment.named_client is None and len(members) > 1:
        raise InvalidInput("named_client: the plan asks one person; say who")
