"""The row scope: who reaches which rows. Every screen, the API and the exports build on these querysets."""

from __future__ import annotations

import pytest

from counseling.enums import StaffRole
from counseling.models import (
    AuditEvent,
    Case,
    Client,
    Consent,
    Enrollment,
    Finding,
    FollowUp,
    FollowUpPlan,
    Relationship,
    Review,
    Session,
    StaffMember,
    ThresholdSet,
)
from tests.factories import (
    CaseFactory,
    ClientFactory,
    ConsentFactory,
    PlanFactory,
    RelationshipFactory,
    SessionFactory,
    StaffFactory,
    ThresholdSetFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    case = CaseFactory()
    SessionFactory(case=case)
    ConsentFactory(client=case.relationship.first)
    return case


def colleague(case, **changes):
    return StaffFactory(clinic=case.clinic, **changes)


def reach(staff):
    """How many rows of the one case this person reaches, by model."""
    return {
        model.__name__: model.objects.visible_to(staff).count()
        for model in (Case, Client, Relationship, Session, Consent)
    }


EVERYTHING = {"Case": 1, "Client": 2, "Relationship": 1, "Session": 1, "Consent": 1}
NOTHING = dict.fromkeys(EVERYTHING, 0)


def test_the_lead_reaches_everything_of_the_case(case):
    assert reach(case.lead) == EVERYTHING


def test_a_co_counselor_reaches_everything_of_the_case(case):
    helper = colleague(case)
    case.co_counselors.add(helper)
    assert reach(helper) == EVERYTHING


def test_a_supervisor_reaches_their_teams_cases_and_no_others(case):
    supervisor = colleague(case, role=StaffRole.SUPERVISOR)
    assert reach(supervisor) == NOTHING
    StaffMember.objects.filter(pk=case.lead.pk).update(supervisor=supervisor)
    assert reach(supervisor) == EVERYTHING


def test_a_supervisor_reaches_a_case_their_team_helps_with(case):
    supervisor = colleague(case, role=StaffRole.SUPERVISOR)
    case.co_counselors.add(colleague(case, supervisor=supervisor))
    assert reach(supervisor) == EVERYTHING


def test_having_a_supervisor_gives_a_counselor_nothing(case):
    other = colleague(case, supervisor=case.lead)
    assert reach(other) == NOTHING
    assert reach(case.lead) == EVERYTHING


@pytest.mark.parametrize("role", StaffRole.values)
def test_nobody_else_of_the_clinic_reaches_anything(case, role):
    assert reach(colleague(case, role=role)) == NOTHING


@pytest.mark.parametrize("role", StaffRole.values)
def test_nobody_of_another_clinic_reaches_anything(case, role):
    assert reach(StaffFactory(role=role)) == NOTHING


def test_who_left_reaches_nothing(case):
    case.lead.is_active = False
    assert reach(case.lead) == NOTHING


def test_a_client_without_a_case_waits_with_who_registered_them():
    client = ClientFactory()
    assert Client.objects.visible_to(client.registered_by).get() == client
    assert not Client.objects.visible_to(StaffFactory(clinic=client.clinic)).exists()


def test_once_a_case_is_led_by_somebody_else_the_registrar_no_longer_reaches_the_client():
    client = ClientFactory()
    lead = StaffFactory(clinic=client.clinic)
    CaseFactory(lead=lead, client=client, relationship=None)
    assert not Client.objects.visible_to(client.registered_by).exists()
    assert Client.objects.visible_to(lead).get() == client


def test_a_relationship_without_a_case_waits_with_who_registered_both():
    relationship = RelationshipFactory()
    assert Relationship.objects.visible_to(relationship.first.registered_by).get() == relationship
    other = RelationshipFactory(second=ClientFactory(clinic=relationship.clinic), first=relationship.first)
    assert other not in Relationship.objects.visible_to(relationship.first.registered_by)


def test_plans_and_thresholds_belong_to_the_whole_clinic():
    plan = PlanFactory()
    ThresholdSetFactory(clinic=plan.clinic)
    insider, outsider = StaffFactory(clinic=plan.clinic), StaffFactory()
    assert [FollowUpPlan.objects.visible_to(s).count() for s in (insider, outsider)] == [1, 0]
    assert [ThresholdSet.objects.visible_to(s).count() for s in (insider, outsider)] == [1, 0]


@pytest.mark.parametrize("model", [Enrollment, FollowUp, Finding, Review])
def test_what_hangs_on_a_case_is_scoped_by_the_case(model, case):
    query = str(model.objects.visible_to(case.lead).query)
    assert "counseling_case" in query


@pytest.mark.parametrize("role", StaffRole.values)
def test_the_audit_trail_is_read_by_clinic_admins(role, case):
    staff = colleague(case, role=role)
    expected = role == StaffRole.CLINIC_ADMIN
    assert AuditEvent.objects.visible_to(staff).query.is_empty() is not expected
