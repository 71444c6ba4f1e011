"""Many clients with a follow-up that is due, written in a handful of statements."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from uuid_utils.compat import uuid7

from assessments.models import InstrumentVersion
from counseling.encryption import blind_index
from counseling.enums import ConsentPurpose
from counseling.links import new_link
from counseling.models import Case, Client, Consent, Enrollment, FollowUp, PlanStep, StaffMember
from tests.assessments.factories import published, small
from tests.factories import ClinicFactory, PlanFactory, StaffFactory, StepFactory


def due_follow_ups(count: int, *, now: datetime, recipient: str = "client{}@mail.example") -> list[FollowUp]:
    """One due follow-up each for ``count`` new clients of a clinic that writes by day and night."""
    step, lead = _plan(now)
    clients = Client.objects.bulk_create(_client(lead, recipient.format(number), now) for number in range(count))
    Consent.objects.bulk_create(
        Consent(client=client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, granted_at=now) for client in clients
    )
    cases = Case.objects.bulk_create(
        Case(clinic=lead.clinic, client=client, lead=lead, opened_at=now) for client in clients
    )
    enrollments = Enrollment.objects.bulk_create(
        Enrollment(case=case, plan=step.plan, start_on=now.date(), started_at=now, started_by=lead) for case in cases
    )
    return FollowUp.objects.bulk_create(_follow_up(enrollment, step, now) for enrollment in enrollments)


def _plan(now: datetime) -> tuple[PlanStep, StaffMember]:
    clinic = ClinicFactory(quiet_from=time(0), quiet_until=time(0), time_zone="UTC", created_at=now)
    version = InstrumentVersion.objects.published().filter(instrument__slug="small").first() or published(small())
    step = StepFactory(plan=PlanFactory(clinic=clinic, created_at=now), instrument=version.instrument)
    return step, StaffFactory(clinic=clinic, created_at=now)


def _client(lead: StaffMember, email: str, now: datetime) -> Client:
    return Client(
        clinic=lead.clinic,
        given_name="Canaria",
        email=email,
        email_index=blind_index(email),
        time_zone="UTC",
        registered_by=lead,
        created_at=now,
    )


def _follow_up(enrollment: Enrollment, step: PlanStep, now: datetime) -> FollowUp:
    pk = uuid7()
    return FollowUp(
        id=pk,
        clinic_id=enrollment.case.clinic_id,
        case=enrollment.case,
        client=enrollment.case.client,
        enrollment=enrollment,
        step=step,
        version=step.instrument.versions.get(),
        occurrence=1,
        local_date=now.date(),
        local_time=time(9),
        time_zone="UTC",
        due_at=now - timedelta(minutes=1),
        expires_at=now + timedelta(days=7),
        **new_link(pk),
    )
