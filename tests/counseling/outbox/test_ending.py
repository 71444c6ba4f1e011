from __future__ import annotations

import pytest

from counseling.enums import FollowUpStatus, Reason
from counseling.models import Delivery, FollowUp
from counseling.outbox.ending import end_follow_ups, expire_overdue
from tests.counseling.outbox.mailing import (
    MORNING,
    claimed,
    counted_queries,
    due_follow_up,
    handed_over,
    ledger,
    queued,
    settle_accepted,
)
from tests.couples import answer

pytestmark = pytest.mark.django_db


def test_what_is_past_its_last_moment_expires_with_its_unsent_email():
    delivery = queued(occurrences=1)
    follow_up = delivery.follow_up
    assert expire_overdue(now=follow_up.expires_at) == 1
    assert expire_overdue(now=follow_up.expires_at) == 0
    follow_up.refresh_from_db()
    delivery.refresh_from_db()
    assert (follow_up.status, follow_up.ended_at, follow_up.end_reason) == ("expired", follow_up.expires_at, "overdue")
    assert delivery.state == "expired"
    assert ledger(follow_up)[-1] == ("expired", "overdue")


def test_what_can_still_be_answered_does_not_expire():
    follow_up = due_follow_up(occurrences=1)
    assert expire_overdue(now=MORNING) == 0
    answer(follow_up)
    assert expire_overdue(now=follow_up.expires_at) == 0


def test_a_batch_is_limited():
    for _ in range(3):
        due_follow_up(occurrences=1)
    expiry = FollowUp.objects.first().expires_at
    assert [expire_overdue(now=expiry, limit=2) for _ in range(3)] == [2, 1, 0]


def test_an_email_already_handed_over_is_left_to_be_settled():
    delivery = handed_over(occurrences=1)
    expire_overdue(now=delivery.follow_up.expires_at)
    assert Delivery.objects.get().state == "handoff"
    settle_accepted(delivery, code=250, now=delivery.follow_up.expires_at)
    assert Delivery.objects.get().state == "sent"
    assert FollowUp.objects.get().status == "expired"


def test_only_what_may_end_that_way_does():
    asked = handed_over(occurrences=1)
    settle_accepted(asked, code=250, now=MORNING)
    unasked = due_follow_up(occurrences=1)
    ended = end_follow_ups(FollowUp.objects.all(), to=FollowUpStatus.SKIPPED, reason=Reason.BY_STAFF, now=MORNING)
    assert ended == 1
    assert set(FollowUp.objects.values_list("pk", "status")) == {(asked.follow_up_id, "sent"), (unasked.pk, "skipped")}


def test_ending_many_takes_as_many_queries_as_ending_one():
    counts = []
    for people in (1, 3):
        for _ in range(people):
            claimed(occurrences=1)
        with counted_queries() as queries:
            end_follow_ups(FollowUp.objects.all(), to=FollowUpStatus.CANCELLED, reason=Reason.BY_STAFF, now=MORNING)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}
