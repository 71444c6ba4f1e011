from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.enums import DeliveryState, Reason
from counseling.models import Delivery
from counseling.outbox import claiming
from counseling.outbox.claiming import claim_due, new_owner, put_off, reclaim_expired, release_claims, renew_leases
from tests.counseling.outbox.mailing import HOUR, MORNING, claimed, counted_queries, handed_over, ledger, queued

pytestmark = pytest.mark.django_db
LEASE = timedelta(seconds=60)
SOON = MORNING + timedelta(seconds=30)


def states() -> list[tuple[str, str, int]]:
    return list(Delivery.objects.order_by("id").values_list("state", "owner", "attempt"))


def test_a_claim_has_an_owner_a_lease_and_one_more_attempt():
    queued()
    (delivery,) = claim_due("worker", now=MORNING, limit=10)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.owner, delivery.attempt) == ("claimed", "worker", 1)
    assert delivery.lease_until == MORNING + LEASE
    assert ledger(delivery.follow_up)[-1] == ("claimed", "")


def test_workers_get_disjoint_batches_longest_due_first():
    rows = [queued(now=MORNING + number * HOUR) for number in range(3)]
    first = claim_due("one", now=MORNING + 3 * HOUR, limit=2)
    second = claim_due("two", now=MORNING + 3 * HOUR, limit=2)
    assert ([row.pk for row in first], [row.pk for row in second]) == ([rows[0].pk, rows[1].pk], [rows[2].pk])
    assert claim_due("three", now=MORNING + 3 * HOUR, limit=2) == []


def test_what_is_not_due_yet_is_left():
    queued()
    assert claim_due("worker", now=MORNING - timedelta(seconds=1), limit=10) == []


def test_claiming_a_batch_takes_the_same_number_of_queries_however_many():
    counts = []
    for people in (1, 3):
        for _ in range(people):
            queued()
        with counted_queries() as queries:
            assert len(claim_due("worker", now=MORNING, limit=10)) == people
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_worker_that_makes_progress_keeps_its_lease():
    claimed()
    assert renew_leases("worker", now=SOON) == 1
    assert renew_leases("another", now=SOON) == 0
    assert Delivery.objects.get().lease_until == SOON + LEASE


def test_what_was_not_begun_is_put_back_unharmed():
    claimed(owner="worker")
    claimed(owner="another")
    assert release_claims("worker") == 1
    assert states() == [("due", "", 0), ("claimed", "another", 1)]


def test_what_is_put_off_waits_unharmed_each_until_its_own_instant():
    first, second = claimed(), claimed()
    put_off({first: SOON, second: MORNING + HOUR}, reason=Reason.DOMAIN_RATE, now=MORNING)
    rows = list(Delivery.objects.order_by("id").values_list("state", "owner", "attempt", "next_at"))
    assert rows == [("due", "", 0, SOON), ("due", "", 0, MORNING + HOUR)]
    assert ledger(first.follow_up)[-1] == ("deferred", "domain_rate")


def test_what_is_not_ours_any_more_is_not_put_off():
    delivery = claimed()
    Delivery.objects.update(owner="another")
    put_off({delivery: SOON}, reason=Reason.DOMAIN_RATE, now=MORNING)
    put_off({}, reason=Reason.DOMAIN_RATE, now=MORNING)
    assert states() == [("claimed", "another", 1)]


def test_a_lease_that_runs_is_left_alone():
    claimed()
    assert reclaim_expired(now=SOON) == 0


def test_a_lease_that_ran_out_is_taken_back_at_once():
    delivery = claimed()
    assert reclaim_expired(now=MORNING + LEASE) == 1
    row = Delivery.objects.get()
    assert (row.state, row.owner, row.lease_until, row.next_at) == ("due", "", None, MORNING + LEASE)
    assert ledger(delivery.follow_up)[-1] == ("deferred", "lease_ran_out")
    assert [row.attempt for row in claim_due("another", now=MORNING + LEASE, limit=1)] == [2]


def test_one_that_keeps_losing_its_workers_waits_longer_each_time(monkeypatch):
    monkeypatch.setattr(claiming, "jittered_delay", lambda failures: failures * HOUR)
    claimed()
    Delivery.objects.update(attempt=4)
    reclaim_expired(now=MORNING + LEASE)
    assert Delivery.objects.get().next_at == MORNING + LEASE + 3 * HOUR


def test_what_lost_its_worker_together_parts_ways(monkeypatch):
    delays = iter([HOUR, 2 * HOUR, 3 * HOUR])
    monkeypatch.setattr(claiming, "jittered_delay", lambda _: next(delays))
    for _ in range(3):
        queued()
    claim_due("worker", now=MORNING, limit=10)
    reclaim_expired(now=MORNING + LEASE)
    waits = {row.next_at - MORNING - LEASE for row in Delivery.objects.all()}
    assert waits == {HOUR, 2 * HOUR, 3 * HOUR}


def test_nobody_reclaims_a_handoff():
    handed_over()
    assert reclaim_expired(now=MORNING + 24 * HOUR) == 0
    assert Delivery.objects.get().state == DeliveryState.HANDOFF


def test_no_two_lives_of_a_worker_go_by_one_name():
    names = {new_owner() for _ in range(100)}
    assert len(names) == 100
    assert max(map(len, names)) <= 80
