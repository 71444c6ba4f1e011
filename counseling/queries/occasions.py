"""What running plans ask, of whom and when: worked out from the facts as they stand, not from what was planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

from assessments.enums import OtherRole
from assessments.models import InstrumentVersion
from counseling import schedule
from counseling.clock import today_in
from counseling.contact import is_zone
from counseling.enums import SESSION_ANCHORS, Anchor, Asks, Cadence, CaseStatus, OffDays, SessionStatus
from counseling.models import Case, Client, ClosedDay, Enrollment, Pause, PlanStep, Session

R = TypeVar("R")

GIVES_OCCASION = {
    Anchor.BEFORE_SESSION: frozenset({SessionStatus.SCHEDULED}),
    Anchor.AFTER_SESSION: frozenset({SessionStatus.SCHEDULED, SessionStatus.HELD}),
}
"""Whether a session in that state is asked about: nothing precedes or follows one that did not take place."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One questionnaire for one client at one time: in their local time and as instants.

    ``version`` is what would be asked today; None when nothing of it is published. Of a session, ``occurrence`` is 0:
    which number it gets depends on those that were asked about before.
    """

    client: Client
    other_role: OtherRole
    step: PlanStep
    version: InstrumentVersion | None
    session: Session | None
    occurrence: int
    local_date: date
    local_time: time
    time_zone: str
    due_at: datetime
    expires_at: datetime

    def is_past(self, *, now: datetime, clinic_zone: str) -> bool:
        """Whether it is too late to begin with it.

        What is asked once is asked late, as long as it can be answered; of a rhythm, nothing is made up for that was
        due before today, where the client or the clinic is.
        """
        if self.expires_at <= now or self.step.cadence == Cadence.ONCE:
            return self.expires_at <= now
        return self.local_date < min(_today_in(self.time_zone, now), _today_in(clinic_zone, now))


@lru_cache(maxsize=1024)
def _today_in(zone: str, now: datetime) -> date:
    """Many occasions ask for the same zones at the same instant."""
    return today_in(zone, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """All that decides when some enrollments' questionnaires are due, beside the enrollments and their cases."""

    steps: Mapping[UUID, list[PlanStep]]
    versions: Mapping[UUID, InstrumentVersion]
    sessions: Mapping[UUID, list[Session]] = field(default_factory=dict)
    shifts: Mapping[UUID, tuple[schedule.Shift, ...]] = field(default_factory=dict)
    closed_days: Mapping[UUID, frozenset[date]] = field(default_factory=dict)


def read_plan_facts(enrollments: Collection[Enrollment]) -> PlanFacts:
    """At most five queries, however many enrollments; those about sessions, closed days and pauses only where a step
    or an enrollment can have any.
    """
    steps = list(
        PlanStep.objects.current()
        .filter(plan__in={each.plan_id for each in enrollments})
        .select_related("instrument")
        .order_by("plan", "position")
    )
    published = InstrumentVersion.objects.published().without_definition()
    versions = published.filter(instrument__in={step.instrument_id for step in steps})
    return PlanFacts(
        steps=_grouped(steps, "plan_id"),
        versions={version.instrument_id: version for version in versions},
        sessions=_sessions(enrollments, steps),
        shifts=_shifts(enrollments),
        closed_days=_closed_days(enrollments, steps),
    )


def _sessions(enrollments: Collection[Enrollment], steps: list[PlanStep]) -> dict[UUID, list[Session]]:
    plans = {step.plan_id for step in steps if step.anchor in SESSION_ANCHORS}
    cases = {each.case_id for each in enrollments if each.plan_id in plans}
    if not cases:
        return {}
    asked_about = Session.objects.filter(case__in=cases, status__in=frozenset().union(*GIVES_OCCASION.values()))
    return _grouped(asked_about.order_by("starts_at", "id"), "case_id")


def _shifts(enrollments: Collection[Enrollment]) -> dict[UUID, tuple[schedule.Shift, ...]]:
    stored = [each.pk for each in enrollments if not each._state.adding]
    if not stored:
        return {}
    over = Pause.objects.filter(enrollment__in=stored, moves_later=True)
    shifts: dict[UUID, tuple[schedule.Shift, ...]] = defaultdict(tuple)
    for enrollment, first, last in over.order_by("paused_at", "id").values_list("enrollment", "from_day", "until_day"):
        if last is not None:
            shifts[enrollment] += (schedule.Shift(first, (last - first).days),)
    return dict(shifts)


def _closed_days(enrollments: Collection[Enrollment], steps: list[PlanStep]) -> dict[UUID, frozenset[date]]:
    plans = {step.plan_id for step in steps if step.off_days != OffDays.AS_IS}
    clinics = {each.case.clinic_id for each in enrollments if each.plan_id in plans}
    days: dict[UUID, set[date]] = defaultdict(set)
    if clinics:
        for clinic, day in ClosedDay.objects.filter(clinic__in=clinics).values_list("clinic", "day"):
            days[clinic].add(day)
    return {clinic: frozenset(closed) for clinic, closed in days.items()}


def _grouped(rows: Iterable[R], by: str) -> dict[UUID, list[R]]:
    groups: dict[UUID, list[R]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, by)].append(row)
    return dict(groups)


class Layout:
    """Lays enrollments out in time; those alike share the work. Raises `ScheduleError` past the calendar."""

    def __init__(self, facts: PlanFacts) -> None:
        self._facts = facts
        self._laid_out: dict[schedule.Schedule, tuple[schedule.Occurrence, ...]] = {}

    def occasions(self, enrollment: Enrollment) -> Iterator[Occasion]:
        """Everything the enrollment's plan asks, past or to come. Of clients without a time zone, nothing.

        Of a case that is closed only what is counted from its discharge; of any other, all the rest.
        """
        case = enrollment.case
        is_closed = case.status == CaseStatus.CLOSED
        for step in self._facts.steps.get(enrollment.plan_id, ()):
            if (step.anchor == Anchor.DISCHARGE) is not is_closed:
                continue
            version = self._facts.versions.get(step.instrument_id)
            for client in asked_by(step, enrollment):
                role = _asked_about(case, client, enrollment)
                for session, found in self._times(step, enrollment, client.time_zone):
                    yield Occasion(
                        client,
                        role,
                        step,
                        version,
                        session,
                        found.number,
                        found.local_date,
                        found.local_time,
                        found.zone,
                        found.due_at,
                        found.expires_at,
                    )

    def _times(
        self, step: PlanStep, enrollment: Enrollment, zone: str
    ) -> Iterator[tuple[Session | None, schedule.Occurrence]]:
        if not is_zone(zone):
            return
        days_off = self._days_off(step, enrollment.case)
        if step.anchor in SESSION_ANCHORS:
            yield from self._around_sessions(step, enrollment, zone, days_off)
            return
        rhythm = self._rhythm(step, enrollment, zone, days_off)
        if rhythm not in self._laid_out:
            self._laid_out[rhythm] = schedule.occurrences(rhythm)
        for occurrence in self._laid_out[rhythm]:
            yield None, occurrence

    def _rhythm(
        self, step: PlanStep, enrollment: Enrollment, zone: str, days_off: schedule.DaysOff
    ) -> schedule.Schedule:
        once = step.cadence == Cadence.ONCE
        return schedule.Schedule(
            start=_anchor_day(step, enrollment, zone),
            at=step.send_at,
            zone=zone,
            cadence=schedule.Cadence("once") if once else schedule.Cadence(step.cadence, step.every),  # type: ignore[arg-type]
            count=1 if once else step.occurrences,
            offset_days=step.offset_days,
            offset_months=step.offset_months,
            open_days=step.open_days,
            until=enrollment.end_on,
            shifts=self._shifts_of(step, enrollment),
            days_off=days_off,
        )

    def _around_sessions(
        self, step: PlanStep, enrollment: Enrollment, zone: str, days_off: schedule.DaysOff
    ) -> Iterator[tuple[Session, schedule.Occurrence]]:
        rule = schedule.SessionRule(
            side="before" if step.anchor == Anchor.BEFORE_SESSION else "after",
            days=abs(step.offset_days),
            at=step.send_at,
            zone=zone,
            open_days=step.open_days,
            days_off=days_off,
        )
        for session in self._facts.sessions.get(enrollment.case_id, ()):
            if session.status not in GIVES_OCCASION[Anchor(step.anchor)] or not _is_within(session, enrollment, zone):
                continue
            ends_at = session.starts_at + timedelta(minutes=session.minutes)
            found = schedule.around_session(rule, number=0, starts_at=session.starts_at, ends_at=ends_at)
            if found is not None:
                yield session, found

    def _days_off(self, step: PlanStep, case: Case) -> schedule.DaysOff:
        if step.off_days == OffDays.AS_IS:
            return _NO_DAYS_OFF
        closed = self._facts.closed_days.get(case.clinic_id, frozenset())
        return schedule.DaysOff("move" if step.off_days == OffDays.MOVE else "leave_out", closed)

    def _shifts_of(self, step: PlanStep, enrollment: Enrollment) -> tuple[schedule.Shift, ...]:
        """A discharge has its own date, which no pause before it moves."""
        return () if step.anchor == Anchor.DISCHARGE else self._facts.shifts.get(enrollment.pk, ())


_NO_DAYS_OFF = schedule.DaysOff()


def asked_by(step: PlanStep, enrollment: Enrollment) -> tuple[Client, ...]:
    """Whom of the case the step asks."""
    members = enrollment.case.members
    if step.asks == Asks.EVERYONE or len(members) == 1:
        return members
    return tuple(client for client in members if client.pk == enrollment.named_client_id)


def _asked_about(case: Case, client: Client, enrollment: Enrollment) -> OtherRole:
    return OtherRole(enrollment.other_role) if case.relationship is None else case.relationship.other_role(client)


def _anchor_day(step: PlanStep, enrollment: Enrollment, zone: str) -> date:
    case = enrollment.case
    if step.anchor == Anchor.CASE_OPENED:
        return today_in(zone, now=case.opened_at)
    if step.anchor == Anchor.DISCHARGE and case.closed_at is not None:
        return today_in(zone, now=case.closed_at)
    return enrollment.start_on


def _is_within(session: Session, enrollment: Enrollment, zone: str) -> bool:
    day = today_in(zone, now=session.starts_at)
    return enrollment.start_on <= day and (enrollment.end_on is None or day <= enrollment.end_on)
