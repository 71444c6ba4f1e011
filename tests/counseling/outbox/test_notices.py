from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from counseling.actions.answering import start_answering
from counseling.enums import DeliveryEventKind
from counseling.models import Delivery, FollowUp, ProviderNotice
from counseling.outbox.claiming import claim_due
from counseling.outbox.notices import Notice, find_noticed, is_out_of_time, settle_by_notice, take_once
from counseling.outbox.queueing import queue_reminders
from counseling.outbox.settling import mark_uncertain
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
)

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(minutes=2)
BOUNCED, DELIVERED = DeliveryEventKind.BOUNCED, DeliveryEventKind.DELIVERED


def notice(kind: DeliveryEventKind, **details) -> Notice:
    return Notice(provider="Postmark", event_id="1", kind=kind, is_lost=kind == BOUNCED, **details)


def tell(delivery: Delivery, kind: DeliveryEventKind, *, now=LATER, **details) -> None:
    with transaction.atomic():
        settle_by_notice(delivery, notice(kind, **details), now=now)


def accepted() -> Delivery:
    delivery = handed_over()
    settle_accepted(delivery, code=250, now=MORNING)
    return delivery


def state() -> tuple[str, str]:
    """Where the one email and its follow-up stand."""
    return Delivery.objects.get().state, FollowUp.objects.order_by("due_at").first().status


def kinds(delivery: Delivery, last: int) -> list[str]:
    return [kind for kind, _ in ledger(delivery.follow_up)][-last:]


# --- Which email, and whether it was told before ---------------------------------------------------


def test_an_email_is_found_by_its_reference_and_else_by_its_message_id():
    delivery = queued()
    assert find_noticed(notice(BOUNCED, delivery=delivery.pk)) == delivery
    assert find_noticed(notice(BOUNCED, message_id=delivery.message_id)) == delivery
    for unknown in ({}, {"message_id": "<else@where>"}, {"delivery": delivery.follow_up_id}):
        assert find_noticed(notice(BOUNCED, **unknown)) is None


def test_a_notice_is_taken_once():
    delivery = queued()
    told = notice(BOUNCED)
    assert [take_once(told, delivery, now=MORNING) for _ in range(2)] == [True, False]


def test_a_notice_posted_again_under_another_id_is_the_same():
    delivery = queued()
    first = Notice(provider="Mailgun", event_id="1", kind=BOUNCED, occurred_at=MORNING)
    again = Notice(provider="Mailgun", event_id="2", kind=BOUNCED, occurred_at=MORNING)
    later = Notice(provider="Mailgun", event_id="3", kind=BOUNCED, occurred_at=LATER)
    assert [take_once(each, delivery, now=LATER) for each in (first, again, later)] == [True, False, True]
    assert ProviderNotice.objects.count() == 2


@pytest.mark.parametrize(
    ("age", "late"),
    [(7 * DAY, False), (7 * DAY + HOUR, True), (-HOUR, False), (-2 * HOUR, True)],
    ids=["a week", "more", "a clock ahead", "far ahead"],
)
def test_what_is_too_old_or_from_tomorrow_is_out_of_time(age, late):
    assert is_out_of_time(notice(BOUNCED, occurred_at=MORNING - age), now=MORNING) is late


def test_what_says_no_time_is_not_out_of_it():
    assert not is_out_of_time(notice(BOUNCED), now=MORNING)


# --- What became of it -----------------------------------------------------------------------------


def test_delivered_after_accepted_is_a_line_in_the_ledger():
    delivery = accepted()
    tell(delivery, DELIVERED)
    assert (state(), ledger(delivery.follow_up)[-1]) == (("sent", "sent"), ("delivered", ""))


@pytest.mark.parametrize("kind", [DELIVERED, DeliveryEventKind.DEFERRED, DeliveryEventKind.COMPLAINED])
def test_whatever_is_told_ends_the_doubt_whether_it_left(kind):
    delivery = handed_over()
    mark_uncertain(now=MORNING + HOUR)
    tell(delivery, kind, now=MORNING + 2 * HOUR)
    assert state() == ("sent", "sent")
    assert Delivery.objects.get().accepted_at == MORNING + 2 * HOUR


def test_what_came_back_is_dead_and_its_client_was_not_asked():
    delivery = accepted()
    reminder_at = FollowUp.objects.get(pk=delivery.follow_up_id).next_reminder_at
    tell(delivery, BOUNCED, detail="5.1.1")
    row, follow_up = Delivery.objects.get(), FollowUp.objects.get(pk=delivery.follow_up_id)
    assert (row.state, row.accepted_at, row.handed_over_at) == ("dead", None, None)
    assert (follow_up.status, follow_up.sent_at) == ("planned", None)
    assert (reminder_at is not None, follow_up.next_reminder_at) == (True, reminder_at)
    assert ledger(delivery.follow_up)[-1] == ("bounced", "5.1.1")


def test_a_bounce_settles_an_uncertain_email():
    delivery = handed_over()
    mark_uncertain(now=MORNING + HOUR)
    tell(delivery, BOUNCED, now=MORNING + 2 * HOUR)
    assert state() == ("dead", "planned")


def test_a_bounce_that_comes_before_the_server_s_answer_stands():
    """The provider posts faster than the worker writes down what it was told."""
    delivery = handed_over()
    tell(delivery, BOUNCED)
    settle_accepted(delivery, code=250, now=LATER)
    assert state() == ("dead", "planned")
    assert kinds(delivery, 2) == ["handed_over", "bounced"]


def test_a_delivery_that_comes_before_the_server_s_answer_stands():
    delivery = handed_over()
    tell(delivery, DELIVERED)
    settle_accepted(delivery, code=250, now=LATER + HOUR)
    settle_deferred(delivery, now=LATER + HOUR)
    assert (state(), Delivery.objects.get().accepted_at) == (("sent", "sent"), LATER)
    assert kinds(delivery, 2) == ["handed_over", "delivered"]


@pytest.mark.parametrize("order", [(BOUNCED, DELIVERED), (DELIVERED, BOUNCED)], ids=["back first", "delivered first"])
def test_in_any_order_what_came_back_is_dead(order):
    delivery = accepted()
    for kind in order:
        tell(delivery, kind)
    assert state() == ("dead", "planned")


def test_whoever_used_the_link_has_got_it():
    delivery = accepted()
    start_answering(delivery.follow_up, language="en", now=LATER)
    tell(delivery, BOUNCED, now=LATER + HOUR)
    assert (state(), kinds(delivery, 1)) == (("sent", "opened"), ["bounced"])


def test_a_reminder_that_came_back_leaves_the_invitation_s_asking():
    invitation = accepted()
    reminded_at = FollowUp.objects.get(pk=invitation.follow_up_id).next_reminder_at
    queue_reminders(now=reminded_at)
    (reminder,) = claim_due("worker", now=reminded_at, limit=1)
    assert passes(reminder, now=reminded_at)
    settle_accepted(reminder, code=250, now=reminded_at)
    tell(reminder, BOUNCED, now=reminded_at + HOUR)
    assert list(Delivery.objects.order_by("created_at").values_list("state", flat=True)) == ["sent", "dead"]
    assert FollowUp.objects.get(pk=invitation.follow_up_id).status == "sent"


@pytest.mark.parametrize("kind", [BOUNCED, DELIVERED])
def test_a_notice_about_an_earlier_try_changes_nothing_of_this_one(kind):
    delivery = handed_over()
    tell(delivery, kind, attempt=delivery.attempt + 1)
    assert (state(), kinds(delivery, 1)) == (("handoff", "planned"), [str(kind)])
    tell(delivery, kind, attempt=delivery.attempt)
    assert state() == (("dead", "planned") if kind == BOUNCED else ("sent", "sent"))


@pytest.mark.parametrize("waiting", [queued, claimed], ids=["due", "claimed"])
def test_what_is_about_to_be_sent_again_is_left_to_the_worker(waiting):
    delivery = waiting()
    before = state()
    tell(delivery, BOUNCED)
    assert state() == before
