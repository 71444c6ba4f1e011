"""Several emails handed over, sent and settled together."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from counseling.actions.clients import update_client
from counseling.actions.consents import withdraw_consent
from counseling.contact import obstacles
from counseling.enums import Cadence, ConsentPurpose
from counseling.models import Client, Consent, Delivery, FollowUp
from counseling.outbox.claiming import claim_due
from counseling.outbox.handoff import hand_over
from counseling.outbox.sending import Ending, Sender
from counseling.outbox.settling import mark_uncertain, settle
from counseling.transport import Outcome, Verdict
from tests.counseling.outbox.mailing import (
    DAY,
    HOUR,
    MORNING,
    ScriptedTransport,
    counted_queries,
    ledger,
    queued,
    single_case,
)

pytestmark = pytest.mark.django_db


def send(transport: ScriptedTransport, *, now=MORNING) -> Ending:
    return Sender(transport, clock=lambda: now).send_due(until=monotonic() + 60)


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def group_of(count: int) -> list[Delivery]:
    for _ in range(count):
        queued()
    return claim_due("worker", now=MORNING, limit=count)


def withdraw(delivery: Delivery) -> None:
    client = delivery.follow_up.client
    withdraw_consent(client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=MORNING)


def mark_unsafe(delivery: Delivery) -> None:
    update_client(delivery.follow_up.client, by=delivery.follow_up.case.lead, now=MORNING, email_is_safe=False)


def let_expire(delivery: Delivery) -> None:
    FollowUp.objects.filter(pk=delivery.follow_up_id).update(expires_at=MORNING)


def reclaim(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(owner="another")


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (withdraw, "cancelled"),
        (mark_unsafe, "cancelled"),
        (let_expire, "expired"),
        (reclaim, "claimed"),
    ],
)
def test_what_happens_to_one_of_a_group_before_the_handoff_stops_that_one_only(event, state):
    deliveries = [queued() for _ in range(4)]
    transport = ScriptedTransport(room=4)
    first = ScriptedTransport.send

    def send_and_interfere(group, permit):
        if deliveries[2].pk in group:
            transport.before_handoff = [lambda: event(Delivery.objects.get(pk=deliveries[2].pk))]
        outcomes = first(transport, group, permit)
        transport.before_handoff = []
        return outcomes

    transport.send = send_and_interfere
    send(transport)
    assert states() == ["sent", "sent", state, "sent"]
    assert (len(transport.sent), transport.groups) == (3, [1, 2, 1])


def test_one_written_to_meanwhile_waits_while_the_others_leave():
    deliveries = group_of(3)
    other = queued(deliveries[1].follow_up.case, cadence=Cadence.DAILY)
    Delivery.objects.filter(pk=other.pk).update(state="sent", accepted_at=MORNING, handed_over_at=MORNING)
    objections = hand_over(deliveries, now=MORNING)
    assert {pk: str(each.reason) for pk, each in objections.items()} == {deliveries[1].pk: "too_soon"}
    assert objections[deliveries[1].pk].until == MORNING + 4 * HOUR


def test_of_two_emails_to_one_client_in_a_group_the_second_waits():
    case = single_case()
    first, second = queued(case), queued(case, cadence=Cadence.DAILY)
    Delivery.objects.update(next_at=MORNING)
    group = claim_due("worker", now=MORNING, limit=2)
    assert len(group) == 2
    objections = hand_over(group, now=MORNING)
    assert [str(each.reason) for each in objections.values()] == ["too_soon"]
    assert sorted(states()) == ["claimed", "handoff"]
    assert [each.until for each in objections.values()] == [MORNING + 4 * HOUR]
    assert {first.pk, second.pk} > set(objections)


def test_handing_over_and_settling_many_takes_as_many_queries_as_one():
    counts = []
    for count in (1, 5):
        group = group_of(count)
        with counted_queries() as queries:
            assert hand_over(group, now=MORNING) == {}
            settle(dict.fromkeys(group, Outcome(Verdict.ACCEPTED, 250)), now=MORNING)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert states() == ["sent"] * 6


def test_settling_a_group_writes_each_its_own_outcome_and_reminder():
    later = queued(reminder_after_days=5)
    group = [*group_of(3)]
    hand_over(group, now=MORNING)
    verdicts = [Outcome(Verdict.ACCEPTED, 250), Outcome(Verdict.ACCEPTED, 251), Outcome(Verdict.REFUSED, 550)]
    outcomes = dict(zip(sorted(group, key=lambda row: row.pk), verdicts, strict=True))
    settle(outcomes, now=MORNING)
    rows = list(Delivery.objects.order_by("id").values_list("state", "smtp_code"))
    assert rows == [("sent", 250), ("sent", 251), ("dead", 550), ("due", None)]
    asked = FollowUp.objects.filter(status="sent")
    assert sorted(round((row.next_reminder_at - row.due_at) / DAY) for row in asked) == [3, 5]
    assert ledger(later.follow_up)[-2:] == [("handed_over", ""), ("accepted", "250")]


def test_groups_grow_with_the_answers():
    for _ in range(12):
        queued()
    transport = ScriptedTransport(room=4)
    assert send(transport) == Ending.EMPTY
    assert transport.groups == [1, 2, 4, 4, 1]
    assert states() == ["sent"] * 12


def test_a_silent_answer_is_settled_when_it_comes():
    deliveries = [queued() for _ in range(3)]

    class Slow(ScriptedTransport):
        def send(self, group, permit):
            outcomes = super().send(group, permit)
            if deliveries[1].pk in outcomes:
                self.silent[deliveries[1].pk] = outcomes.pop(deliveries[1].pk)
            seen.append(states())
            return outcomes

    seen: list[list[str]] = []
    assert send(Slow(room=2)) == Ending.EMPTY
    assert seen == [["handoff", "claimed", "claimed"], ["sent", "handoff", "handoff"]]
    assert states() == ["sent"] * 3


def test_nothing_new_is_begun_while_nothing_at_all_is_answered():
    for _ in range(3):
        queued()

    class Mute(ScriptedTransport):
        def send(self, group, permit):
            self.silent |= dict.fromkeys(super().send(group, permit), Outcome(Verdict.UNKNOWN))
            return {}

    transport = Mute(room=3)
    assert send(transport) == Ending.STOPPED
    assert (transport.groups, states()) == ([1], ["handoff", "due", "due"])


def test_a_crash_between_the_commit_and_the_dots_leaves_all_of_them_uncertain_and_none_resent():
    for _ in range(3):
        queued()
    with pytest.raises(SystemExit):
        send(ScriptedTransport(None, SystemExit(), SystemExit(), room=3))
    assert states() == ["sent", "handoff", "handoff"]
    mark_uncertain(now=MORNING + timedelta(minutes=31))
    transport = ScriptedTransport(room=3)
    send(transport, now=MORNING + HOUR)
    assert (transport.sent, states()) == ([], ["sent", "uncertain", "uncertain"])


# --- The fence and the rules in words -----------------------------------------------------------------

CHANGES = {
    "nothing": lambda row: None,
    "consent withdrawn": lambda row: Consent.objects.filter(client=row.follow_up.client).update(withdrawn_at=MORNING),
    "unsafe": lambda row: clients(row).update(email_is_safe=False),
    "no address": lambda row: clients(row).update(email_index=""),
    "no zone": lambda row: clients(row).update(time_zone=""),
    "unknown zone": lambda row: clients(row).update(time_zone="Atlantis/Capital"),
    "address changed": lambda row: clients(row).update(email_index="another"),
    "expired": let_expire,
    "lease ran out": lambda row: Delivery.objects.filter(pk=row.pk).update(lease_until=MORNING),
    "claimed by another": reclaim,
    "tried again": lambda row: Delivery.objects.filter(pk=row.pk).update(attempt=2),
    "withdrawn from the outbox": lambda row: Delivery.objects.filter(pk=row.pk).update(state="due", lease_until=None),
}
LOST = {"lease ran out", "claimed by another", "tried again", "withdrawn from the outbox"}


def clients(row: Delivery):
    return Client.objects.filter(pk=row.follow_up.client_id)


def expected(row: Delivery, changes: set[str]) -> str | None:
    """What should stand against it, by the words of `obstacles`; "lost" when it is not ours."""
    if changes & LOST:
        return "lost"
    if "expired" in changes:
        return "overdue"
    client = Client.objects.get(pk=row.follow_up.client_id)
    reasons = obstacles(client, agrees=client.agrees_to(ConsentPurpose.FOLLOW_UP_EMAIL))
    if reasons:
        return str(reasons[0])
    return "readdressed" if "address changed" in changes else None


@settings(max_examples=40)
@given(changes=st.lists(st.sets(st.sampled_from(sorted(CHANGES)), max_size=2), min_size=4, max_size=4))
def test_the_handoff_of_a_group_agrees_with_the_rules_for_each(changes):
    beginning = connection.savepoint()
    group = group_of(4)
    for row, names in zip(group, changes, strict=True):
        for name in sorted(names):
            CHANGES[name](row)
    wanted = {row.pk: expected(row, names) for row, names in zip(group, changes, strict=True)}
    objections = hand_over(group, now=MORNING)
    found = {
        row.pk: "lost" if objections[row.pk] is None else str(objections[row.pk].reason)
        for row in group
        if row.pk in objections
    }
    passed = set(Delivery.objects.filter(state="handoff").values_list("pk", flat=True))
    connection.savepoint_rollback(beginning)
    assert found == {pk: reason for pk, reason in wanted.items() if reason is not None}
    assert passed == {pk for pk, reason in wanted.items() if reason is None}
