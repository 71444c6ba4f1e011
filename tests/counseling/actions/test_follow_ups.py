from __future__ import annotations

import pytest

from counseling.actions.follow_ups import cancel_follow_up, skip_follow_up
from counseling.exceptions import IllegalMove, StaleState
from counseling.models import AuditEvent, Delivery, FollowUp
from tests.counseling.outbox.mailing import (
    MORNING,
    due_follow_up,
    handed_over,
    ledger,
    queued,
    settle_accepted,
)
from tests.couples import answer

pytestmark = pytest.mark.django_db


def stored(follow_up: FollowUp) -> FollowUp:
    return FollowUp.objects.get(pk=follow_up.pk)


@pytest.mark.parametrize(("end", "status"), [(skip_follow_up, "skipped"), (cancel_follow_up, "cancelled")])
def test_a_planned_one_is_ended_with_its_unsent_email(end, status):
    follow_up = queued().follow_up
    end(follow_up, by=follow_up.case.lead, now=MORNING)
    row = stored(follow_up)
    assert (row.status, row.ended_at, row.end_reason) == (status, MORNING, "by_staff")
    assert Delivery.objects.get().state == "cancelled"
    assert ledger(follow_up)[-1] == ("cancelled", "by_staff")
    event = AuditEvent.objects.get(action=f"follow_up.{status}")
    assert (event.actor, event.data) == (follow_up.case.lead, {"from_status": "planned"})


def test_one_that_was_asked_can_be_cancelled_but_not_skipped():
    delivery = handed_over()
    settle_accepted(delivery, code=250, now=MORNING)
    follow_up = stored(delivery.follow_up)
    with pytest.raises(IllegalMove):
        skip_follow_up(follow_up, by=follow_up.case.lead, now=MORNING)
    cancel_follow_up(follow_up, by=follow_up.case.lead, now=MORNING)
    assert stored(follow_up).status == "cancelled"


def test_an_answered_one_stays_as_it_is():
    follow_up = answer(due_follow_up())
    with pytest.raises(IllegalMove):
        cancel_follow_up(follow_up, by=follow_up.case.lead, now=MORNING)


def test_one_that_moved_meanwhile_is_a_conflict():
    stale = due_follow_up()
    answer(stored(stale))
    with pytest.raises(StaleState):
        cancel_follow_up(stale, by=stale.case.lead, now=MORNING)
    assert not AuditEvent.objects.filter(action="follow_up.cancelled").exists()


def test_ending_twice_is_no_legal_move():
    follow_up = due_follow_up()
    skip_follow_up(follow_up, by=follow_up.case.lead, now=MORNING)
    with pytest.raises(IllegalMove):
        skip_follow_up(follow_up, by=follow_up.case.lead, now=MORNING)
