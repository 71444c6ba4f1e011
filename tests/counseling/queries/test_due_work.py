from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.models import Delivery, FollowUp
from counseling.queries.due_work import is_anything_due
from tests.counseling.outbox.mailing import (
    DAY,
    HOUR,
    MORNING,
    claimed,
    counted_queries,
    due_follow_up,
    handed_over,
    queued,
    settle_accepted,
)
from tests.factories import CaseFactory, FindingFactory

pytestmark = pytest.mark.django_db
MOMENT = timedelta(milliseconds=1)


def begins(at) -> tuple[bool, bool]:
    """Whether something is due a moment before, and from then on."""
    return is_anything_due(now=at - MOMENT), is_anything_due(now=at)


def test_there_is_nothing_to_do_where_there_is_nothing():
    with counted_queries() as queries:
        assert is_anything_due(now=MORNING) is False
    assert len(queries) == 1


def test_a_follow_up_falls_due():
    assert begins(due_follow_up().due_at) == (False, True)


def test_an_email_may_leave():
    queued()
    Delivery.objects.update(next_at=MORNING + HOUR)
    assert begins(MORNING + HOUR) == (False, True)


def test_a_claim_runs_out():
    assert begins(claimed().lease_until) == (False, True)


def test_an_answer_is_not_waited_for_any_longer():
    handed_over()
    assert begins(MORNING + timedelta(minutes=30)) == (False, True)


def test_a_reminder_falls_due():
    settle_accepted(delivery := handed_over(), code=250, now=MORNING)
    remind_at = FollowUp.objects.get(pk=delivery.follow_up_id).next_reminder_at
    assert begins(remind_at) == (False, True)


def test_a_follow_up_is_over():
    settle_accepted(delivery := handed_over(max_reminders=0), code=250, now=MORNING)
    expires_at = FollowUp.objects.get(pk=delivery.follow_up_id).expires_at
    FollowUp.objects.exclude(pk=delivery.follow_up_id).update(due_at=expires_at + DAY, expires_at=expires_at + 2 * DAY)
    assert begins(expires_at) == (False, True)


def test_a_finding_that_was_put_aside_may_be_due_where_the_day_has_begun():
    case = CaseFactory()
    decided = {"decided_at": MORNING - 9 * DAY, "decided_by": case.lead}
    FindingFactory(case=case, status="watching", watch_until=MORNING.date(), **decided)
    begins_at = MORNING.replace(hour=10, minute=0) - DAY  # UTC+14
    assert begins(begins_at) == (False, True)
