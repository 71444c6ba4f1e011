from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError

from counseling.actions.enrollments import start_enrollment
from counseling.actions.pausing import pause_enrollment
from counseling.actions.plans import StepDetails, create_plan, update_plan
from counseling.enums import Anchor, Cadence, StaffRole
from counseling.exceptions import InvalidInput, NotAllowed, StaleState
from counseling.models import AuditEvent, FollowUp, FollowUpPlan
from counseling.planning.rehearsal import do_as_shown, rehearse
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


def step(instrument, **facts):
    return StepDetails(instrument=instrument, **facts)


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


def test_steps_are_changed_in_place_added_moved_and_taken_out(plan, admin, instrument):
    kept = plan.steps.get()
    change(plan, admin, steps=[step(instrument, id=kept.pk, every=2), step(instrument)])
    assert plan.steps.get(position=1).pk == kept.pk
    assert list(plan.steps.values_list("position", "every")) == [(1, 2), (2, 1)]
    other = plan.steps.get(position=2)
    change(plan, admin, steps=[step(instrument, id=other.pk), step(instrument, id=kept.pk, every=3)])
    assert list(plan.steps.values_list("pk", "position", "every")) == [(other.pk, 1, 1), (kept.pk, 2, 3)]
    change(plan, admin, steps=[step(instrument, id=kept.pk, every=4)])
    assert list(plan.steps.values_list("pk", "every")) == [(kept.pk, 4)]


def test_cases_that_are_on_the_plan_come_along(plan, admin, instrument):
    one, other = enrolled(plan, instrument), enrolled(plan, instrument)
    pause_enrollment(other, by=other.started_by, now=NOW)
    kept = plan.steps.get()
    wish = {"steps": [step(instrument, id=kept.pk, every=2, occurrences=5)]}
    shown = rehearse(lambda: change(FollowUpPlan.objects.get(), admin, **wish))
    assert shown.counts == {"cancelled": 4, "moved": 16}
    do_as_shown(lambda: change(plan, admin, **wish), shown=shown.digest)
    dates = [NOW.date() + timedelta(days=14 * number) for number in range(5)]
    for enrollment, status in ((one, "planned"), (other, "paused")):
        asked = enrollment.follow_ups.filter(status=status, client=enrollment.case.members[0])
        assert list(asked.order_by("due_at").values_list("local_date", flat=True)) == dates
    event = AuditEvent.objects.get(action="plan.updated")
    assert event.data == {"is_active": True, "steps": 1, "cancelled": 4, "moved": 16}


def test_a_step_that_something_was_planned_from_is_taken_out_and_what_was_asked_stays(plan, admin, instrument):
    enrollment = enrolled(plan, instrument)
    old = plan.steps.get()
    asked = FollowUp.objects.filter(occurrence=1)
    asked.update(status="sent", sent_at=NOW, queued_at=NOW)
    change(plan, admin, steps=[step(instrument, every=2, occurrences=3)])
    old.refresh_from_db()
    assert old.removed_at == NOW
    assert list(plan.steps.current().values_list("position", "every")) == [(1, 2)]
    assert set(enrollment.follow_ups.filter(step=old).values_list("occurrence", "status")) == {
        (1, "sent"),
        *((number, "cancelled") for number in range(2, 7)),
    }
    with pytest.raises(StaleState):
        change(plan, admin, steps=[step(instrument, id=old.pk)])


def test_a_change_of_words_alone_moves_nothing(plan, admin, instrument):
    enrolled(plan, instrument)
    before = list(FollowUp.objects.order_by("pk").values())
    change(plan, admin, name="Every week", steps=[step(instrument, id=plan.steps.get().pk)])
    assert list(FollowUp.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"anchor": Anchor.BEFORE_SESSION, "cadence": Cadence.ONCE, "offset_days": 1},
        {"anchor": Anchor.AFTER_SESSION, "cadence": Cadence.WEEKLY},
        {"anchor": Anchor.AFTER_SESSION, "cadence": Cadence.ONCE, "offset_months": 1},
        {"offset_days": -1},
        {"offset_months": 37},
        {"every": 0},
        {"max_reminders": 1, "reminder_every_days": 0},
    ],
)
def test_a_step_that_makes_no_sense_is_refused_with_its_number(wrong, plan, admin, instrument):
    with pytest.raises(InvalidInput, match="steps: step 2 "):
        change(plan, admin, name="New", steps=[step(instrument, id=plan.steps.get().pk), step(instrument, **wrong)])
    assert FollowUpPlan.objects.get().name == "Weekly"


def test_repeating_a_change_gives_the_same_plan(plan, admin, instrument):
    for _ in range(2):
        change(plan, admin, name="Again", steps=[StepDetails(instrument=instrument, id=plan.steps.get().pk, every=2)])
    assert list(plan.steps.values_list("position", "every")) == [(1, 2)]


def test_what_fails_at_the_end_leaves_nothing_behind(admin, instrument, monkeypatch):
    def fail(*_args, **_kwargs):
        raise DatabaseError

    monkeypatch.setattr(AuditEvent.objects, "bulk_create", fail)
    with pytest.raises(DatabaseError):
        create_plan(name="Weekly", steps=[StepDetails(instrument=instrument)], by=admin, now=NOW)
    assert not FollowUpPlan.objects.exists()
