"""One counselor's work with a couple, with a row of everything the staff's pages show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client as Browser

from assessments.models import InstrumentVersion
from counseling.actions.answering import save_block, start_answering, submit_follow_up
from counseling.actions.enrollments import start_enrollment
from counseling.enums import Pattern, StaffRole, Strength
from counseling.models import (
    AuditEvent,
    Case,
    Enrollment,
    Finding,
    FollowUp,
    FollowUpPlan,
    Session,
    StaffMember,
    ThresholdSet,
)
from tests.assessments.factories import full_answers, published
from tests.factories import (
    NOW,
    CaseFactory,
    ClientFactory,
    ConsentFactory,
    PlanFactory,
    RelationshipFactory,
    SessionFactory,
    StaffFactory,
    StepFactory,
    UserFactory,
)

GIVES_MORE = {"g1": 4, "g2": 4, "g3": 4, "g4": 4, "g5": 0, "v1": 0, "v2": 0, "v3": 0, "v4": 0, "v5": 4}
GIVES_LESS = {"g1": 0, "g2": 0, "g3": 0, "g4": 0, "g5": 4, "v1": 4, "v2": 4, "v3": 4, "v4": 4, "v5": 0}


@dataclass(frozen=True)
class Work:
    counselor: StaffMember
    supervisor: StaffMember
    admin: StaffMember
    case: Case
    session: Session
    plan: FollowUpPlan
    enrollment: Enrollment
    finding: Finding
    safety: Finding | None

    @property
    def thresholds(self) -> ThresholdSet:
        return self.finding.thresholds

    @property
    def audit_event(self) -> AuditEvent:
        return AuditEvent.objects.filter(clinic=self.case.clinic_id).latest("sequence")


def work_of(*, safety: bool = False, waves: int = 1, version: InstrumentVersion | None = None) -> Work:
    """A couple in which the first gives more, as both have answered in every wave; ``safety``: the second is afraid."""
    supervisor = StaffFactory(role=StaffRole.SUPERVISOR, display_name="Sofia Supervisor")
    clinic = supervisor.clinic
    counselor = StaffFactory(clinic=clinic, supervisor=supervisor, display_name="Nora Counselor")
    case = couple(counselor)
    plan = PlanFactory(clinic=clinic, name="Fortnightly")
    StepFactory(plan=plan, instrument=(version or published()).instrument, occurrences=waves)
    enrollment = start_enrollment(case, plan, start_on=NOW.date(), by=counselor, now=NOW)
    first, second = case.members
    for follow_up in enrollment.follow_ups.order_by("due_at"):
        alarming = {"fear": 2} if safety and follow_up.client_id == second.pk else {}
        answer(follow_up, GIVES_MORE if follow_up.client_id == first.pk else {**GIVES_LESS, **alarming})
    return Work(
        counselor=counselor,
        supervisor=supervisor,
        admin=StaffFactory(clinic=clinic, role=StaffRole.CLINIC_ADMIN, display_name="Ada Admin"),
        case=case,
        session=SessionFactory(case=case),
        plan=plan,
        enrollment=enrollment,
        finding=Finding.objects.get(case=case, pattern=Pattern.ONE_SIDED),
        safety=Finding.objects.filter(case=case, strength=Strength.URGENT).first(),
    )


def couple(counselor: StaffMember, first: str = "Anouk", second: str = "Bertil") -> Case:
    """A case of two who agree to be asked by email."""
    people = [ClientFactory(registered_by=counselor, given_name=name, family_name="Zwart") for name in (first, second)]
    for person in people:
        ConsentFactory(client=person)
    return CaseFactory(lead=counselor, relationship=RelationshipFactory(first=people[0], second=people[1]))


def answer(follow_up: FollowUp, changes: dict[str, Any]) -> None:
    """The client answers everything, three hours after they were asked."""
    at = follow_up.due_at + timedelta(hours=3)
    answers = {**full_answers(), "limit": 0, "partner_limit": 0, **changes}
    hidden = {"p1", "p2", "p3", "q1", "q2", "q3"}
    draft = start_answering(follow_up, language="en", now=at)
    for block in follow_up.version.definition.blocks:
        page = {item.id: answers[item.id] for item in block.items if item.id not in hidden}
        follow_up.refresh_from_db()
        draft = save_block(follow_up, block.id, answers=page, revision=draft.revision, now=at)
    submit_follow_up(follow_up, now=at)


def browser_of(staff: StaffMember) -> Browser:
    browser = Browser()
    browser.force_login(staff.user)
    return browser


def outsiders_of(work: Work) -> dict[str, Browser]:
    """Everybody who has no part in the counselor's work, by who they are."""
    clinic = work.case.clinic
    people = {
        "colleague": StaffFactory(clinic=clinic),
        "other team's supervisor": StaffFactory(clinic=clinic, role=StaffRole.SUPERVISOR),
        "clinic admin": work.admin,
        "stranger": StaffFactory(),
        "strange supervisor": StaffFactory(role=StaffRole.SUPERVISOR),
        "strange admin": StaffFactory(role=StaffRole.CLINIC_ADMIN),
        "left": StaffFactory(clinic=clinic, is_active=False),
    }
    superuser = Browser()
    superuser.force_login(UserFactory(is_superuser=True))
    return {**{name: browser_of(person) for name, person in people.items()}, "superuser": superuser}
