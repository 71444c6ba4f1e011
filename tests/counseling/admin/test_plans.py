from __future__ import annotations

from datetime import time

import pytest
from django.urls import reverse

from counseling.actions.enrollments import start_enrollment
from counseling.models import AuditEvent, FollowUp, FollowUpPlan
from tests.assessments.factories import draft_version, small
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import browser_of, couple
from tests.factories import NOW, PlanFactory, StepFactory

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/counseling/followupplan/", "/admin/counseling/followupplan/add/"
STEP = {
    "asks": "everyone",
    "anchor": "start",
    "cadence": "weekly",
    "every": "2",
    "occurrences": "12",
    "offset_months": "0",
    "offset_days": "0",
    "off_days": "as_is",
    "send_at": "18:30",
    "open_days": "7",
    "reminder_after_days": "3",
    "reminder_every_days": "3",
    "max_reminders": "1",
}


@pytest.fixture
def instrument(work):
    return work.plan.steps.get().instrument


@pytest.fixture
def admin(work):
    return browser_of(work.admin)


@pytest.fixture
def plan(work, instrument):
    """A plan that no case is on."""
    plan = PlanFactory(clinic=work.case.clinic, name="Monthly")
    StepFactory(plan=plan, instrument=instrument)
    return plan


def page_of(plan):
    return reverse("admin:counseling_followupplan_change", args=[plan.pk])


def posted(instrument, *steps, initial=0, **changes):
    formset = {"steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": initial}
    for number, step in enumerate(steps):
        filled = {"instrument": instrument.pk, **STEP, **step}
        formset |= {f"steps-{number}-{name}": value for name, value in filled.items()}
    return {"move": "save", "name": "Autumn", "description": "", "is_active": "on", **formset, **changes}


def steps_of(plan):
    return list(plan.steps.values_list("position", "every", "occurrences", "send_at"))


def test_a_plan_is_added_with_its_steps(work, admin, instrument):
    answer = admin.post(ADD, posted(instrument, {}, {"every": "1", "occurrences": "3"}))
    plan = FollowUpPlan.objects.get(name="Autumn")
    assert (answer.url, plan.clinic, plan.is_active) == (page_of(plan), work.case.clinic, True)
    assert steps_of(plan) == [(1, 2, 12, time(18, 30)), (2, 1, 3, time(18, 30))]
    event = AuditEvent.objects.latest("sequence")
    assert (event.action, event.actor, event.data) == ("plan.created", work.admin, {"steps": 2})


def test_the_empty_step_at_the_end_may_stay_empty(admin, instrument):
    untouched = {"instrument": "", "every": "1", "occurrences": "6", "send_at": "09:00"}
    admin.post(ADD, posted(instrument, {}, untouched))
    assert FollowUpPlan.objects.get(name="Autumn").steps.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("instrument", ""),
        ("every", "0"),
        ("occurrences", "400"),
        ("open_days", "0"),
        ("max_reminders", "4"),
        ("send_at", "25:00"),
        ("cadence", "hourly"),
    ],
)
def test_a_step_that_cannot_be_is_said_beside_the_field(field, value, admin, instrument):
    answer = admin.post(ADD, posted(instrument, {field: value}))
    assert [list(step.errors) for step in answer.context["steps"]] == [[field]]
    assert not FollowUpPlan.objects.filter(name="Autumn").exists()


def test_a_plan_asks_at_least_one_questionnaire(admin, instrument):
    answer = admin.post(ADD, posted(instrument))
    assert (answer.status_code, "asks at least one questionnaire" in answer.text) == (400, True)
    assert not FollowUpPlan.objects.filter(name="Autumn").exists()


def test_only_what_is_published_can_be_asked(admin, instrument):
    draft = draft_version(small()).instrument
    answer = admin.post(ADD, posted(instrument, {"instrument": draft.pk}))
    assert list(answer.context["steps"][0].errors) == ["instrument"]


def test_a_name_stands_for_one_plan_in_a_clinic(admin, instrument, plan):
    answer = admin.post(ADD, posted(instrument, {}, name=plan.name))
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["name"])


def test_a_plan_s_steps_are_changed_added_and_taken_out(admin, instrument, plan):
    page = admin.get(page_of(plan))
    assert [step.initial.get("every") for step in page.context["steps"]] == [1, None]
    first = {"id": plan.steps.get().pk}
    admin.post(page_of(plan), posted(instrument, {**first, "every": "4"}, {"occurrences": "2"}, initial=1))
    assert steps_of(plan) == [(1, 4, 12, time(18, 30)), (2, 2, 2, time(18, 30))]
    second = {"id": plan.steps.get(position=2).pk, "occurrences": "2"}
    admin.post(page_of(plan), posted(instrument, {**first, "DELETE": "on"}, second, initial=2))
    assert steps_of(plan) == [(1, 2, 2, time(18, 30))]


def test_a_change_that_cannot_be_made_keeps_what_was_typed(admin, instrument, plan):
    answer = admin.post(page_of(plan), posted(instrument, {"every": "0"}, initial=1, name="Yearly"))
    assert answer.context["form"]["name"].value() == "Yearly"
    assert list(answer.context["steps"][0].errors) == ["every"]
    assert FollowUpPlan.objects.get(pk=plan.pk).name == "Monthly"


def test_what_changes_for_cases_on_the_plan_is_shown_first_case_by_case(work, admin, instrument):
    start_enrollment(couple(work.counselor, "Iris", "Finn"), work.plan, start_on=NOW.date(), by=work.counselor, now=NOW)
    step = {"id": work.plan.steps.get().pk, "send_at": "09:00", "every": "1"}
    posted_step = posted(instrument, {**step, "occurrences": "3"}, initial=1, name=work.plan.name)
    page = admin.post(page_of(work.plan), posted_step)
    assert (page.status_code, page.context["summary"]) == (200, "8 invitations are new.")
    assert [(group.title, group.summary) for group in page.context["groups"]] == [
        ("A case of Nora Counselor", "4 invitations are new.")
    ] * 2
    assert not [name for name in ("Anouk", "Iris", "Zwart") if name in page.text]
    assert work.plan.steps.get().occurrences == 1
    admin.post(page_of(work.plan), {**dict(page.context["posted"]), "shown": page.context["shown"]})
    assert work.plan.steps.get().occurrences == 3
    assert FollowUp.objects.filter(status="planned", step__plan=work.plan).count() == 10


def test_a_change_of_words_is_saved_at_once_though_cases_are_on_the_plan(work, admin, instrument):
    step = {"id": work.plan.steps.get().pk, "send_at": "09:00", "every": "1", "occurrences": "1"}
    answer = admin.post(page_of(work.plan), posted(instrument, step, initial=1, name="Renamed"))
    assert answer.url == page_of(work.plan)
    assert FollowUpPlan.objects.get(pk=work.plan.pk).name == "Renamed"


def test_a_step_around_sessions_happens_once_each_and_days_before_count_back(admin, instrument):
    around = {"anchor": "before_session", "offset_days": "2", "cadence": "weekly", "occurrences": "9"}
    admin.post(ADD, posted(instrument, around))
    step = FollowUpPlan.objects.get(name="Autumn").steps.get()
    assert (step.anchor, step.cadence, step.occurrences, step.offset_days) == ("before_session", "once", 1, -2)
    page = admin.get(page_of(step.plan))
    assert page.context["steps"][0].initial["offset_days"] == 2
    assert "2 days before each session, at 6:30 p.m." in page.text
    answer = admin.post(ADD, posted(instrument, {**around, "offset_days": "91"}, name="Too far"))
    assert list(answer.context["steps"][0].errors) == ["offset_days"]


def test_the_number_of_queries_is_the_same_with_1_and_3_rows(work, admin, plan, instrument):
    before = queries_of(admin, LIST)
    for _ in range(2):
        StepFactory(plan=PlanFactory(clinic=work.case.clinic), instrument=instrument)
    assert queries_of(admin, LIST) == before
