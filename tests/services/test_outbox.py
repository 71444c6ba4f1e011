"""The outbox on PostgreSQL's own locks: workers that meet, people who revoke at the last moment, cheap empty ticks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from counseling import tasks
from counseling.actions.clients import update_client
from counseling.actions.consents import withdraw_consent
from counseling.actions.notices import take_notice
from counseling.actions.stopping import stop_plan
from counseling.actions.suspensions import suspend_address
from counseling.enums import ConsentPurpose, DeliveryEventKind, Reason, Runner, SuspensionCause
from counseling.models import Delivery, DeliveryEvent, FollowUp, Heartbeat, PlanStop
from counseling.outbox.circuit import Breaker, Leave
from counseling.outbox.claiming import claim_due, put_off
from counseling.outbox.facts import _STANDING, held_facts
from counseling.outbox.handoff import hand_over
from counseling.outbox.heartbeat import note_finish, note_start
from counseling.outbox.notices import Notice
from counseling.outbox.queueing import queue_invitations
from counseling.outbox.rate import hold_back
from counseling.outbox.settling import settle
from counseling.outbox.statements import execute
from counseling.queries.due_work import is_anything_due
from counseling.transport import Outcome, Verdict
from tests.load import due_follow_ups
from tests.stack import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def others():
    """Other processes' views of the database: threads with connections of their own."""
    with ThreadPoolExecutor(18) as threads:

        def run(work: Callable[[], Any]) -> Future[Any]:
            def work_and_hang_up() -> Any:
                try:
                    return work()
                finally:
                    connection.close()

            return threads.submit(work_and_hang_up)

        yield run


def queued(count: int, now: datetime) -> list[Delivery]:
    due_follow_ups(count, now=now)
    while queue_invitations(now=now):
        pass
    return list(Delivery.objects.select_related("follow_up__client"))


WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def waiting_for_locks() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(WAITING)
        return cursor.fetchone() is not None


def test_workers_that_claim_at_the_same_moment_get_disjoint_batches(now, others):
    queued(200, now)
    together = Barrier(8)

    def claim_all(name: str) -> list[Any]:
        together.wait(30)
        taken: list[Any] = []
        while batch := claim_due(name, now=now, limit=7):
            taken += [delivery.pk for delivery in batch]
        return taken

    batches = [others(lambda name=f"worker {n}": claim_all(name)) for n in range(8)]
    taken = [pk for batch in batches for pk in batch.result()]
    assert len(taken) == len(set(taken)) == 200


def test_drains_that_queue_at_the_same_moment_queue_each_email_once(now, others):
    due_follow_ups(200, now=now)
    together = Barrier(8)

    def queue_all() -> None:
        together.wait(30)
        while queue_invitations(now=now, limit=7):
            pass

    for done in [others(queue_all) for _ in range(8)]:
        done.result()
    assert Delivery.objects.count() == 200
    assert not FollowUp.objects.filter(queued_at__isnull=True).exists()


@pytest.mark.parametrize("times", [2, 6])
def test_each_part_of_a_tick_may_run_many_times_at_once(now, others, times):
    """As when there are two beats, and workers that are told the same twice."""
    due_follow_ups(120, now=now)
    overdue = due_follow_ups(60, now=now)
    FollowUp.objects.filter(pk__in=[row.pk for row in overdue]).update(expires_at=now)
    held = [row.pk for row in due_follow_ups(80, now=now)]
    queue_invitations(now=now, limit=500)
    dead, silent = held[:40], held[40:]
    Delivery.objects.filter(follow_up__in=dead).update(
        state="claimed", owner="gone", attempt=1, lease_until=now - timedelta(minutes=1)
    )
    Delivery.objects.filter(follow_up__in=silent).update(
        state="handoff", owner="gone", attempt=1, handed_over_at=now - timedelta(hours=1)
    )
    due_follow_ups(30, now=now)
    parts = [tasks.plan_follow_ups, tasks.expire_follow_ups, tasks.sweep_handoffs] * times
    together = Barrier(len(parts))

    def take(part: Callable[[], Any]) -> None:
        together.wait(30)
        part()

    for done in [others(lambda part=part: take(part)) for part in parts]:
        done.result()
    for part in parts[:3]:  # what was held by another at the moment
        part()
    assert FollowUp.objects.filter(status="expired").count() == 60
    assert set(Delivery.objects.filter(follow_up__in=dead).values_list("state", "attempt")) == {("due", 1)}
    assert set(Delivery.objects.filter(follow_up__in=silent).values_list("state", flat=True)) == {"uncertain"}
    assert not FollowUp.objects.unqueued(now).exists()
    entries = DeliveryEvent.objects.values_list("kind").annotate(Count("pk"))
    assert dict(entries) == {"queued": 230, "expired": 60, "deferred": 40, "handed_over": 40, "uncertain": 40}


def test_beats_at_the_same_moment_share_one_row(now, others):
    together = Barrier(8)

    def beat(number: int) -> None:
        together.wait(30)
        note_start(Runner.WORKER, now=now + timedelta(seconds=number))
        note_finish(Runner.WORKER, emails=number, now=now + timedelta(seconds=number))

    for done in [others(lambda number=number: beat(number)) for number in range(8)]:
        done.result()
    assert Heartbeat.objects.count() == 1


def test_of_many_workers_one_probes_a_server_that_refused_us(now, others):
    Breaker("first").hear([Outcome(Verdict.SETUP_REFUSED, 535)], now=now)
    together = Barrier(8)

    def ask(number: int) -> Leave:
        together.wait(30)
        return Breaker(f"worker {number}").ask(now=now + timedelta(minutes=1))

    leaves = [each.result() for each in [others(lambda number=number: ask(number)) for number in range(8)]]
    assert sorted(leaves, key=str) == [Leave.PROBE] + [Leave.WAIT] * 7


def test_workers_together_stay_within_a_domains_limit(now, others, settings):
    settings.COUNSELING = {**settings.COUNSELING, "DOMAIN_PER_MINUTE": 50}
    queued(200, now)
    together = Barrier(8)

    def take_up(name: str) -> int:
        together.wait(30)
        left = 0
        while batch := claim_due(name, now=now, limit=7):
            waiting = hold_back(batch, now=now)
            put_off(waiting, reason=Reason.DOMAIN_RATE, now=now)
            left += len(batch) - len(waiting)
        return left

    workers = [others(lambda n=n: take_up(f"worker {n}")) for n in range(8)]
    assert sum(each.result() for each in workers) == 50
    assert Delivery.objects.filter(state="due", attempt=0, next_at__gt=now).count() == 150
    returns = Delivery.objects.filter(state="due").order_by("next_at").values_list("next_at", flat=True)
    assert returns.distinct().count() == 150


def withdraw(delivery: Delivery) -> Any:
    client = delivery.follow_up.client
    return withdraw_consent(client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=datetime.now(UTC))


def mark_unsafe(delivery: Delivery) -> Any:
    by = delivery.follow_up.enrollment.started_by
    return update_client(delivery.follow_up.client, by=by, now=datetime.now(UTC), email_is_safe=False)


def suspend(delivery: Delivery) -> Any:
    cause = SuspensionCause.BOUNCED
    return suspend_address(delivery.follow_up.client, address="", cause=cause, now=datetime.now(UTC))


def stop_one_plan(delivery: Delivery) -> Any:
    return stop_plan(delivery.follow_up, now=datetime.now(UTC))


@pytest.mark.parametrize(
    ("revoke", "reason"),
    [
        (withdraw, "no_consent"),
        (mark_unsafe, "email_unsafe"),
        (suspend, "address_suspended"),
        (stop_one_plan, "plan_stopped"),
    ],
)
def test_the_handoff_waits_for_a_revocation_under_way_and_obeys_it(now, others, revoke, reason):
    queued(1, now)
    (delivery,) = claim_due("worker", now=now, limit=1)
    with transaction.atomic():
        revoke(delivery)
        handoff = others(lambda: hand_over([delivery], now=now))
        wait_until(waiting_for_locks)
        assert not handoff.done()
    objection = handoff.result()[delivery.pk]
    assert objection is not None
    assert objection.reason == reason


@pytest.mark.parametrize("revoke", [withdraw, mark_unsafe, suspend, stop_one_plan])
def test_a_revocation_waits_for_a_handoff_under_way(now, others, revoke):
    queued(1, now)
    (delivery,) = claim_due("worker", now=now, limit=1)
    with transaction.atomic():
        held_facts([delivery], now=now)
        revocation = others(lambda: revoke(delivery))
        wait_until(waiting_for_locks)
        assert not revocation.done()
    revocation.result()
    assert hand_over([delivery], now=now)[delivery.pk] is not None


def test_a_notice_posted_many_times_at_the_same_moment_is_taken_once(now, others):
    queued(1, now)
    (delivery,) = claim_due("worker", now=now, limit=1)
    assert hand_over([delivery], now=now) == {}
    together = Barrier(8)
    bounced = Notice(
        provider="Postmark",
        event_id="1",
        kind=DeliveryEventKind.BOUNCED,
        delivery=delivery.pk,
        is_lost=True,
        suspends=SuspensionCause.BOUNCED,
    )

    def post() -> bool:
        together.wait(30)
        return take_notice(bounced, now=now)

    assert sorted(each.result() for each in [others(post) for _ in range(8)]) == [False] * 7 + [True]
    assert DeliveryEvent.objects.filter(delivery=delivery, kind="bounced").count() == 1


def test_a_bounce_and_the_server_s_answer_at_the_same_moment_leave_it_dead(now, others):
    queued(20, now)
    claims = claim_due("worker", now=now, limit=20)
    assert hand_over(claims, now=now) == {}
    together = Barrier(2)

    def settle_all() -> None:
        together.wait(30)
        settle(dict.fromkeys(claims, Outcome(Verdict.ACCEPTED, 250)), now=now)

    def bounce_all() -> None:
        together.wait(30)
        for number, row in enumerate(claims):
            kind = DeliveryEventKind.BOUNCED
            take_notice(Notice(provider="P", event_id=str(number), kind=kind, delivery=row.pk, is_lost=True), now=now)

    for done in [others(settle_all), others(bounce_all)]:
        done.result()
    assert set(Delivery.objects.values_list("state", "follow_up__status")) == {("dead", "planned")}


def test_of_two_emails_to_one_client_handed_over_at_the_same_moment_one_waits(now, others):
    (first,) = queued(1, now)
    second = due_follow_ups(1, now=now)[0]
    same = {"client": first.follow_up.client, "case": first.follow_up.case, "clinic": first.follow_up.clinic}
    FollowUp.objects.filter(pk=second.pk).update(**same)
    queue_invitations(now=now)
    Delivery.objects.update(next_at=now)
    together = Barrier(2)

    def hand_over_one(name: str) -> Any:
        (delivery,) = claim_due(name, now=now, limit=1)
        together.wait(30)
        return hand_over([delivery], now=now).get(delivery.pk)

    outcomes = [each.result() for each in [others(lambda n=name: hand_over_one(n)) for name in ("one", "two")]]
    reasons = [outcome and str(outcome.reason) for outcome in outcomes]
    assert sorted(reasons, key=str) == [None, "too_soon"]


def test_looking_for_work_reads_a_partial_index_however_long_the_history(now):
    queued(1000, now)
    Delivery.objects.update(state="sent", accepted_at=now, handed_over_at=now)
    FollowUp.objects.update(status="expired", ended_at=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE counseling_followup, counseling_delivery")
    looked_for = {
        "follow_up_unqueued": FollowUp.objects.unqueued(now).order_by("due_at")[:500],
        "follow_up_overdue": FollowUp.objects.overdue(now).order_by("expires_at")[:500],
        "delivery_due": Delivery.objects.due(now).order_by("next_at", "id")[:50],
        "delivery_leased": Delivery.objects.lease_ran_out(now)[:500],
        "delivery_in_handoff": Delivery.objects.handoff_silent(now)[:500],
        "delivery_unresolved": Delivery.objects.filter(state="dead"),
    }
    assert {index: index in rows.explain() for index, rows in looked_for.items()} == dict.fromkeys(looked_for, True)
    reminders = FollowUp.objects.reminder_due(now).order_by("next_reminder_at")[:500].explain()
    assert "follow_up_reminder" in reminders or "follow_up_overdue" in reminders  # both hold awaited rows only


def test_finding_nothing_to_do_reads_no_table_however_much_is_awaited(now):
    queued(1000, now)
    later = now + timedelta(days=3)
    Delivery.objects.update(state="sent", accepted_at=now, handed_over_at=now)
    FollowUp.objects.update(status="sent", sent_at=now, next_reminder_at=later, expires_at=later + timedelta(days=1))
    due_follow_ups(1000, now=later)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as queries:
        assert is_anything_due(now=now) is False
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on counseling_followup" not in plan
    assert "Seq Scan on counseling_delivery" not in plan


def test_the_handoff_looks_up_its_own_clients_stops_among_however_many(now):
    deliveries = queued(1000, now)
    PlanStop.objects.bulk_create(
        PlanStop(
            client=row.follow_up.client,
            case_id=row.follow_up.case_id,
            plan_id=row.follow_up.enrollment.plan_id,
            stopped_at=now,
            taken_back_at=None if round_ == 0 else now,
        )
        for round_ in range(10)
        for row in deliveries
    )
    claims = claim_due("worker", now=now, limit=16)
    mails = [row.pk for row in claims]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        plan = execute(cursor, f"EXPLAIN {_STANDING}", deliveries=mails, now=now, since=now).fetchall()
    read = [line for (line,) in plan if " on counseling_planstop" in line]
    assert [line for line in read if "Seq Scan" in line] == []
    assert read != []
