from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.models import Delivery, FollowUp
from counseling.outbox.drain import drain
from counseling.outbox.sending import Ending
from tests.counseling.outbox.mailing import DAY, HOUR, MORNING, ScriptedTransport, due_follow_up, ledger
from tests.couples import answer, enrolled, wave

pytestmark = pytest.mark.django_db


def tick(now, transport: ScriptedTransport | None = None, **options):
    transport = transport or ScriptedTransport()
    return drain(clock=lambda: now, transport=lambda: transport, **options), transport


def test_one_tick_takes_a_couple_from_due_to_asked():
    enrollment = enrolled()
    report, transport = tick(MORNING)
    assert (report.verdicts, report.has_more) == ({"accepted": 2}, False)
    assert {envelope.recipient for envelope in transport.sent} == {member.email for member in enrollment.case.members}
    assert [follow_up.status for follow_up in wave(enrollment, 1)] == ["sent", "sent"]
    assert ledger(wave(enrollment, 1)[0]) == [
        ("planned", ""),
        ("queued", ""),
        ("claimed", ""),
        ("handed_over", ""),
        ("accepted", "250"),
    ]


def test_ticking_again_sends_nothing_again():
    enrolled()
    tick(MORNING)
    report, transport = tick(MORNING)
    assert (report.verdicts, transport.sent) == ({}, [])


def test_a_whole_plan_runs_its_course():
    """Fortnightly, six times, one reminder after three days; nobody ever answers."""
    enrollment = enrolled()
    transport = ScriptedTransport()
    for hours in range(0, 24 * 90, 12):
        tick(MORNING + hours * HOUR, transport)
    assert len(transport.sent) == 2 * 6 * 2
    assert set(enrollment.follow_ups.values_list("status", flat=True)) == {"expired"}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_who_has_answered_is_left_in_peace():
    enrollment = enrolled(occurrences=1)
    transport = ScriptedTransport()
    tick(MORNING, transport)
    answer(wave(enrollment, 1)[0])
    for hours in range(12, 24 * 10, 12):
        tick(MORNING + hours * HOUR, transport)
    assert [sum(e.recipient == member.email for e in transport.sent) for member in enrollment.case.members] == [1, 2]


def test_the_backlog_of_an_outage_goes_out_once_and_not_in_a_heap():
    due_follow_up(occurrences=3, every=1)
    transport = ScriptedTransport()
    for hours in range(0, 48, 1):
        tick(MORNING + 15 * DAY + hours * HOUR, transport)
    assert len(transport.sent) == 1
    rows = FollowUp.objects.order_by("occurrence").values_list("status", "end_reason")
    assert list(rows) == [("expired", "overdue"), ("expired", "overdue"), ("sent", "")]


def test_without_time_everything_is_left_for_the_next_tick():
    enrolled()
    report, transport = tick(MORNING, budget=timedelta())
    assert (report.ending, report.has_more, transport.sent) == (Ending.TIME_UP, True, [])
    assert set(Delivery.objects.values_list("state", flat=True)) == {"due"}


def test_an_empty_tick_is_cheap_and_connects_to_nothing(django_assert_num_queries):
    enrolled()
    with django_assert_num_queries(1):
        report, transport = tick(MORNING - DAY)
    assert (report.verdicts, transport.opened) == ({}, 0)
