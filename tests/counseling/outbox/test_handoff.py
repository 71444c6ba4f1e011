from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.actions.cases import close_case
from counseling.actions.clients import update_client
from counseling.actions.consents import withdraw_consent
from counseling.actions.enrollments import end_enrollment
from counseling.actions.follow_ups import cancel_follow_up
from counseling.actions.stopping import resume_plan, stop_plan
from counseling.actions.suspensions import suspend_address
from counseling.enums import Cadence, ConsentPurpose, Reason, SuspensionCause
from counseling.models import Delivery, FollowUp
from counseling.outbox.claiming import claim_due, reclaim_expired
from counseling.outbox.handoff import Objection, hand_over, turn_down
from counseling.outbox.queueing import queue_reminders
from counseling.outbox.writing import write_envelope
from tests.counseling.outbox.mailing import (
    DAY,
    HOUR,
    MORNING,
    claimed,
    handed_over,
    is_lost,
    ledger,
    passes,
    queued,
    settle_accepted,
    single_case,
)
from tests.couples import answer

pytestmark = pytest.mark.django_db
EVENING = MORNING + 11 * HOUR  # ten at night where the client lives


def refused(delivery: Delivery, *, now=MORNING) -> Objection:
    """The objection, carried out."""
    objection = hand_over([delivery], now=now)[delivery.pk]
    assert objection is not None
    turn_down(delivery, objection, now=now)
    delivery.refresh_from_db()
    return objection


def test_the_handoff_is_committed_before_anything_is_sent():
    delivery = claimed()
    assert passes(delivery, now=MORNING)
    row = Delivery.objects.get()
    assert (row.state, row.handed_over_at, row.lease_until, row.owner) == ("handoff", MORNING, None, "worker")
    assert (delivery.state, delivery.handed_over_at) == ("handoff", MORNING)


def test_nothing_is_handed_over_twice():
    delivery = handed_over()
    assert is_lost(delivery, now=MORNING)


def test_a_lease_that_ran_out_gives_no_right_to_send():
    delivery = claimed()
    assert is_lost(delivery, now=MORNING + timedelta(seconds=60))
    assert Delivery.objects.get().state == "claimed"


def test_a_worker_that_comes_back_late_does_not_send_what_another_has_taken():
    late = claimed(owner="late")
    reclaim_expired(now=MORNING + HOUR)
    (taken,) = claim_due("quick", now=MORNING + HOUR, limit=1)
    assert is_lost(late, now=MORNING + HOUR)
    assert passes(taken, now=MORNING + HOUR)


def test_the_same_worker_in_a_later_attempt_is_not_the_earlier_one():
    early = claimed()
    Delivery.objects.update(attempt=2)
    assert is_lost(early, now=MORNING)


@pytest.mark.parametrize(
    "revoke",
    [
        lambda follow_up: end_enrollment(follow_up.enrollment, by=follow_up.case.lead, now=MORNING),
        lambda follow_up: close_case(follow_up.case, by=follow_up.case.lead, now=MORNING),
        lambda follow_up: cancel_follow_up(follow_up, by=follow_up.case.lead, now=MORNING),
    ],
)
def test_what_staff_ended_after_the_claim_is_not_ours_any_more(revoke):
    delivery = claimed()
    revoke(FollowUp.objects.get(pk=delivery.follow_up_id))
    assert is_lost(delivery, now=MORNING)
    delivery.refresh_from_db()
    assert delivery.state == "cancelled"


def test_consent_withdrawn_after_the_claim_skips_the_follow_up():
    delivery = claimed()
    withdraw_consent(delivery.follow_up.client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=MORNING)
    assert refused(delivery).reason == "no_consent"
    follow_up = FollowUp.objects.get(pk=delivery.follow_up_id)
    assert (delivery.state, follow_up.status, follow_up.end_reason) == ("cancelled", "skipped", "no_consent")
    assert ledger(follow_up)[-1] == ("cancelled", "no_consent")


def test_a_mailbox_found_unsafe_after_the_claim_skips_the_follow_up():
    delivery = claimed()
    client, by = delivery.follow_up.client, delivery.follow_up.case.lead
    update_client(client, by=by, now=MORNING, email_is_safe=False)
    assert refused(delivery).reason == "email_unsafe"
    assert FollowUp.objects.get(pk=delivery.follow_up_id).status == "skipped"


def test_a_plan_stopped_after_the_claim_skips_the_follow_up():
    delivery = claimed()
    stop_plan(delivery.follow_up, now=MORNING)
    (objection,) = hand_over([delivery], now=MORNING).values()
    assert (objection.reason, objection.skips_follow_up) == ("plan_stopped", True)
    resume_plan(delivery.follow_up, now=MORNING)
    assert passes(delivery, now=MORNING)


def test_an_address_suspended_after_the_claim_skips_the_follow_up():
    delivery = claimed()
    suspend_address(delivery.follow_up.client, address="", cause=SuspensionCause.BOUNCED, now=MORNING)
    objection = refused(delivery)
    assert (objection.reason, delivery.state) == ("address_suspended", "cancelled")
    assert FollowUp.objects.get(pk=delivery.follow_up_id).end_reason == "address_suspended"


def test_an_address_changed_after_the_claim_is_written_to_instead_of_the_old_one():
    delivery = claimed()
    client = delivery.follow_up.client
    update_client(
        type(client).objects.get(pk=client.pk), email="new@mail.example", by=delivery.follow_up.case.lead, now=MORNING
    )
    assert refused(delivery) == Objection(Reason.READDRESSED, "due", until=MORNING)
    (again,) = claim_due("worker", now=MORNING, limit=1)
    assert write_envelope(again, now=MORNING).recipient == "new@mail.example"
    assert passes(again, now=MORNING)


def test_a_withdrawal_stops_a_reminder_and_leaves_the_form_open():
    settle_accepted(handed_over(), code=250, now=MORNING)
    later = MORNING + 3 * DAY
    queue_reminders(now=later)
    (delivery,) = claim_due("worker", now=later, limit=1)
    withdraw_consent(delivery.follow_up.client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=later)
    refused(delivery, now=later)
    assert (delivery.state, FollowUp.objects.get(pk=delivery.follow_up_id).status) == ("cancelled", "sent")


def test_what_expired_since_the_claim_is_marked_so():
    delivery = claimed()
    FollowUp.objects.filter(pk=delivery.follow_up_id).update(expires_at=MORNING)
    assert refused(delivery).reason == "overdue"
    assert (delivery.state, ledger(delivery.follow_up)[-1]) == ("expired", ("expired", "overdue"))


def test_an_answer_that_came_meanwhile_makes_the_reminder_needless():
    settle_accepted(handed_over(), code=250, now=MORNING)
    later = MORNING + 3 * DAY
    queue_reminders(now=later)
    (delivery,) = claim_due("worker", now=later, limit=1)
    answer(FollowUp.objects.get(pk=delivery.follow_up_id), after=3 * DAY)
    assert refused(delivery, now=later).reason == "not_awaited"
    assert delivery.state == "cancelled"


def test_by_night_it_waits_for_the_morning_and_burns_no_attempt():
    delivery = claimed(now=EVENING - HOUR - timedelta(minutes=1))
    Delivery.objects.update(lease_until=EVENING + HOUR)
    objection = refused(delivery, now=EVENING)
    assert (objection.reason, delivery.state, delivery.attempt, delivery.owner) == ("quiet_hours", "due", 0, "")
    assert delivery.next_at == MORNING + 22 * HOUR  # the next morning at eight
    assert ledger(delivery.follow_up)[-1] == ("deferred", "quiet_hours")


def test_quiet_hours_that_are_none_never_hold_anything_up():
    case = single_case()
    type(case.clinic).objects.update(quiet_from=case.clinic.quiet_until)
    assert passes(claimed(case, now=EVENING), now=EVENING)


def test_a_second_email_to_the_same_client_waits_some_hours():
    """Two workers hold an email each, queued apart and both late."""
    case = single_case()
    first = claimed(case)
    queued(case, cadence=Cadence.DAILY)
    (second,) = claim_due("another", now=MORNING + 4 * HOUR, limit=1)
    Delivery.objects.update(lease_until=MORNING + 5 * HOUR)
    assert passes(first, now=MORNING + 4 * HOUR)
    objection = refused(second, now=MORNING + 4 * HOUR)
    assert (objection.reason, second.state, second.next_at) == ("too_soon", "due", MORNING + 8 * HOUR)


def test_a_second_email_to_somebody_else_does_not_wait():
    first, second = claimed(owner="one"), claimed(owner="two")
    assert hand_over([first, second], now=MORNING) == {}


def test_turning_down_what_another_has_taken_changes_nothing():
    late = claimed(owner="late")
    reclaim_expired(now=MORNING + HOUR)
    claim_due("quick", now=MORNING + HOUR, limit=1)
    turn_down(late, Objection("overdue", "expired"), now=MORNING + HOUR)
    assert Delivery.objects.get().owner == "quick"


def test_the_handoff_takes_a_fixed_number_of_queries(django_assert_num_queries):
    case = single_case()
    for hours in (0, 4, 8):
        delivery = claimed(case, now=MORNING + hours * HOUR)
        with django_assert_num_queries(5):  # savepoint, two for the facts, move, release
            assert passes(delivery, now=MORNING + hours * HOUR)
