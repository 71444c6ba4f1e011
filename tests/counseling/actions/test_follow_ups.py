from __future__ import annotations

import pytest

from counseling.actions.answering import start_answering
from counseling.actions.follow_ups import ask_by_phone, cancel_follow_up, skip_follow_up
from counseling.exceptions import IllegalMove, LinkUnusable, StaleState
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
    assert (event.actor, event.data) == (follow_up.case.lead, {"from_status": "planned", "reason": "by_staff"})


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


def phone(follow_up: FollowUp) -> FollowUp:
    return ask_by_phone(follow_up, by=follow_up.case.lead, now=MORNING)


def test_a_planned_one_that_is_asked_by_phone_is_skipped_with_its_unsent_email():
    follow_up = queued().follow_up
    phone(follow_up)
    row = stored(follow_up)
    assert (row.status, row.ended_at, row.end_reason) == ("skipped", MORNING, "asked_by_phone")
    assert Delivery.objects.get().state == "cancelled"
    assert ledger(follow_up)[-1] == ("cancelled", "asked_by_phone")
    event = AuditEvent.objects.get(action="follow_up.skipped")
    assert (event.actor, event.data) == (
        follow_up.case.lead,
        {"from_status": "planned", "reason": "asked_by_phone"},
    )


def test_one_that_was_sent_or_opened_and_is_asked_by_phone_is_cancelled_and_its_link_opens_nothing():
    delivery = handed_over()
    settle_accepted(delivery, code=250, now=MORNING)
    phone(stored(delivery.follow_up))
    assert stored(delivery.follow_up).status == "cancelled"
    assert not stored(delivery.follow_up).is_answerable(MORNING)
    with pytest.raises(LinkUnusable):
        start_answering(stored(delivery.follow_up), language="en", now=MORNING)


def test_what_is_over_cannot_be_asked_by_phone_also_not_twice():
    answered = answer(due_follow_up())
    with pytest.raises(IllegalMove):
        phone(answered)
    follow_up = due_follow_up()
    phone(follow_up)
    with pytest.raises(IllegalMove):
        phone(follow_up)


def test_one_answered_meanwhile_keeps_its_answers():
    stale = due_follow_up()
    answer(stored(stale))
    with pytest.raises(StaleState):
        phone(stale)
    assert stored(stale).status == "completed"
    assert not AuditEvent.objects.filter(action="follow_up.skipped").exists()


def test_nothing_of_it_stays_when_the_ledger_cannot_be_written(monkeypatch):
    follow_up = queued().follow_up

    def fail(*_args, **_facts):
        raise RuntimeError

    monkeypatch.setattr("counseling.actions.follow_ups.note_follow_ups", fail)
    with pytest.raises(RuntimeError):
        phone(follow_up)
    assert (stored(follow_up).status, Delivery.objects.get().state) == ("planned", "due")
