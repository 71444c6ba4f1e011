"""One counselor's whole work, a row of everything the API shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from assessments.enums import ResponseStatus
from assessments.models import InstrumentVersion, Response, Score
from counseling.actions.enrollments import start_enrollment
from counseling.enums import FollowUpStatus, StaffRole
from counseling.models import Case, Client, Enrollment, Finding, FollowUp, FollowUpPlan, Session, StaffMember
from tests.assessments.factories import published, small
from tests.factories import (
    NOW,
    CaseFactory,
    ConsentFactory,
    FindingFactory,
    PlanFactory,
    SessionFactory,
    StaffFactory,
    StepFactory,
)

ANSWERS = {"a": 2, "gate": 0}
EVIDENCE = {"giving": 80, "receiving": 20}


@dataclass(frozen=True)
class Work:
    counselor: StaffMember
    case: Case
    client: Client
    session: Session
    plan: FollowUpPlan
    enrollment: Enrollment
    follow_up: FollowUp
    response: Response
    finding: Finding


def work_of(counselor: StaffMember) -> Work:
    case = CaseFactory(lead=counselor)
    for member in case.members:
        ConsentFactory(client=member)
    plan = PlanFactory(clinic=counselor.clinic)
    StepFactory(plan=plan, instrument=_version().instrument, occurrences=1)
    enrollment = start_enrollment(case, plan, start_on=NOW.date(), by=counselor, now=NOW)
    follow_up = enrollment.follow_ups.get(client=case.members[0])
    return Work(
        counselor=counselor,
        case=case,
        client=case.members[0],
        session=SessionFactory(case=case),
        plan=plan,
        enrollment=enrollment,
        follow_up=follow_up,
        response=answer(follow_up),
        finding=FindingFactory(case=case, evidence=EVIDENCE),
    )


def answer(follow_up: FollowUp) -> Response:
    """Have the follow-up answered, without the patterns being looked at."""
    at = NOW + timedelta(hours=3)
    response = Response.objects.create(
        version=follow_up.version,
        status=ResponseStatus.SUBMITTED,
        language="en",
        other_role=follow_up.other_role,
        other_term="my partner",
        answers=ANSWERS,
        started_at=at,
        submitted_at=at,
    )
    Score.objects.create(
        response=response, scale="sum", value=50, answered=1, total=2, prorated=True, sem=None, scoring_version=1
    )
    follow_up.response, follow_up.status = response, FollowUpStatus.COMPLETED
    follow_up.sent_at = follow_up.completed_at = at
    follow_up.save()
    return response


def everybody(work: Work) -> dict[str, StaffMember]:
    """The people a clinic has, seen from this work: who does it, who supervises it, and who has no part in it."""
    clinic = work.counselor.clinic
    supervisor = StaffFactory(clinic=clinic, role=StaffRole.SUPERVISOR)
    StaffMember.objects.filter(pk=work.counselor.pk).update(supervisor=supervisor)
    return {
        "counselor": work.counselor,
        "supervisor": supervisor,
        "colleague": StaffFactory(clinic=clinic),
        "other_supervisor": StaffFactory(clinic=clinic, role=StaffRole.SUPERVISOR),
        "clinic_admin": StaffFactory(clinic=clinic, role=StaffRole.CLINIC_ADMIN),
        "stranger": StaffFactory(),
    }


def _version() -> InstrumentVersion:
    return InstrumentVersion.objects.of("small").first() or published(small())
