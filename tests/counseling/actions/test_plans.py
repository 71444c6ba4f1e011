from __future__ import annotations

import pytest
from django.db import DatabaseError

from counseling.actions.enrollments import end_enrollment, start_enrollment
from counseling.actions.plans import StepDetails, create_plan, update_plan
from counseling.enums import Cadence, StaffRole
from counseling.exceptions import InvalidInput, NotAllowed
from counseling.models import AuditEvent, FollowUpPlan
from tests.assessments.factories import published, small
from tests.factories import NOW, CaseFactory, ConsentFactory, PlanFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def instrument():
    return published(small()).instrument


@pytest.fixture
def admin():
    return StaffFactory(role=StaffRole.CLINIC_ADMIN)


@pytest.fixture
def plan(admin, instrument):
    return create_plan(name="Weekly", steps=[StepDetails(instrument=instrument)], by=admin, now=NOW)


def change(plan, by, **changes):
    facts = {"name": plan.name, "description": "", "is_active": True, **changes}
    return update_plan(plan, by=by, now=NOW, **facts)


def enrolled(plan, instrument):
    case = CaseFactory(lead=StaffFactory(clinic=plan.clinic))
    for member in case.members:
        ConsentFactory(client=member)
    return start_enrollment(case, plan, start_on=NOW.date(), by=case.lead, now=NOW)


def test_a_plan_is_created_with_its_steps_in_order(admin, instrument):
    steps = [StepDetails(instrument=instrument, cadence=cadence) for cadence in (Cadence.DAILY, Cadence.MONTHLY)]
    plan = create_plan(name="Both", steps=steps, by=admin, now=NOW, description="Two rhythms")
    assert (plan.clinic, plan.description, plan.created_at) == (admin.clinic, "Two rhythms", NOW)
    assert list(plan.steps.values_list("position", "cadence")) == [(1, "daily"), (2, "monthly")]
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.data) == ("plan.created", admin, {"steps": 2})


@pytest.mark.parametrize("role", [StaffRole.COUNSELOR])
def test_a_counselor_changes_no_plan(role, plan, instrument):
    counselor = StaffFactory(clinic=plan.clinic, role=role)
    with pytest.raises(NotAllowed):
        create_plan(name="Mine", steps=[StepDetails(instrument=instrument)], by=counselor, now=NOW)
    with pytest.raises(NotAllowed):
        change(plan, counselor, name="Mine")
    assert list(FollowUpPlan.objects.values_list("name", flat=True)) == ["Weekly"]


def test_a_plan_has_a_step_and_a_name_of_its_own(plan, admin, instrument):
    with pytest.raises(InvalidInput, match=r"^steps: "):
        create_plan(name="Empty", steps=[], by=admin, now=NOW)
    with pytest.raises(InvalidInput, match=r"^name: "):
        create_plan(name=plan.name, steps=[StepDetails(instrument=instrument)], by=admin, now=NOW)
    other = PlanFactory(clinic=admin.clinic)
    with pytest.raises(InvalidInput, match=r"^name: "):
        change(other, admin, name=plan.name)
    assert set(FollowUpPlan.objects.values_list("name", flat=True)) == {plan.name, other.name}
    assert AuditEvent.objects.count() == 1


def test_a_plan_is_renamed_and_withdrawn_from_offer_while_cases_are_on_it(plan, admin, instrument):
    enrolled(plan, instrument)
    change(plan, admin, name="Every week", is_active=False)
    plan.refresh_from_db()
    assert (plan.name, plan.is_active, plan.steps.count()) == ("Every week", False, 1)


def test_steps_are_changed_in_place_added_and_taken_out(plan, admin, instrument):
    kept = plan.steps.get()
    change(plan, admin, steps=[StepDetails(instrument=instrument, every=2), StepDetails(instrument=instrument)])
    assert plan.steps.get(position=1).pk == kept.pk
    assert list(plan.steps.values_list("position", "every")) == [(1, 2), (2, 1)]
    change(plan, admin, steps=[StepDetails(instrument=instrument, every=3)])
    assert list(plan.steps.values_list("pk", "every")) == [(kept.pk, 3)]


def test_steps_of_a_plan_in_use_stay_and_nothing_else_is_changed_either(plan, admin, instrument):
    enrolled(plan, instrument)
    with pytest.raises(InvalidInput, match=r"^steps: a case is on this plan"):
        change(plan, admin, name="New", steps=[StepDetails(instrument=instrument, every=2)])
    stored = FollowUpPlan.objects.get(pk=plan.pk)
    assert (stored.name, stored.steps.get().every) == ("Weekly", 1)


def test_a_step_that_something_was_asked_from_can_be_changed_afterwards_and_not_taken_out(plan, admin, instrument):
    change(plan, admin, steps=[StepDetails(instrument=instrument), StepDetails(instrument=instrument, every=2)])
    enrollment = enrolled(plan, instrument)
    end_enrollment(enrollment, by=enrollment.started_by, now=NOW)
    with pytest.raises(InvalidInput, match=r"^steps: something was asked"):
        change(plan, admin, steps=[StepDetails(instrument=instrument)])
    assert plan.steps.count() == 2
    change(plan, admin, steps=[StepDetails(instrument=instrument, every=4), StepDetails(instrument=instrument)])
    assert list(plan.steps.values_list("every", flat=True)) == [4, 1]


def test_repeating_a_change_gives_the_same_plan(plan, admin, instrument):
    for _ in range(2):
        change(plan, admin, name="Again", steps=[StepDetails(instrument=instrument, every=2)])
    assert list(plan.steps.values_list("position", "every")) == [(1, 2)]


def test_what_fails_at_the_end_leaves_nothing_behind(admin, instrument, monkeypatch):
    def fail(*_args, **_kwargs):
        raise DatabaseError

    monkeypatch.setattr(AuditEvent.objects, "bulk_create", fail)
    with pytest.raises(DatabaseError):
        create_plan(name="Weekly", steps=[StepDetails(instrument=instrument)], by=admin, now=NOW)
    assert not FollowUpPlan.objects.exists()
