"""Two changes of the same facts at the same moment, on a real server's locks: the later one finds the earlier one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from counseling.actions.cases import close_case
from counseling.actions.clients import update_client
from counseling.actions.enrollments import start_enrollment
from counseling.actions.pausing import pause_enrollment
from counseling.actions.plans import StepDetails, update_plan
from counseling.actions.sessions import schedule_session
from counseling.enums import Anchor, Cadence, StaffRole
from counseling.exceptions import StaleState
from counseling.models import Case, Client, Enrollment, FollowUp, FollowUpPlan
from counseling.outbox.claiming import claim_due
from counseling.outbox.handoff import hand_over
from counseling.outbox.queueing import queue_invitations
from tests.counseling.outbox.mailing import MORNING, single_case
from tests.counseling.planning.cases import START, on_plan, plan_of
from tests.factories import NOW, CaseFactory, ConsentFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8
AFTER = {"anchor": Anchor.AFTER_SESSION, "cadence": Cadence.ONCE}


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Do all at the same moment, each on a connection of its own; what they return, or the refusal they raise."""
    barrier = Barrier(len(calls))

    def take_part(call: Callable[[], Any]) -> Any:
        barrier.wait(30)
        try:
            return call()
        except StaleState as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(take_part, calls))


def agreeing() -> Case:
    case = CaseFactory()
    for member in case.members:
        ConsentFactory(client=member)
    return case


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_session_planned_while_a_plan_starts_is_asked_about(_round):
    case = agreeing()
    plan = plan_of(case, AFTER)
    by = case.lead
    at_once(
        lambda: start_enrollment(Case.objects.get(pk=case.pk), plan, start_on=START, by=by, now=NOW),
        lambda: schedule_session(Case.objects.get(pk=case.pk), starts_at=NOW + timedelta(days=4), by=by, now=NOW),
    )
    assert FollowUp.objects.filter(case=case, status="planned", session__isnull=False).count() == 2


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_zone_or_a_plan_changed_while_a_plan_starts_counts(_round):
    case = agreeing()
    plan, mover = plan_of(case, {}), case.members[0]
    admin = StaffFactory(clinic=case.clinic, role=StaffRole.CLINIC_ADMIN)
    step = plan.steps.get()
    steps = [StepDetails(instrument=step.instrument, id=step.pk, occurrences=4)]
    words = {"name": "New", "description": "", "is_active": True}
    at_once(
        lambda: start_enrollment(Case.objects.get(pk=case.pk), plan, start_on=START, by=case.lead, now=NOW),
        lambda: update_client(Client.objects.get(pk=mover.pk), by=case.lead, now=NOW, time_zone="Europe/Madrid"),
        lambda: update_plan(FollowUpPlan.objects.get(pk=plan.pk), steps=steps, by=admin, now=NOW, **words),
    )
    planned = FollowUp.objects.filter(case=case, status="planned")
    assert planned.filter(client=mover, time_zone="Europe/Madrid").count() == 4
    assert planned.count() == 8


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_sessions_at_once_get_numbers_of_their_own(_round):
    case = on_plan(AFTER).case

    def plan_session(days: int) -> Any:
        return schedule_session(case, starts_at=NOW + timedelta(days=days), by=case.lead, now=NOW)

    at_once(*(lambda days=days: plan_session(days) for days in (3, 5, 7)))
    numbers = set(FollowUp.objects.filter(case=case).values_list("session", "occurrence"))
    assert sorted(number for _, number in numbers) == [1, 2, 3]


@pytest.mark.parametrize("change", ["close", "pause"])
@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_email_leaves_before_the_case_is_closed_or_paused_or_not_at_all(change, _round):
    enrollment = on_plan({"occurrences": 1}, case=single_case())
    case = enrollment.case
    queue_invitations(now=MORNING)
    (delivery,) = claim_due("worker", now=MORNING, limit=5)

    def end() -> Any:
        if change == "close":
            return close_case(Case.objects.get(pk=case.pk), by=case.lead, now=MORNING)
        return pause_enrollment(Enrollment.objects.get(pk=enrollment.pk), by=case.lead, now=MORNING)

    objections, _ = at_once(lambda: hand_over([delivery], now=MORNING), end)
    delivery.refresh_from_db()
    follow_up = FollowUp.objects.get(pk=delivery.follow_up_id)
    if objections == {}:
        assert delivery.state == "handoff"
        assert follow_up.status == ("planned" if change == "pause" else "cancelled")
    else:
        assert delivery.state == "cancelled"
        assert follow_up.status == ("paused" if change == "pause" else "cancelled")
