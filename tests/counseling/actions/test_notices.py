from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from counseling.actions.clients import update_client
from counseling.actions.deliveries import resend_delivery
from counseling.actions.notices import take_notice
from counseling.actions.suspensions import lift_suspension
from counseling.contact import is_suspended
from counseling.enums import ConsentPurpose, DeliveryEventKind, SuspensionCause
from counseling.exceptions import ConsentMissing
from counseling.models import AuditEvent, Client, Delivery, DeliveryEvent, FollowUp, ProviderNotice
from counseling.outbox.claiming import claim_due
from counseling.outbox.handoff import hand_over
from counseling.outbox.notices import Notice
from counseling.outbox.queueing import queue_invitations
from tests.counseling.outbox.mailing import (
    DAY,
    HOUR,
    MORNING,
    claimed,
    client_of,
    handed_over,
    ledger,
    passes,
    queued,
    settle_accepted,
)

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(minutes=5)
HARD = {"kind": DeliveryEventKind.BOUNCED, "is_lost": True, "suspends": SuspensionCause.BOUNCED, "detail": "5.1.1"}
COMPLAINT = {"kind": DeliveryEventKind.COMPLAINED, "suspends": SuspensionCause.COMPLAINED}
UNSUBSCRIBED = {"kind": DeliveryEventKind.UNSUBSCRIBED, "stops": True}


def notice(delivery: Delivery, *, event_id: str = "1", **details) -> Notice:
    return Notice(provider="Postmark", event_id=event_id, **{"delivery": delivery.pk, **HARD, **details})


def tell(delivery: Delivery, *, now=LATER, **details) -> bool:
    return take_notice(notice(delivery, **details), now=now)


def sent() -> Delivery:
    delivery = handed_over()
    settle_accepted(delivery, code=250, now=MORNING)
    return delivery


def reread(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_related("follow_up__client", "follow_up__enrollment").get(pk=delivery.pk)


def readdress(client: Client) -> None:
    update_client(Client.objects.get(pk=client.pk), by=client.registered_by, now=LATER, email="new@mail.example")


def actions() -> list[str]:
    ours = AuditEvent.objects.exclude(action__in=["enrollment.started"]).order_by("clinic", "sequence")
    return list(ours.values_list("action", flat=True))


def test_a_bounce_for_good_suspends_the_address_and_marks_the_email():
    delivery = sent()
    assert tell(delivery, recipient=client_of(delivery).email) is True
    row = reread(delivery)
    assert (row.state, row.follow_up.status, is_suspended(row.follow_up.client)) == ("dead", "planned", True)
    assert ledger(row.follow_up)[-1] == ("bounced", "5.1.1")
    assert actions() == ["client.address_suspended"]
    stored = ProviderNotice.objects.get()
    assert (stored.delivery_id, stored.provider, stored.kind) == (row.pk, "Postmark", "bounced")


def test_a_complaint_suspends_the_address_of_an_email_that_arrived():
    delivery = sent()
    tell(delivery, **{**COMPLAINT, "is_lost": False, "detail": ""})
    row = reread(delivery)
    assert (row.state, row.follow_up.client.suspended_for) == ("sent", "complained")
    assert ledger(row.follow_up)[-1] == ("complained", "")


def test_a_bounce_that_may_pass_suspends_nothing():
    delivery = sent()
    tell(delivery, suspends=None)
    row = reread(delivery)
    assert (row.state, is_suspended(row.follow_up.client), actions()) == ("dead", False, [])


def test_to_unsubscribe_at_the_provider_is_to_stop_here():
    delivery = sent()
    tell(delivery, **UNSUBSCRIBED, is_lost=False, suspends=None, detail="")
    client = reread(delivery).follow_up.client
    assert (client.agrees_to(ConsentPurpose.FOLLOW_UP_EMAIL), is_suspended(client)) == (False, False)
    assert client.consents.get().withdrawn_by is None
    assert actions() == ["consent.withdrawn"]


@pytest.mark.parametrize("details", [HARD, COMPLAINT, UNSUBSCRIBED], ids=["bounced", "complained", "unsubscribed"])
def test_a_replay_changes_nothing(details):
    delivery = sent()
    assert tell(delivery, **details) is True
    before = (actions(), DeliveryEvent.objects.count(), reread(delivery).state)
    assert tell(delivery, **details, now=LATER + HOUR) is False
    assert (actions(), DeliveryEvent.objects.count(), reread(delivery).state) == before


def test_a_replay_after_the_suspension_was_lifted_does_not_bring_it_back():
    delivery = sent()
    tell(delivery)
    client = reread(delivery).follow_up.client
    lift_suspension(client, by=client.registered_by, now=LATER)
    assert tell(delivery, now=LATER + HOUR) is False
    assert not is_suspended(reread(delivery).follow_up.client)


def test_an_unknown_email_is_let_go_with_a_line_that_names_nobody(caplog):
    delivery = sent()
    with caplog.at_level(logging.INFO):
        stranger = Notice(provider="Postmark", event_id="1", **HARD, message_id="<x@y>", recipient="iris@mail.example")
        assert take_notice(stranger, now=LATER) is False
    assert caplog.messages == ["a notice from Postmark (bounced) is about no email of ours"]
    assert (reread(delivery).state, ProviderNotice.objects.count()) == ("sent", 0)


def test_what_is_out_of_time_is_let_go(caplog):
    delivery = sent()
    assert tell(delivery, occurred_at=LATER - 8 * DAY, recipient="iris@mail.example") is False
    assert (reread(delivery).state, ProviderNotice.objects.count()) == ("sent", 0)
    assert "iris" not in caplog.text


def test_nothing_of_it_happens_when_it_cannot_be_audited(monkeypatch):
    delivery = sent()
    monkeypatch.setattr("counseling.actions.base._append", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tell(delivery)
    row = reread(delivery)
    assert (row.state, is_suspended(row.follow_up.client), ProviderNotice.objects.count()) == ("sent", False, 0)


# --- What follows for the emails to come -----------------------------------------------------------


def test_an_email_claimed_before_the_bounce_is_withheld_at_handoff():
    delivery = claimed()
    client = client_of(delivery)
    tell(delivery, recipient=client.email, now=MORNING)
    (objection,) = hand_over([delivery], now=MORNING).values()
    assert (objection.reason, objection.state, objection.skips_follow_up) == ("address_suspended", "cancelled", True)


def test_the_next_occasions_are_skipped_with_the_reason_until_the_address_is_new():
    delivery = sent()
    tell(delivery)
    second, third = FollowUp.objects.order_by("due_at")[1:3]
    queue_invitations(now=second.due_at)
    second.refresh_from_db()
    assert (second.status, second.end_reason) == ("skipped", "address_suspended")
    readdress(second.client)
    queue_invitations(now=third.due_at)
    assert third.deliveries.count() == 1


def test_what_came_back_is_sent_again_to_a_new_address_only():
    delivery = sent()
    tell(delivery)
    row = reread(delivery)
    staff = row.follow_up.client.registered_by
    with pytest.raises(ConsentMissing, match="came back"):
        resend_delivery(row, by=staff, now=LATER)
    readdress(row.follow_up.client)
    resend_delivery(reread(delivery), by=staff, now=LATER)
    (again,) = claim_due("other", now=LATER, limit=1)
    assert passes(again, now=LATER)
    settle_accepted(again, code=250, now=LATER)
    row = reread(delivery)
    assert (row.state, row.follow_up.status) == ("sent", "sent")


def test_the_bounce_of_the_first_try_does_not_touch_the_second():
    delivery = sent()
    tell(delivery, attempt=1)
    client = reread(delivery).follow_up.client
    readdress(client)
    resend_delivery(reread(delivery), by=client.registered_by, now=LATER)
    (again,) = claim_due("other", now=LATER, limit=1)
    assert passes(again, now=LATER)
    tell(delivery, event_id="2", attempt=1, recipient=client.email, now=LATER + HOUR)
    row = reread(delivery)
    assert (row.state, is_suspended(row.follow_up.client)) == ("handoff", False)


def test_a_queued_one_goes_nowhere_while_suspended():
    delivery = queued()
    tell(delivery)
    (taken,) = claim_due("worker", now=LATER, limit=1)
    (objection,) = hand_over([taken], now=LATER).values()
    assert objection.reason == "address_suspended"
