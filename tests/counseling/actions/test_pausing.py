from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError

from counseling.actions.answering import start_answering
from counseling.actions.deliveries import resend_delivery
from counseling.actions.enrollments import end_enrollment
from counseling.actions.pausing import pause_enrollment, resume_enrollment
from counseling.actions.sessions import schedule_session
from counseling.enums import Anchor, Cadence
from counseling.exceptions import IllegalMove, StaleState
from counseling.models import AuditEvent, Delivery, Enrollment, FollowUp, Pause
from counseling.outbox.claiming import claim_due
from counseling.outbox.ending import expire_overdue
from counseling.outbox.queueing import queue_invitations, queue_reminders
from counseling.outbox.settling import mark_uncertain
from counseling.planning.rehearsal import rehearse
from tests.counseling.outbox.mailing import (
    MORNING,
    claimed,
    counted_queries,
    handed_over,
    ledger,
    passes,
    settle_accepted,
)
from tests.counseling.planning.cases import START, dates_of, on_plan
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def pause(enrollment, now=NOW):
    return pause_enrollment(enrollment, by=enrollment.case.lead, now=now)


def resume(enrollment, now, *, moves_later=False):
    return resume_enrollment(enrollment, moves_later=moves_later, by=enrollment.case.lead, now=now)


def test_a_pause_holds_back_what_nobody_was_asked_yet():
    enrollment = on_plan({"occurrences": 2})
    pause(enrollment)
    assert set(FollowUp.objects.values_list("status", flat=True)) == {"paused"}
    queue_invitations(now=MORNING)
    expire_overdue(now=MORNING + 60 * DAY)
    assert not Delivery.objects.exists()
    assert set(FollowUp.objects.values_list("status", flat=True)) == {"paused"}
    assert ledger(FollowUp.objects.first()) == [("planned", ""), ("paused", "")]
    stored = Pause.objects.get()
    assert (stored.from_day, stored.paused_at, stored.paused_by, stored.until_day) == (
        NOW.date(),
        NOW,
        enrollment.case.lead,
        None,
    )
    assert AuditEvent.objects.get(action="enrollment.paused").data == {"paused": 4}


def test_a_pause_takes_back_what_a_worker_has_claimed():
    delivery = claimed()
    pause(delivery.follow_up.enrollment, MORNING)
    assert Delivery.objects.get().state == "cancelled"
    assert not passes(delivery, now=MORNING)
    assert FollowUp.objects.get(pk=delivery.follow_up_id).queued_at is None


def test_an_email_that_is_just_leaving_is_not_held_back():
    delivery = handed_over()
    pause(delivery.follow_up.enrollment, MORNING)
    assert FollowUp.objects.get(pk=delivery.follow_up_id).status == "planned"
    settle_accepted(delivery, code=250, now=MORNING)
    assert FollowUp.objects.get(pk=delivery.follow_up_id).status == "sent"


def test_links_that_are_out_can_be_answered_and_are_not_reminded_of():
    delivery = handed_over()
    settle_accepted(delivery, code=250, now=MORNING)
    follow_up = FollowUp.objects.get(pk=delivery.follow_up_id)
    queue_reminders(now=follow_up.next_reminder_at)
    pause(follow_up.enrollment, follow_up.next_reminder_at)
    assert sorted(Delivery.objects.values_list("kind", "state")) == [("invitation", "sent"), ("reminder", "cancelled")]
    follow_up.refresh_from_db()
    assert follow_up.next_reminder_at is None
    assert start_answering(follow_up, language="en", now=MORNING + 4 * DAY).status == "draft"


def test_an_email_that_is_claimed_later_is_not_sent_while_paused():
    delivery = claimed()
    Enrollment.objects.update(status="paused")
    assert not passes(delivery, now=MORNING)


def test_what_fell_into_the_pause_is_left_out_and_the_rest_goes_on():
    enrollment = on_plan({"occurrences": 3})
    pause(enrollment)
    resume(enrollment, MORNING + 2 * DAY)
    assert dates_of(enrollment) == [(2, START + 7 * DAY), (3, START + 14 * DAY)]
    assert dates_of(enrollment, "skipped") == [(1, START)]
    left_out = FollowUp.objects.filter(status="skipped").first()
    assert (left_out.end_reason, left_out.ended_at) == ("pause", MORNING + 2 * DAY)
    assert ledger(FollowUp.objects.filter(occurrence=2).first())[-2:] == [("paused", ""), ("resumed", "")]
    stored = Pause.objects.get()
    assert (stored.until_day, stored.moves_later, stored.resumed_by) == (date(2026, 3, 5), False, enrollment.case.lead)
    data = AuditEvent.objects.get(action="enrollment.resumed").data
    assert data == {"moves_later": False, "left_out": 2, "resumed": 4}


def test_everything_that_is_left_may_come_later_by_the_pause_s_length():
    enrollment = on_plan({"occurrences": 3}, end_on=date(2026, 3, 17))
    FollowUp.objects.filter(occurrence=1).update(status="sent", sent_at=MORNING, queued_at=MORNING)
    pause(enrollment, MORNING + DAY)
    resume(enrollment, MORNING + 11 * DAY, moves_later=True)
    assert dates_of(enrollment) == [(2, START + 17 * DAY), (3, START + 24 * DAY)]
    assert dates_of(enrollment, "sent") == [(1, START)]
    assert Enrollment.objects.get().end_on == date(2026, 3, 27)
    assert AuditEvent.objects.get(action="enrollment.resumed").data == {"moves_later": True, "moved": 4}
    queue_invitations(now=MORNING + 17 * DAY)
    assert Delivery.objects.count() == 2


def test_two_pauses_add_up():
    enrollment = on_plan({"occurrences": 2})
    for number in range(2):
        pause(enrollment, NOW + 2 * number * DAY)
        resume(enrollment, NOW + (2 * number + 1) * DAY, moves_later=True)
    assert dates_of(enrollment) == [(1, START + 2 * DAY), (2, START + 9 * DAY)]


def test_what_a_session_brings_keeps_its_own_date_and_falls_into_the_pause():
    enrollment = on_plan({"anchor": Anchor.AFTER_SESSION, "cadence": Cadence.ONCE})
    pause(enrollment)
    schedule_session(enrollment.case, starts_at=NOW + 2 * DAY, by=enrollment.case.lead, now=NOW)
    assert set(FollowUp.objects.values_list("status", flat=True)) == {"paused"}
    resume(enrollment, NOW + 5 * DAY, moves_later=True)
    assert set(FollowUp.objects.values_list("status", "end_reason")) == {("skipped", "pause")}


def test_a_resumption_is_shown_before():
    enrollment = on_plan({"occurrences": 3})
    pause(enrollment)
    later = MORNING + 9 * DAY
    left_out = rehearse(lambda: resume(Enrollment.objects.get(), later))
    moved = rehearse(lambda: resume(Enrollment.objects.get(), later, moves_later=True))
    assert (left_out.counts, moved.counts) == ({"left_out": 4, "resumed": 2}, {"moved": 6})
    assert Enrollment.objects.get().status == "paused"


def test_a_paused_plan_is_ended_like_any_other():
    enrollment = on_plan({"occurrences": 2})
    pause(enrollment)
    end_enrollment(enrollment, by=enrollment.case.lead, now=NOW)
    assert set(FollowUp.objects.values_list("status", flat=True)) == {"cancelled"}


def test_only_a_running_plan_is_paused_and_only_a_paused_one_resumed():
    enrollment = on_plan({"occurrences": 1})
    with pytest.raises(IllegalMove):
        resume(enrollment, NOW)
    pause(enrollment)
    with pytest.raises(IllegalMove):
        pause(enrollment)
    assert Pause.objects.count() == 1


def test_of_two_at_once_one_wins():
    enrollment = on_plan({"occurrences": 1})
    stale = Enrollment.objects.get()
    pause(enrollment)
    with pytest.raises(StaleState):
        pause(stale)
    stale = Enrollment.objects.get()
    resume(enrollment, NOW + DAY)
    with pytest.raises(StaleState):
        resume(stale, NOW + DAY)
    assert AuditEvent.objects.filter(action="enrollment.resumed").count() == 1


def test_when_the_audit_fails_nothing_was_paused(monkeypatch):
    enrollment = on_plan({"occurrences": 1})

    def fail(*_args, **_kwargs):
        raise DatabaseError

    monkeypatch.setattr(AuditEvent.objects, "bulk_create", fail)
    with pytest.raises(DatabaseError):
        pause(enrollment)
    assert Enrollment.objects.get().status == "active"
    assert set(FollowUp.objects.values_list("status", flat=True)) == {"planned"}


def test_a_long_plan_takes_as_many_queries_as_a_short_one():
    counts = []
    for occurrences in (1, 12):
        enrollment = on_plan({"occurrences": occurrences})
        with counted_queries() as queries:
            pause(enrollment)
            resume(enrollment, NOW + DAY, moves_later=True)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_resumed_email_that_was_claimed_before_is_queued_anew():
    delivery = claimed()
    enrollment = delivery.follow_up.enrollment
    pause(enrollment, MORNING)
    resume(enrollment, MORNING + timedelta(minutes=5), moves_later=True)
    queue_invitations(now=MORNING + timedelta(minutes=6))
    assert sorted(Delivery.objects.values_list("number", "state")) == [(1, "cancelled"), (2, "due")]
    assert len(claim_due("worker", now=MORNING + timedelta(minutes=6), limit=5)) == 1


def test_who_was_asked_before_is_reminded_again_after_it():
    enrollment = on_plan({"occurrences": 1, "max_reminders": 3, "open_days": 30, "reminder_after_days": 3})
    queue_invitations(now=MORNING)
    delivery = claim_due("worker", now=MORNING, limit=1)[0]
    assert passes(delivery, now=MORNING)
    settle_accepted(delivery, code=250, now=MORNING)
    row = FollowUp.objects.get(pk=delivery.follow_up_id)
    at = row.next_reminder_at
    queue_reminders(now=at)
    pause(enrollment, now=at)
    assert ledger(row)[-1] == ("cancelled", "pause")
    resume(Enrollment.objects.get(), at + DAY)
    row.refresh_from_db()
    assert (row.status, row.next_reminder_at > at + DAY) == ("sent", True)
    queue_reminders(now=row.next_reminder_at)
    reminders = row.deliveries.filter(kind="reminder").order_by("number")
    assert list(reminders.values_list("number", "state")) == [(1, "cancelled"), (2, "due")]


def test_an_email_in_doubt_that_is_to_be_sent_again_may_be_with_the_client():
    enrollment = on_plan({"occurrences": 1})
    queue_invitations(now=MORNING)
    delivery = claim_due("worker", now=MORNING, limit=1)[0]
    assert passes(delivery, now=MORNING)
    mark_uncertain(now=MORNING + timedelta(hours=1))
    doubted = Delivery.objects.select_related("follow_up__client", "follow_up__enrollment").get(pk=delivery.pk)
    resend_delivery(doubted, by=enrollment.case.lead, now=MORNING + DAY)
    pause(enrollment, now=MORNING + DAY)
    asked = FollowUp.objects.get(pk=delivery.follow_up_id)
    assert (asked.status, asked.is_answerable(MORNING + DAY)) == ("planned", True)
    resume(Enrollment.objects.get(), MORNING + 2 * DAY)
    assert asked.deliveries.count() == 1
