from __future__ import annotations

from datetime import time, timedelta

import pytest

from counseling.actions.clients import update_client
from counseling.actions.consents import withdraw_consent
from counseling.actions.stopping import stop_plan
from counseling.enums import Cadence, ConsentPurpose, DeliveryState
from counseling.models import Delivery, FollowUp
from counseling.outbox.queueing import queue_invitations, queue_reminders
from tests.counseling.outbox.mailing import (
    DAY,
    HOUR,
    MORNING,
    counted_queries,
    due_follow_up,
    handed_over,
    ledger,
    queued,
    settle_accepted,
    single_case,
)
from tests.couples import answer, enrolled, wave
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


def asked(**step: object) -> Delivery:
    """An invitation that the mail server took."""
    delivery = handed_over(**step)
    settle_accepted(delivery, code=250, now=MORNING)
    return delivery


# --- Invitations -----------------------------------------------------------------------------------


def test_before_its_hour_nothing_is_queued():
    due_follow_up()
    assert queue_invitations(now=MORNING - 2 * HOUR) == 0


def test_a_due_follow_up_gets_one_invitation():
    follow_up = due_follow_up()
    assert queue_invitations(now=MORNING) == 1
    delivery = Delivery.objects.get()
    assert (delivery.follow_up, delivery.kind, delivery.number, delivery.state) == (follow_up, "invitation", 1, "due")
    assert (delivery.next_at, delivery.message_id) == (MORNING, f"<{delivery.pk}@clinic.example>")
    assert FollowUp.objects.get(pk=follow_up.pk).queued_at == MORNING
    assert ledger(follow_up) == [("planned", ""), ("queued", "")]


def test_queueing_again_queues_nothing_again():
    due_follow_up()
    assert [queue_invitations(now=MORNING) for _ in range(2)] == [1, 0]


def test_a_batch_is_limited_and_takes_the_longest_due_first():
    enrollment = enrolled()
    _, second = wave(enrollment, 1)
    FollowUp.objects.filter(pk=second.pk).update(due_at=second.due_at - HOUR)
    assert queue_invitations(now=MORNING, limit=1) == 1
    assert Delivery.objects.get().follow_up == second
    assert queue_invitations(now=MORNING, limit=1) == 1


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"email_is_safe": False}, "email_unsafe"),
        ({"email": ""}, "no_email"),
        ({"time_zone": ""}, "no_zone"),
    ],
)
def test_a_client_who_cannot_be_written_to_is_skipped_with_the_reason(details, reason):
    follow_up = due_follow_up()
    update_client(follow_up.client, by=follow_up.case.lead, now=MORNING, **details)
    assert queue_invitations(now=MORNING) == 1
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.end_reason, follow_up.ended_at) == ("skipped", reason, MORNING)
    assert ledger(follow_up) == [("planned", ""), ("cancelled", reason)]
    assert not Delivery.objects.exists()


def test_without_consent_the_occasion_is_skipped_and_the_next_one_waits():
    follow_up = due_follow_up()
    withdraw_consent(follow_up.client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=MORNING)
    queue_invitations(now=MORNING)
    rest = follow_up.enrollment.follow_ups.order_by("due_at").values_list("status", "end_reason")
    assert list(rest)[:2] == [("skipped", "no_consent"), ("planned", "")]


def test_a_stopped_plan_is_skipped_for_whoever_stopped_it():
    mine, theirs = wave(enrolled(), 1)
    stop_plan(mine, now=MORNING)
    queue_invitations(now=MORNING)
    for row in (mine, theirs):
        row.refresh_from_db()
    assert (mine.status, mine.end_reason) == ("skipped", "plan_stopped")
    assert (theirs.status, theirs.deliveries.count()) == ("planned", 1)


def test_a_stopped_plan_leaves_the_client_s_other_plans_alone():
    case = single_case()
    mine, other = due_follow_up(case), due_follow_up(case)
    stop_plan(mine, now=MORNING)
    queue_invitations(now=MORNING)
    assert Delivery.objects.get().follow_up == other


def test_a_stopped_plan_ends_its_reminders_and_leaves_the_form_open():
    follow_up = FollowUp.objects.get(pk=asked().follow_up_id)
    stop_plan(follow_up, now=MORNING)
    queue_reminders(now=follow_up.next_reminder_at)
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.next_reminder_at, follow_up.deliveries.count()) == ("sent", None, 1)
    assert ledger(follow_up)[-1] == ("cancelled", "plan_stopped")


def test_a_time_zone_that_does_not_exist_holds_up_nobody_else():
    follow_up, other = due_follow_up(), due_follow_up()
    type(follow_up.client).objects.filter(pk=follow_up.client_id).update(time_zone="Mars/Olympus")
    assert queue_invitations(now=MORNING) == 2
    assert Delivery.objects.get().follow_up == other


def test_after_an_outage_one_invitation_catches_up():
    """Daily questions that stay open for a week, and nothing was sent for nine days."""
    follow_up = due_follow_up(cadence=Cadence.DAILY, every=1, open_days=7, occurrences=12)
    queue_invitations(now=MORNING + 9 * DAY)
    rows = follow_up.enrollment.follow_ups.order_by("occurrence")
    reasons = [(row.occurrence, row.end_reason) for row in rows if row.end_reason]
    assert reasons == [(number, "superseded") for number in range(4, 10)]
    assert Delivery.objects.get().follow_up.occurrence == 10


def test_what_expired_meanwhile_is_not_asked():
    follow_up = due_follow_up(occurrences=1, open_days=7)
    assert queue_invitations(now=follow_up.expires_at) == 0


def test_two_questionnaires_due_together_leave_hours_apart():
    case = single_case()
    first, second = due_follow_up(case), due_follow_up(case)
    queue_invitations(now=MORNING)
    due = {delivery.follow_up: delivery.next_at for delivery in Delivery.objects.all()}
    assert sorted(due.values()) == [MORNING, MORNING + 4 * HOUR]
    assert set(due) == {first, second}


def test_an_email_that_left_a_moment_ago_is_kept_away_from():
    delivery = asked()
    other = due_follow_up(delivery.follow_up.case)
    queue_invitations(now=MORNING + HOUR)
    assert other.deliveries.get().next_at == MORNING + 4 * HOUR


def test_an_overdue_email_counts_as_leaving_now():
    delivery = queued()
    other = due_follow_up(delivery.follow_up.case)
    queue_invitations(now=MORNING + 6 * HOUR)
    assert other.deliveries.get().next_at == MORNING + 10 * HOUR


def test_nobody_is_written_to_by_night():
    """Due at half past ten in the evening; quiet from nine to eight."""
    follow_up = due_follow_up(send_at=time(22, 30))
    queue_invitations(now=follow_up.due_at)
    assert follow_up.deliveries.get().next_at == follow_up.due_at + timedelta(hours=9, minutes=30)


def test_queueing_takes_as_many_queries_for_three_as_for_one():
    counts = []
    for people in (1, 3):
        for _ in range(people):
            due_follow_up()
        with counted_queries() as queries:
            assert queue_invitations(now=MORNING) == people
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Reminders -------------------------------------------------------------------------------------


def test_a_reminder_is_queued_at_the_plans_hour_some_days_after_the_email_left():
    delivery = asked(reminder_after_days=3, max_reminders=2, open_days=14)
    follow_up = FollowUp.objects.get(pk=delivery.follow_up_id)
    assert follow_up.next_reminder_at == follow_up.due_at + 3 * DAY
    assert queue_reminders(now=follow_up.due_at + 3 * DAY - HOUR) == 0
    assert queue_reminders(now=follow_up.due_at + 3 * DAY) == 1
    assert queue_reminders(now=follow_up.due_at + 3 * DAY) == 0
    reminder = follow_up.deliveries.get(kind="reminder")
    assert (reminder.number, reminder.next_at) == (1, follow_up.due_at + 3 * DAY)
    follow_up.refresh_from_db()
    # The clock went forward on 8 March: the same local hour is an hour less away.
    assert (follow_up.reminders_queued, follow_up.next_reminder_at) == (1, follow_up.due_at + 6 * DAY - HOUR)


def test_reminders_are_capped():
    delivery = asked(reminder_after_days=1, max_reminders=2, open_days=14)
    follow_up = delivery.follow_up
    for days in range(1, 10):
        queue_reminders(now=MORNING + days * DAY)
        follow_up.deliveries.filter(state=DeliveryState.DUE).update(state=DeliveryState.CANCELLED)
    assert follow_up.deliveries.filter(kind="reminder").count() == 2


def test_reminders_missed_in_an_outage_are_not_made_up_for():
    delivery = asked(reminder_after_days=1, reminder_every_days=1, max_reminders=3, open_days=14)
    later = MORNING + 2 * DAY + HOUR
    queue_reminders(now=later)
    follow_up = FollowUp.objects.get(pk=delivery.follow_up_id)
    assert (follow_up.reminders_queued, follow_up.next_reminder_at) == (1, follow_up.due_at + 3 * DAY)


def test_an_answer_ends_the_reminders():
    delivery = asked()
    answer(FollowUp.objects.get(pk=delivery.follow_up_id))
    assert queue_reminders(now=MORNING + 4 * DAY) == 0


def test_a_reminder_tells_nothing_about_the_partner():
    """Whether the partner answered changes neither whether nor when somebody is reminded."""
    reminded = []
    for partner_answers in (False, True):
        enrollment = enrolled(CaseFactory())
        one, partner = wave(enrollment, 1)
        queue_invitations(now=MORNING)
        FollowUp.objects.filter(enrollment=enrollment, occurrence=1).update(
            status="sent", sent_at=MORNING, next_reminder_at=MORNING + 3 * DAY
        )
        Delivery.objects.update(state=DeliveryState.SENT)
        if partner_answers:
            answer(FollowUp.objects.get(pk=partner.pk))
        queue_reminders(now=MORNING + 3 * DAY)
        reminded.append(list(one.deliveries.filter(kind="reminder").values_list("number", "next_at")))
    assert reminded[0] == reminded[1] == [(1, MORNING + 3 * DAY)]


def test_without_consent_the_reminders_stop_and_the_form_stays_open():
    delivery = asked()
    follow_up = delivery.follow_up
    withdraw_consent(follow_up.client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=MORNING)
    assert queue_reminders(now=MORNING + 4 * DAY) == 1
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.next_reminder_at) == ("sent", None)
    assert ledger(follow_up)[-1] == ("cancelled", "no_consent")


def test_a_reminder_waits_for_an_email_that_has_not_left():
    delivery = asked()
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.DUE, accepted_at=None)
    assert queue_reminders(now=MORNING + 4 * DAY) == 0


def test_reminding_takes_as_many_queries_for_three_as_for_one():
    counts = []
    for people in (1, 3):
        for _ in range(people):
            asked()
        with counted_queries() as queries:
            assert queue_reminders(now=MORNING + 4 * DAY) == people
        counts.append(len(queries))
    assert counts[0] == counts[1]
