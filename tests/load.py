"""Many clients with a follow-up that is due, written in a handful of statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.db import transaction
from uuid_utils.compat import uuid7

from assessments.models import InstrumentVersion
from counseling.encryption import blind_index
from counseling.enums import ConsentPurpose, Reason, StaffRole
from counseling.links import new_link
from counseling.models import (
    Case,
    Client,
    Consent,
    Enrollment,
    FollowUp,
    FollowUpPlan,
    PlanStep,
    StaffMember,
)
from counseling.planning.replanning import replan
from tests.assessments.factories import published, small
from tests.factories import ClinicFactory, PlanFactory, StaffFactory, StepFactory


def due_follow_ups(
    count: int,
    *,
    now: datetime,
    recipient: str = "client{}@mail.example",
    zone: str = "UTC",
    due_at: Callable[[int], datetime] | None = None,
    expires_at: datetime | None = None,
    **clinic: object,
) -> list[FollowUp]:
    """One due follow-up each for ``count`` new clients of a clinic that writes by day and night.

    ``due_at`` tells the instant by the client's number, and ``clinic`` what else is different about theirs.
    """
    due_at = due_at or (lambda _: now - timedelta(minutes=1))
    step, lead = _plan(now, **clinic)
    people = (_client(lead, recipient.format(number), zone, now) for number in range(count))
    clients = Client.objects.bulk_create(people)
    Consent.objects.bulk_create(
        Consent(client=client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, granted_at=now) for client in clients
    )
    cases = Case.objects.bulk_create(
        Case(clinic=lead.clinic, client=client, lead=lead, opened_at=now) for client in clients
    )
    enrollments = Enrollment.objects.bulk_create(
        Enrollment(case=case, plan=step.plan, start_on=now.date(), started_at=now, started_by=lead) for case in cases
    )
    asked = {"step": step, "version": step.instrument.versions.get(), "occurrence": 1}
    return FollowUp.objects.bulk_create(
        _follow_up(enrollment, due_at(number), expires_at or now + timedelta(days=7), **asked)
        for number, enrollment in enumerate(enrollments)
    )


def _plan(now: datetime, **clinic: object) -> tuple[PlanStep, StaffMember]:
    by_day_and_night = {"quiet_from": time(0), "quiet_until": time(0), "time_zone": "UTC", "created_at": now}
    clinic = ClinicFactory(**{**by_day_and_night, **clinic})
    version = InstrumentVersion.objects.published().filter(instrument__slug="small").first() or published(small())
    step = StepFactory(plan=PlanFactory(clinic=clinic, created_at=now), instrument=version.instrument)
    return step, StaffFactory(clinic=clinic, created_at=now)


def _client(lead: StaffMember, email: str, zone: str, now: datetime) -> Client:
    return Client(
        clinic=lead.clinic,
        given_name="Canaria",
        email=email,
        email_index=blind_index(email),
        time_zone=zone,
        registered_by=lead,
        created_at=now,
    )


def _follow_up(enrollment: Enrollment, due_at: datetime, expires_at: datetime, **asked: object) -> FollowUp:
    pk, client = uuid7(), enrollment.case.client
    return FollowUp(
        id=pk,
        clinic_id=enrollment.case.clinic_id,
        case=enrollment.case,
        client=client,
        enrollment=enrollment,
        local_date=due_at.date(),
        local_time=time(9),
        time_zone=client.time_zone,
        due_at=due_at,
        expires_at=expires_at,
        **asked,
        **new_link(pk),
    )


ZONES = ("America/New_York", "Europe/Madrid", "Asia/Kolkata", "Australia/Lord_Howe")


def clinic_plan(now: datetime) -> tuple[FollowUpPlan, StaffMember, StaffMember]:
    """A clinic's plan that asks once, a counselor and an admin."""
    clinic = ClinicFactory(created_at=now, time_zone="UTC")
    plan = PlanFactory(clinic=clinic, created_at=now)
    StepFactory(plan=plan, instrument=published(small()).instrument, occurrences=1)
    admin = StaffFactory(clinic=clinic, role=StaffRole.CLINIC_ADMIN, created_at=now)
    return plan, StaffFactory(clinic=clinic, created_at=now), admin


def agreeing_cases(count: int, lead: StaffMember, now: datetime) -> list[Case]:
    """Single clients in four time zones who agreed to be asked, each with a case."""
    clients = Client.objects.bulk_create(
        Client(
            clinic=lead.clinic,
            given_name=f"Client {number}",
            email=f"client{number}@mail.example",
            email_index=f"{number:064d}",
            time_zone=ZONES[number % len(ZONES)],
            registered_by=lead,
            created_at=now,
        )
        for number in range(count)
    )
    Consent.objects.bulk_create(
        Consent(client=client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, granted_at=now) for client in clients
    )
    return Case.objects.bulk_create(
        Case(clinic=lead.clinic, client=client, lead=lead, opened_at=now) for client in clients
    )


def put_on_plan(cases: list[Case], plan: FollowUpPlan, lead: StaffMember, now: datetime) -> None:
    """Put the cases on the plan with its first step alone."""
    start_on = now.date() + timedelta(days=1)
    Enrollment.objects.bulk_create(
        Enrollment(case=case, plan=plan, start_on=start_on, started_at=now, started_by=lead) for case in cases
    )
    with transaction.atomic():
        replan(Enrollment.objects.all(), reason=Reason.PLAN_CHANGED, now=now)
