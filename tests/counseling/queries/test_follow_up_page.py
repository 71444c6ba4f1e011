from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from counseling.actions.answering import start_answering
from counseling.actions.deliveries import resend_delivery
from counseling.actions.enrollments import end_enrollment
from counseling.actions.follow_ups import ask_by_phone, cancel_follow_up
from counseling.enums import DeliveryEventKind, DeliveryState, Reason
from counseling.models import Client, Delivery, FollowUp
from counseling.outbox.claiming import claim_due
from counseling.outbox.handoff import Objection, turn_down
from counseling.outbox.ledger import note_follow_ups
from counseling.outbox.settling import mark_uncertain
from counseling.queries.follow_up_page import follow_up_history
from tests.counseling.outbox.mailing import (
    MORNING,
    claimed,
    due_follow_up,
    handed_over,
    passes,
    queued,
    settle_accepted,
    settle_deferred,
    settle_refused,
    single_case,
)

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)


def history(follow_up: FollowUp):
    return follow_up_history(FollowUp.objects.select_related("client", "enrollment__started_by").get(pk=follow_up.pk))


def told(follow_up: FollowUp) -> list[str]:
    return [line.text for line in history(follow_up)]


def test_a_whole_history_is_told_in_order():
    delivery = handed_over()
    lead = delivery.follow_up.case.lead
    mark_uncertain(now=LATER)
    resend_delivery(Delivery.objects.get(), by=lead, now=LATER)
    (again,) = claim_due("worker", now=LATER, limit=1)
    assert passes(again, now=LATER)
    settle_accepted(again, code=250, now=LATER)
    start_answering(FollowUp.objects.get(pk=delivery.follow_up_id), language="en", now=LATER)
    assert told(delivery.follow_up) == [
        f"Planned: {lead} started the plan.",
        "The invitation fell due and was put in line.",
        "The invitation was taken up for sending.",
        "The invitation was handed to the mail server.",
        "Outcome unknown: the mail server did not answer. The invitation may have arrived.",
        f"{lead} had the invitation sent again.",
        "The invitation was taken up for sending.",
        "The invitation was handed to the mail server.",
        "The mail server accepted the invitation.",
        "The client opened the questions.",
    ]


def test_a_refusal_has_its_code_in_words():
    delivery = handed_over()
    settle_refused(delivery, code=552, now=MORNING)
    assert told(delivery.follow_up)[-1] == (
        "The mail server refused the invitation for good (552: the mailbox is full)."
    )


@pytest.mark.parametrize("end", [cancel_follow_up, ask_by_phone])
def test_who_ended_it_by_hand_is_named(end):
    follow_up = queued().follow_up
    end(follow_up, by=follow_up.case.lead, now=MORNING)
    assert str(follow_up.case.lead) in told(follow_up)[-1]


def test_who_ended_the_plan_is_named():
    follow_up = queued().follow_up
    end_enrollment(follow_up.enrollment, by=follow_up.case.lead, now=MORNING)
    assert told(follow_up)[-1] == f"Taken back: {follow_up.case.lead} ended the plan for this case."


def test_a_reminder_that_was_not_sent_did_not_end_the_question():
    follow_up = due_follow_up()
    note_follow_ups([follow_up.pk], DeliveryEventKind.CANCELLED, at=MORNING, detail="no_consent")
    assert told(follow_up)[-1] == "A reminder was not sent: the client had not agreed to be asked by email."


def test_what_was_put_off_says_when_it_is_tried_again_and_then_when_it_was():
    delivery = handed_over()
    settle_deferred(delivery, code=451, now=MORNING)
    line = history(delivery.follow_up)[-1]
    assert (line.tried_at, line.tries_at) == (None, Delivery.objects.get().next_at)
    claim_due("worker", now=MORNING + timedelta(hours=7), limit=1)
    line = history(delivery.follow_up)[-2]
    assert (line.tried_at, line.tries_at) == (MORNING + timedelta(hours=7), None)


def test_night_is_told_as_the_client_s_night():
    delivery = claimed()
    turn_down(delivery, Objection(Reason.QUIET_HOURS, DeliveryState.DUE, until=LATER), now=MORNING)
    line = history(delivery.follow_up)[-1]
    assert line.text == "The invitation was not sent yet: it was night where the client lives."
    assert line.tries_at == LATER


@pytest.mark.parametrize(
    ("zone", "hour"), [("America/New_York", None), ("America/Bogota", None), ("Asia/Tokyo", 0), ("", None)]
)
def test_the_client_s_hour_is_told_where_it_is_another(zone, hour):
    follow_up = queued().follow_up
    Client.objects.update(time_zone=zone)
    with timezone.override("America/New_York"):
        local = history(follow_up)[-1].local
    assert (local.hour if local else None) == hour


def test_the_hour_of_somebody_without_a_zone_is_the_one_it_was_planned_in():
    follow_up = queued(single_case(time_zone="Asia/Tokyo"), now=MORNING).follow_up
    Client.objects.update(time_zone="")
    with timezone.override("America/New_York"):
        assert history(follow_up)[0].local.utcoffset() == timedelta(hours=9)
    FollowUp.objects.update(time_zone="Nowhere/Else")
    assert history(follow_up)[0].local is None


def test_it_takes_three_queries_however_much_happened(django_assert_num_queries):
    delivery = handed_over()
    mark_uncertain(now=LATER)
    resend_delivery(Delivery.objects.get(), by=delivery.follow_up.case.lead, now=LATER)
    with django_assert_num_queries(3):  # one of them reads the follow-up itself
        history(delivery.follow_up)
