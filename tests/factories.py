"""Makes the rows tests start from. Everything a test asserts on, it sets itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import factory
from django.contrib.auth import get_user_model

from counseling.encryption import blind_index
from counseling.enums import ConsentPurpose, Pattern, StaffRole, Strength
from counseling.models import (
    Case,
    Client,
    Clinic,
    Consent,
    Finding,
    FollowUpPlan,
    PlanStep,
    Relationship,
    Session,
    StaffMember,
    ThresholdSet,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"user{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@clinic.example")
    is_staff = True


class ClinicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Clinic

    name = factory.Sequence(lambda n: f"Clinic {n}")
    time_zone = "America/New_York"
    sender_name = "Harbor office"
    crisis_text = "Call 555-0100, day and night."
    created_at = NOW


class StaffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StaffMember

    user = factory.SubFactory(UserFactory)
    clinic = factory.SubFactory(ClinicFactory)
    role = StaffRole.COUNSELOR
    display_name = factory.Sequence(lambda n: f"Counselor {n}")
    created_at = NOW


class ClientFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Client

    clinic = factory.SelfAttribute("registered_by.clinic")
    given_name = factory.Sequence(lambda n: f"Given{n}")
    family_name = factory.Sequence(lambda n: f"Family{n}")
    email = factory.Sequence(lambda n: f"client{n}@mail.example")
    email_index = factory.LazyAttribute(lambda client: blind_index(client.email) if client.email else "")
    time_zone = "America/New_York"
    registered_by = factory.SubFactory(StaffFactory)
    created_at = NOW


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent

    client = factory.SubFactory(ClientFactory)
    purpose = ConsentPurpose.FOLLOW_UP_EMAIL
    granted_at = NOW


class RelationshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Relationship

    first = factory.SubFactory(ClientFactory)
    second = factory.SubFactory(
        ClientFactory,
        clinic=factory.SelfAttribute("..first.clinic"),
        registered_by=factory.SelfAttribute("..first.registered_by"),
    )
    clinic = factory.SelfAttribute("first.clinic")
    created_at = NOW


class CaseFactory(factory.django.DjangoModelFactory):
    """A couple's case; pass ``relationship=None, client=…`` for one about a single client."""

    class Meta:
        model = Case

    lead = factory.SubFactory(StaffFactory)
    clinic = factory.SelfAttribute("lead.clinic")
    relationship = factory.SubFactory(
        RelationshipFactory,
        first__registered_by=factory.SelfAttribute("...lead"),
    )
    opened_at = NOW


class SessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Session

    case = factory.SubFactory(CaseFactory)
    counselor = factory.SelfAttribute("case.lead")
    starts_at = NOW + timedelta(days=7)


class PlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FollowUpPlan

    clinic = factory.SubFactory(ClinicFactory)
    name = factory.Sequence(lambda n: f"Plan {n}")
    created_at = NOW


class StepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlanStep

    plan = factory.SubFactory(PlanFactory)


class ThresholdSetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ThresholdSet

    clinic = factory.SubFactory(ClinicFactory)
    number = 1
    values = factory.LazyFunction(dict)
    created_at = NOW


class FindingFactory(factory.django.DjangoModelFactory):
    """An open one-sided signal about the first member of a couple's case."""

    class Meta:
        model = Finding

    case = factory.SubFactory(CaseFactory)
    clinic = factory.SelfAttribute("case.clinic")
    subject = factory.LazyAttribute(lambda finding: finding.case.members[0])
    pattern = Pattern.ONE_SIDED
    strength = Strength.SIGNAL
    probability = 0.85
    evidence = factory.LazyFunction(dict)
    thresholds = factory.LazyAttribute(
        lambda finding: finding.clinic.threshold_sets.first() or ThresholdSetFactory(clinic=finding.clinic)
    )
    raised_at = NOW
    evaluated_at = NOW
