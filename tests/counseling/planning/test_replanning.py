from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.actions.versions import retire_version
from counseling.actions.clients import update_client
from counseling.actions.follow_ups import skip_follow_up
from counseling.enums import Anchor, Asks, Cadence, OffDays, Reason
from counseling.models import Client, Delivery, Enrollment, FollowUp, PlanStep
from counseling.outbox.claiming import claim_due
from counseling.outbox.queueing import queue_invitations
from counseling.planning.replanning import replan
from tests.assessments.factories import published, small
from tests.counseling.outbox.mailing import MORNING, counted_queries, ledger, passes
from tests.counseling.planning.cases import START, dates_of, on_plan, snapshot
from tests.factories import NOW, SessionFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def again(enrollment, *, now=NOW, reason=Reason.PLAN_CHANGED):
    return replan(Enrollment.objects.filter(pk=enrollment.pk), reason=reason, now=now)


def change_step(enrollment, **values):
    PlanStep.objects.filter(plan=enrollment.plan).update(**values)


steps = st.fixed_dictionaries(
    {
        "anchor": st.sampled_from([Anchor.START, Anchor.CASE_OPENED, Anchor.DISCHARGE]),
        "cadence": st.sampled_from(Cadence),
        "every": st.integers(1, 4),
        "occurrences": st.integers(1, 5),
        "offset_days": st.integers(0, 20),
        "offset_months": st.integers(0, 3),
        "off_days": st.sampled_from(OffDays),
        "asks": st.just(Asks.EVERYONE),
        "send_at": st.times(),
        "open_days": st.integers(1, 20),
    }
)
after_sessions = st.fixed_dictionaries(
    {
        "anchor": st.sampled_from([Anchor.AFTER_SESSION]),
        "cadence": st.just(Cadence.ONCE),
        "offset_days": st.integers(0, 9),
        "off_days": st.sampled_from(OffDays),
    }
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(steps | after_sessions, min_size=1, max_size=3), wait=st.integers(0, 40))
def test_with_the_same_facts_nothing_changes_however_often(plan, wait):
    enrollment = on_plan(*plan)
    before = snapshot()
    changes = again(enrollment, now=NOW + wait * DAY)
    assert [change for change in changes if change.kind != "left_out"] == []
    assert snapshot() == before


def test_a_changed_rhythm_moves_what_is_unasked_and_brings_the_rest():
    enrollment = on_plan({"cadence": Cadence.WEEKLY, "occurrences": 2})
    change_step(enrollment, every=2, occurrences=3)
    changes = again(enrollment)
    assert changes.counts == {"added": 2, "moved": 2}
    assert dates_of(enrollment) == [(1, START), (2, START + 14 * DAY), (3, START + 28 * DAY)]
    moved = FollowUp.objects.get(client=enrollment.case.members[0], occurrence=2)
    assert ledger(moved) == [("planned", ""), ("moved", "plan_changed")]
    assert (moved.local_time, moved.status, moved.queued_at) == (time(9), "planned", None)


def test_a_shorter_rhythm_takes_back_what_is_too_much_and_a_longer_one_brings_the_same_rows_back():
    enrollment = on_plan({"occurrences": 3})
    rows = set(FollowUp.objects.values_list("pk", "token_digest"))
    change_step(enrollment, occurrences=1)
    assert again(enrollment).counts == {"cancelled": 4}
    gone = FollowUp.objects.filter(status="cancelled")
    assert set(gone.values_list("end_reason", "ended_at")) == {("plan_changed", NOW)}
    change_step(enrollment, occurrences=2)
    assert again(enrollment, now=NOW + timedelta(hours=1)).counts == {"added": 2}
    assert dates_of(enrollment) == [(1, START), (2, START + 7 * DAY)]
    back = FollowUp.objects.filter(occurrence=2).first()
    assert (back.ended_at, back.end_reason) == (None, "")
    assert ledger(back) == [("planned", ""), ("cancelled", "plan_changed"), ("planned", "plan_changed")]
    assert set(FollowUp.objects.values_list("pk", "token_digest")) == rows


def test_what_a_person_left_out_stays_out():
    enrollment = on_plan({"occurrences": 2})
    skipped = enrollment.follow_ups.filter(occurrence=2).first()
    skip_follow_up(skipped, by=enrollment.case.lead, now=NOW)
    change_step(enrollment, every=2)
    again(enrollment)
    skipped.refresh_from_db()
    assert (skipped.status, skipped.local_date) == ("skipped", START + 7 * DAY)


def test_what_was_emailed_or_answered_is_not_touched():
    enrollment = on_plan({"occurrences": 2})
    sent = enrollment.follow_ups.filter(occurrence=1).first()
    FollowUp.objects.filter(pk=sent.pk).update(status="sent", sent_at=MORNING, queued_at=MORNING)
    change_step(enrollment, send_at=time(20), occurrences=1)
    before = FollowUp.objects.filter(pk=sent.pk).values().get()
    again(enrollment, now=MORNING)
    assert FollowUp.objects.filter(pk=sent.pk).values().get() == before


def test_an_email_still_in_the_outbox_is_called_back_when_it_moves_and_queued_anew_at_its_new_time():
    enrollment = on_plan({"occurrences": 1})
    queue_invitations(now=MORNING)
    claim_due("worker", now=MORNING, limit=1)
    change_step(enrollment, offset_days=3)
    assert again(enrollment, now=MORNING).counts == {"moved": 2}
    assert set(Delivery.objects.values_list("state", "lease_until")) == {("cancelled", None)}
    queue_invitations(now=MORNING + DAY)
    assert Delivery.objects.count() == 2
    queue_invitations(now=MORNING + 3 * DAY)
    assert sorted(Delivery.objects.values_list("kind", "number", "state")) == [
        *[("invitation", 1, "cancelled")] * 2,
        *[("invitation", 2, "due")] * 2,
    ]


def test_an_email_that_is_just_leaving_is_out_of_hand():
    enrollment = on_plan({"occurrences": 1})
    queue_invitations(now=MORNING)
    delivery, other = claim_due("worker", now=MORNING, limit=2)
    assert passes(delivery, now=MORNING)
    change_step(enrollment, offset_days=3)
    assert again(enrollment, now=MORNING).counts == {"moved": 1}
    left, moved = FollowUp.objects.get(pk=delivery.follow_up_id), FollowUp.objects.get(pk=other.follow_up_id)
    assert (left.local_date, moved.local_date) == (START, START + 3 * DAY)
    assert not passes(other, now=MORNING)


def test_a_new_date_that_has_passed_is_taken_back_not_asked_in_a_heap():
    enrollment = on_plan({"every": 4, "occurrences": 2})
    change_step(enrollment, every=1)
    changes = again(enrollment, now=MORNING + 20 * DAY)
    assert changes.counts == {"cancelled": 2}
    assert {change.reason for change in changes} == {"date_past"}


def test_a_step_that_is_new_asks_from_now_on_only():
    enrollment = on_plan({"occurrences": 1})
    step = PlanStep.objects.get()
    step.pk, step.position, step.occurrences, step._state.adding = None, 2, 4, True
    step.pk = PlanStep._meta.pk.get_default()
    step.save(force_insert=True)
    changes = again(enrollment, now=MORNING + 10 * DAY)
    assert changes.counts == {"added": 4, "left_out": 4}
    assert FollowUp.objects.filter(step=step).values_list("occurrence", flat=True).distinct().count() == 2
    assert {change.before.local_date for change in changes if change.kind == "left_out"} == {START, START + 7 * DAY}


def test_another_questionnaire_is_asked_from_then_on():
    enrollment = on_plan({"occurrences": 1})
    other = published(small())
    change_step(enrollment, instrument=other.instrument)
    assert again(enrollment).counts == {"moved": 2}
    assert set(FollowUp.objects.values_list("version", flat=True)) == {other.pk}


def test_what_is_planned_keeps_its_pinned_version_when_nothing_newer_can_be_asked():
    enrollment = on_plan({"occurrences": 1})
    version = FollowUp.objects.first().version
    retire_version(version, now=NOW)
    change_step(enrollment, offset_days=2, occurrences=2)
    changes = again(enrollment)
    assert changes.counts == {"left_out": 2, "moved": 2}
    assert {change.reason for change in changes if change.kind == "left_out"} == {"unpublished"}
    assert set(FollowUp.objects.values_list("version", flat=True)) == {version.pk}


def test_without_a_zone_what_is_planned_waits_and_with_one_it_moves_there():
    enrollment = on_plan({"occurrences": 1})
    first = enrollment.case.members[0]
    update_client(first, by=enrollment.case.lead, now=NOW, time_zone="")
    assert FollowUp.objects.filter(status="planned").count() == 2
    update_client(Client.objects.get(pk=first.pk), by=enrollment.case.lead, now=NOW, time_zone="Europe/Madrid")
    assert FollowUp.objects.get(client=first).time_zone == "Europe/Madrid"


def test_each_session_has_a_number_that_both_partners_share():
    enrollment = on_plan({"anchor": Anchor.AFTER_SESSION, "cadence": Cadence.ONCE})
    for days in (9, 2, 5):
        SessionFactory(case=enrollment.case, starts_at=NOW + days * DAY)
        again(enrollment, reason=Reason.SESSION_CHANGED)
    pairs = list(FollowUp.objects.order_by("due_at", "client").values_list("occurrence", "session", "local_date"))
    assert [number for number, _, _ in pairs] == [2, 2, 3, 3, 1, 1]
    assert len({session for _, session, _ in pairs}) == 3


def test_the_number_of_queries_does_not_grow_with_what_is_planned():
    counts = []
    for occurrences in (1, 12):
        enrollment = on_plan({"occurrences": occurrences})
        change_step(enrollment, offset_days=1)
        with counted_queries() as queries:
            again(enrollment)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_many_enrollments_take_as_many_queries_as_one():
    counts = []
    for number in (1, 3):
        enrollments = [on_plan({"occurrences": 2}) for _ in range(number)]
        PlanStep.objects.update(offset_days=number)
        mine = Enrollment.objects.filter(pk__in=[each.pk for each in enrollments])
        with counted_queries() as queries:
            assert len(replan(mine, reason=Reason.PLAN_CHANGED, now=NOW)) == 4 * number
        counts.append(len(queries))
    assert counts[0] == counts[1]
