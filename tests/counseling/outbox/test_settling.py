from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.enums import DeliveryState
from counseling.models import Delivery, FollowUp
from counseling.outbox import settling
from counseling.outbox.claiming import claim_due
from counseling.outbox.queueing import queue_reminders
from counseling.outbox.settling import mark_uncertain, resolve_by_use
from tests.counseling.outbox.mailing import (
    DAY,
    HOUR,
    MORNING,
    claimed,
    handed_over,
    ledger,
    passes,
    queued,
    settle_accepted,
    settle_deferred,
    settle_refused,
)

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(seconds=2)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture(autouse=True)
def no_jitter(monkeypatch):
    monkeypatch.setattr(settling, "jittered_delay", lambda failures: failures * HOUR)


def follow_up_of(delivery: Delivery) -> FollowUp:
    return FollowUp.objects.select_related("step").get(pk=delivery.follow_up_id)


# --- The server answered ---------------------------------------------------------------------------


def test_an_accepted_invitation_asks_the_client():
    delivery = handed_over()
    settle_accepted(delivery, code=250, now=LATER)
    row, follow_up = Delivery.objects.get(), follow_up_of(delivery)
    assert (row.state, row.accepted_at, row.smtp_code) == ("sent", LATER, 250)
    assert (follow_up.status, follow_up.sent_at) == ("sent", LATER)
    assert follow_up.next_reminder_at == follow_up.due_at + 3 * DAY
    assert ledger(follow_up)[-2:] == [("handed_over", ""), ("accepted", "250")]


def test_settling_again_changes_nothing():
    delivery = handed_over()
    settle_accepted(delivery, code=250, now=LATER)
    settle_accepted(delivery, code=250, now=LATER + HOUR)
    settle_refused(delivery, code=550, now=LATER + HOUR)
    settle_deferred(delivery, code=451, now=LATER + HOUR)
    assert Delivery.objects.get().accepted_at == LATER
    assert [kind for kind, _ in ledger(delivery.follow_up)].count("accepted") == 1


def test_a_plan_without_reminders_plans_none():
    delivery = handed_over(max_reminders=0, reminder_after_days=0)
    settle_accepted(delivery, code=250, now=LATER)
    assert follow_up_of(delivery).next_reminder_at is None


def test_an_email_deferred_after_the_dot_is_due_again_and_the_delay_grows():
    delivery = handed_over()
    settle_deferred(delivery, code=451, now=LATER)
    row = Delivery.objects.get()
    assert (row.state, row.next_at, row.owner, row.handed_over_at) == ("due", LATER + HOUR, "", None)
    assert (row.smtp_code, ledger(delivery.follow_up)[-1]) == (451, ("deferred", "451"))
    (again,) = claim_due("worker", now=LATER + HOUR, limit=1)
    settle_deferred(again, code=451, now=LATER + HOUR)
    assert Delivery.objects.get().next_at == LATER + 3 * HOUR


def test_an_email_deferred_before_the_handoff_is_due_again():
    settle_deferred(claimed(), now=LATER)
    row = Delivery.objects.get()
    assert (row.state, row.lease_until, row.smtp_code) == ("due", None, None)


def test_an_email_refused_for_good_is_dead_and_the_client_not_asked():
    delivery = handed_over()
    settle_refused(delivery, code=550, now=LATER)
    row = Delivery.objects.get()
    assert (row.state, row.smtp_code, follow_up_of(delivery).status) == ("dead", 550, "planned")
    assert ledger(delivery.follow_up)[-1] == ("rejected", "550")


def test_an_answer_to_an_attempt_that_was_taken_over_settles_nothing():
    delivery = claimed()
    Delivery.objects.update(owner="another", attempt=2)
    settle_deferred(delivery, code=451, now=LATER)
    settle_refused(delivery, code=550, now=LATER)
    assert Delivery.objects.get().state == "claimed"


# --- The server never answered ---------------------------------------------------------------------


def test_silence_is_waited_for_half_an_hour():
    handed_over()
    assert mark_uncertain(now=MORNING + HALF_HOUR - timedelta(seconds=1)) == 0
    assert mark_uncertain(now=MORNING + HALF_HOUR) == 1
    assert mark_uncertain(now=MORNING + HALF_HOUR) == 0
    assert Delivery.objects.get().state == "uncertain"


def test_an_uncertain_invitation_is_listed_and_covered_by_the_next_reminder():
    delivery = handed_over()
    mark_uncertain(now=MORNING + HALF_HOUR)
    follow_up = follow_up_of(delivery)
    assert ledger(follow_up)[-1] == ("uncertain", "")
    assert (follow_up.status, follow_up.next_reminder_at) == ("planned", follow_up.due_at + 3 * DAY)
    later = MORNING + 3 * DAY
    queue_reminders(now=later)
    (reminder,) = claim_due("worker", now=later, limit=5)
    assert passes(reminder, now=later)
    settle_accepted(reminder, code=250, now=later)
    assert follow_up_of(delivery).status == "sent"


def test_an_answer_that_comes_after_all_settles_an_uncertain_email():
    delivery = handed_over()
    mark_uncertain(now=MORNING + HALF_HOUR)
    settle_accepted(delivery, code=250, now=MORNING + HOUR)
    assert (Delivery.objects.get().state, follow_up_of(delivery).status) == ("sent", "sent")


# --- The client answered ---------------------------------------------------------------------------


@pytest.mark.parametrize("after", [timedelta(minutes=1), HOUR])
def test_using_the_link_settles_what_nobody_could_know(after):
    delivery = handed_over()
    mark_uncertain(now=MORNING + after)
    follow_up = follow_up_of(delivery)
    resolve_by_use(follow_up, now=MORNING + after)
    row = Delivery.objects.get()
    assert (row.state, row.accepted_at) == ("sent", MORNING + after)
    assert (follow_up.status, follow_up.sent_at) == ("sent", MORNING + after)
    assert follow_up_of(delivery).status == "sent"
    assert ledger(follow_up)[-1] == ("accepted", "link_used")


def test_using_the_link_makes_an_unsent_invitation_needless():
    delivery = queued()
    resolve_by_use(follow_up_of(delivery), now=LATER)
    assert Delivery.objects.get().state == DeliveryState.CANCELLED
    assert ledger(delivery.follow_up)[-1] == ("cancelled", "link_used")


def test_using_the_link_again_changes_nothing():
    delivery = handed_over()
    settle_accepted(delivery, code=250, now=LATER)
    follow_up = follow_up_of(delivery)
    before = ledger(follow_up)
    resolve_by_use(follow_up, now=LATER + HOUR)
    assert (ledger(follow_up), Delivery.objects.get().accepted_at) == (before, LATER)


def test_using_the_link_leaves_a_reminder_to_be_sent_until_the_answer_is_in():
    delivery = handed_over()
    settle_accepted(delivery, code=250, now=LATER)
    queue_reminders(now=MORNING + 3 * DAY)
    resolve_by_use(follow_up_of(delivery), now=MORNING + 3 * DAY)
    assert Delivery.objects.get(kind="reminder").state == "due"
