from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from counseling.actions import ticking
from counseling.actions.ticking import expire_follow_ups, plan_follow_ups, run_tick, sweep_handoffs
from counseling.enums import FindingStatus, Runner
from counseling.models import Clinic, Delivery, FollowUp, Heartbeat
from tests.couples import enrolled
from tests.factories import FindingFactory

pytestmark = pytest.mark.django_db


def test_a_tick_sends_what_is_due_and_returns_what_was_put_aside():
    now = timezone.now()
    enrollment = enrolled()
    Clinic.objects.update(quiet_from="00:00", quiet_until="00:00")
    FollowUp.objects.filter(occurrence=1).update(due_at=now - timedelta(hours=1), expires_at=now + timedelta(days=6))
    finding = FindingFactory(
        case=enrollment.case,
        status=FindingStatus.WATCHING,
        watch_until=now.date(),
        decided_at=now,
        decided_by=enrollment.case.lead,
    )
    tick = run_tick(runner=Runner.WORKER)
    finding.refresh_from_db()
    assert (tick.verdicts, len(mail.outbox), finding.status) == ({"accepted": 2}, 2, "open")
    assert list(Heartbeat.objects.values_list("runner", "emails")) == [("worker", 2)]
    assert Heartbeat.objects.get().finished_at >= Heartbeat.objects.get().started_at >= now


def test_a_tick_that_fails_leaves_its_beginning_only(monkeypatch):
    def fail(**_: object) -> None:
        raise LookupError

    monkeypatch.setattr(ticking, "is_anything_due", lambda **_: True)
    monkeypatch.setattr(ticking, "drain", fail)
    with pytest.raises(LookupError):
        run_tick(runner=Runner.COMMAND)
    assert list(Heartbeat.objects.values_list("runner", "finished_at")) == [("command", None)]


def test_each_part_does_its_own_and_nothing_when_repeated():
    now = timezone.now()
    enrollment = enrolled()
    later = now + timedelta(days=6)
    FollowUp.objects.filter(occurrence=1).update(due_at=now - timedelta(hours=1), expires_at=later)
    FollowUp.objects.filter(occurrence=2).update(due_at=now - timedelta(days=8), expires_at=now - timedelta(days=1))
    FollowUp.objects.filter(occurrence__gt=2).update(due_at=later, expires_at=later + timedelta(days=1))
    assert (expire_follow_ups(), expire_follow_ups()) == (2, 0)
    assert (plan_follow_ups(), plan_follow_ups()) == (2, 0)
    assert set(enrollment.follow_ups.filter(occurrence=2).values_list("status", flat=True)) == {"expired"}
    first, second = Delivery.objects.order_by("id")
    Delivery.objects.filter(pk=first.pk).update(state="claimed", owner="gone", attempt=1, lease_until=now)
    Delivery.objects.filter(pk=second.pk).update(state="handoff", owner="gone", handed_over_at=now - timedelta(hours=1))
    assert (sweep_handoffs(), sweep_handoffs()) == (2, 0)
    assert list(Delivery.objects.order_by("id").values_list("state", flat=True)) == ["due", "uncertain"]


def test_a_tick_with_nothing_to_do_asks_once_and_leaves_its_heartbeat(django_assert_num_queries):
    with django_assert_num_queries({"sqlite": 4, "postgresql": 6}[connection.vendor]):  # PostgreSQL's clock and commit
        assert run_tick(runner=Runner.COMMAND).verdicts == {}
    beat = Heartbeat.objects.get()
    assert (beat.runner, beat.finished_at) == ("command", beat.started_at)
