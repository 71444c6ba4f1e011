from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from counseling.enums import DeliveryEventKind
from counseling.models import Delivery, FollowUp
from counseling.outbox.ledger import note_follow_ups
from counseling.queries.follow_up_status import FollowUpStatus, follow_up_status
from tests.counseling.outbox.mailing import HOUR, MORNING, claimed, due_follow_up, queued

pytestmark = pytest.mark.django_db
LATE = timedelta(minutes=15)


def status(*, now=MORNING) -> FollowUpStatus:
    return follow_up_status(now=now, late=LATE)


def test_due_counts_what_is_in_the_outbox_and_what_is_not_yet():
    queued()
    follow_up = due_follow_up()
    assert (status().due, status().late) == (2, 1)  # the invitation that was never queued fell due an hour ago
    assert status(now=follow_up.due_at).late == 0
    assert status(now=follow_up.due_at + LATE).late == 1


def test_the_outbox_is_counted_by_state():
    queued()
    delivery = claimed()
    Delivery.objects.filter(pk=delivery.pk).update(state="uncertain", lease_until=None)
    assert status().outbox == {"due": 1, "claimed": 0, "handoff": 0, "uncertain": 1, "dead": 0}


def test_only_open_questions_wait_for_a_person():
    for state in ("uncertain", "uncertain", "dead"):
        delivery = queued()
        Delivery.objects.filter(pk=delivery.pk).update(state=state)
    ended = FollowUp.objects.filter(deliveries__state="uncertain").first()
    FollowUp.objects.filter(pk=ended.pk).update(status="cancelled", ended_at=MORNING)
    assert status().awaiting_person == {"uncertain": 1, "dead": 1}


def test_the_last_hour_is_what_was_heard_within_it(time_machine):
    follow_up = due_follow_up()
    for hours, kind in ((2, DeliveryEventKind.ACCEPTED), (0.5, DeliveryEventKind.ACCEPTED), (0.1, "deferred")):
        time_machine.move_to(MORNING - hours * HOUR)
        note_follow_ups([follow_up.pk] * 2, DeliveryEventKind(kind), at=MORNING - hours * HOUR)
    assert status().last_hour == {"accepted": 2, "deferred": 2, "rejected": 0}


def test_it_takes_the_same_number_of_queries_however_much_there_is():
    counts = []
    for people in (1, 3):
        for _ in range(people):
            queued()
        with CaptureQueriesContext(connection) as queries:
            status()
        counts.append(len(queries))
    assert counts[0] == counts[1]
