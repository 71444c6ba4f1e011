from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from counseling.actions.consents import withdraw_consent
from counseling.actions.deliveries import resend_delivery
from counseling.actions.stopping import resume_plan, stop_plan
from counseling.enums import ConsentPurpose
from counseling.exceptions import ConsentMissing, IllegalMove, StaleState
from counseling.models import AuditEvent, Delivery, FollowUp
from counseling.outbox.claiming import claim_due
from counseling.outbox.settling import mark_uncertain
from counseling.outbox.writing import write_envelope
from tests.counseling.outbox.mailing import (
    MORNING,
    handed_over,
    ledger,
    passes,
    queued,
    settle_accepted,
    settle_refused,
)

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)


def uncertain() -> Delivery:
    delivery = handed_over()
    mark_uncertain(now=LATER)
    return Delivery.objects.get(pk=delivery.pk)


def resend(delivery: Delivery, *, now=LATER) -> Delivery:
    return resend_delivery(delivery, by=delivery.follow_up.case.lead, now=now)


def test_an_uncertain_email_is_sent_again_as_the_same_email():
    before = write_envelope(handed_over(), now=MORNING)
    mark_uncertain(now=LATER)
    delivery = resend(Delivery.objects.get())
    assert (delivery.state, delivery.next_at) == ("due", LATER)
    (claimed,) = claim_due("worker", now=LATER, limit=1)
    assert replace(write_envelope(claimed, now=MORNING), reference=before.reference) == before
    assert passes(claimed, now=LATER)
    settle_accepted(claimed, code=250, now=LATER)
    assert [kind for kind, _ in ledger(delivery.follow_up)][-5:] == [
        "uncertain",
        "resent",
        "claimed",
        "handed_over",
        "accepted",
    ]


def test_a_dead_email_is_sent_again_once_its_cause_is_gone():
    delivery = handed_over()
    settle_refused(delivery, code=550, now=MORNING)
    resend(Delivery.objects.get())
    assert Delivery.objects.get().state == "due"


def test_resending_is_audited():
    delivery = resend(uncertain())
    event = AuditEvent.objects.get(action="delivery.resent")
    assert (event.subject_id, event.actor) == (delivery.pk, delivery.follow_up.case.lead)
    assert event.data == {"from_state": "uncertain"}


def test_what_is_on_its_way_or_has_arrived_is_not_sent_again():
    with pytest.raises(IllegalMove):
        resend(Delivery.objects.get(pk=handed_over().pk))
    delivery = handed_over()
    settle_accepted(delivery, code=250, now=MORNING)
    with pytest.raises(IllegalMove):
        resend(Delivery.objects.get(pk=delivery.pk))


def test_a_form_that_is_over_needs_no_email():
    delivery = uncertain()
    with pytest.raises(IllegalMove, match="answered"):
        resend(delivery, now=delivery.follow_up.expires_at)


def test_who_has_taken_consent_back_is_not_written_to():
    delivery = uncertain()
    withdraw_consent(delivery.follow_up.client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=LATER)
    with pytest.raises(ConsentMissing, match="agreed"):
        resend(delivery)


def test_staff_cannot_send_past_a_client_who_stopped_the_plan():
    delivery = uncertain()
    stop_plan(delivery.follow_up, now=LATER)
    with pytest.raises(ConsentMissing, match="stopped the emails of this plan"):
        resend(delivery)
    resume_plan(delivery.follow_up, now=LATER)
    assert resend(delivery).state == "due"


def test_two_people_resend_it_once():
    delivery = uncertain()
    stale = Delivery.objects.get()
    resend(delivery)
    with pytest.raises(StaleState):
        resend(stale)
    assert AuditEvent.objects.filter(action="delivery.resent").count() == 1


def test_one_that_waits_is_sent_anyway():
    with pytest.raises(IllegalMove):
        resend(queued())


def test_an_invitation_in_doubt_is_not_needed_once_a_later_email_arrived():
    delivery = uncertain()
    FollowUp.objects.update(status="sent", sent_at=LATER)  # as a reminder's acceptance does
    with pytest.raises(IllegalMove, match="a later email"):
        resend(Delivery.objects.get())
    assert Delivery.objects.get(pk=delivery.pk).state == "uncertain"
