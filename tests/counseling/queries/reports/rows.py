"""Rows to count, with the states they can only be in together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from assessments.enums import ResponseStatus
from assessments.models import InstrumentVersion, Response
from counseling.enums import Decision, FindingEventKind, FindingStatus, FollowUpStatus
from counseling.models import Case, Client, Enrollment, Finding, FindingEvent, FollowUp, Review
from tests.assessments.factories import published, small
from tests.factories import StepFactory

ENDED = (FollowUpStatus.EXPIRED, FollowUpStatus.CANCELLED)


def enrolled(case: Case) -> Enrollment:
    version = InstrumentVersion.objects.first() or published(small())
    step = StepFactory(plan__clinic=case.clinic, instrument=version.instrument)
    return Enrollment.objects.create(
        case=case, plan=step.plan, start_on="2026-01-01", started_at=case.opened_at, started_by=case.lead
    )


def follow_up(
    enrollment: Enrollment, client: Client, due_at: datetime, status: FollowUpStatus, *, sent: bool = True
) -> FollowUp:
    """One due at that instant and in that state; ``sent`` unless it was only ever planned."""
    version = InstrumentVersion.objects.get()
    facts: dict[str, Any] = {"sent_at": due_at} if sent else {}
    if status in ENDED:
        facts["ended_at"] = due_at + timedelta(days=7)
    if status == FollowUpStatus.COMPLETED:
        facts["completed_at"] = due_at + timedelta(days=40)
        facts["response"] = Response.objects.create(
            version=version,
            status=ResponseStatus.SUBMITTED,
            language="en",
            other_role="partner",
            other_term="my partner",
            started_at=due_at,
            submitted_at=due_at,
        )
    return FollowUp.objects.create(
        clinic_id=enrollment.case.clinic_id,
        case=enrollment.case,
        client=client,
        enrollment=enrollment,
        step=enrollment.plan.steps.get(),
        occurrence=enrollment.follow_ups.count() + 1,
        version=version,
        local_date=due_at.date(),
        local_time=due_at.time(),
        time_zone="America/New_York",
        due_at=due_at,
        expires_at=due_at + timedelta(days=7),
        status=status,
        token_digest=uuid4().hex,
        **facts,
    )


def raised(finding: Finding, at: datetime, kind: FindingEventKind = FindingEventKind.RAISED) -> FindingEvent:
    return FindingEvent.objects.create(
        finding=finding, kind=kind, at=at, strength=finding.strength, thresholds=finding.thresholds, evidence={}
    )


def decided(finding: Finding, at: datetime, decision: Decision = Decision.CONFIRM) -> Review:
    return Review.objects.create(
        finding=finding,
        decision=decision,
        from_status=FindingStatus.OPEN,
        to_status=FindingStatus.CONFIRMED,
        reason="because",
        watch_until="2026-12-01" if decision == Decision.WATCH else None,
        evidence={},
        by=finding.case.lead,
        at=at,
    )
