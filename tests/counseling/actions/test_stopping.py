from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.actions.consents import grant_consent, withdraw_consent
from counseling.actions.enrollments import end_enrollment, start_enrollment
from counseling.actions.stopping import (
    PURPOSE,
    is_plan_stopped,
    may_resume,
    resume_emails,
    resume_plan,
    stop_emails,
    stop_plan,
)
from counseling.exceptions import NotAllowed
from counseling.models import AuditEvent, Consent, PlanStop
from tests.couples import enrolled, wave
from tests.factories import NOW, ClientFactory, ConsentFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def client():
    client = ClientFactory()
    ConsentFactory(client=client)
    return client


def test_stopping_withdraws_the_consent_in_the_clients_own_name(client):
    stop_emails(client, now=LATER)
    consent = Consent.objects.get()
    assert (consent.withdrawn_at, consent.withdrawn_by, client.agrees_to(PURPOSE)) == (LATER, None, False)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor) == ("consent.withdrawn", None)


def test_stopping_again_changes_nothing(client):
    stop_emails(client, now=LATER)
    stop_emails(client, now=LATER + timedelta(days=1))
    assert (Consent.objects.get().withdrawn_at, AuditEvent.objects.count()) == (LATER, 1)


def test_resuming_grants_it_anew_and_keeps_the_history(client):
    stop_emails(client, now=LATER)
    resume_emails(client, now=LATER + timedelta(days=1))
    assert client.agrees_to(PURPOSE)
    assert list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True)) == [
        "consent.withdrawn",
        "consent.granted",
    ]
    assert Consent.objects.count() == 2


def test_resuming_what_never_stopped_changes_nothing(client):
    resume_emails(client, now=LATER)
    assert (Consent.objects.count(), AuditEvent.objects.count()) == (1, 0)


def test_nobody_who_never_agreed_can_resume():
    stranger = ClientFactory()
    with pytest.raises(NotAllowed):
        resume_emails(stranger, now=LATER)
    assert not stranger.agrees_to(PURPOSE)


def test_what_staff_ended_cannot_be_resumed_by_link(client):
    withdraw_consent(client, purpose=PURPOSE, by=client.registered_by, now=LATER)
    assert not may_resume(client)
    with pytest.raises(NotAllowed):
        resume_emails(client, now=LATER)
    assert not client.agrees_to(PURPOSE)


def test_the_latest_withdrawal_decides(client):
    stop_emails(client, now=LATER)
    grant_consent(client, purpose=PURPOSE, by=client.registered_by, now=LATER)
    withdraw_consent(client, purpose=PURPOSE, by=client.registered_by, now=LATER + timedelta(days=1))
    assert not may_resume(client)


# --- One plan ------------------------------------------------------------------------------------


@pytest.fixture
def asked():
    return wave(enrolled(), 1)


def plan_events():
    return list(AuditEvent.objects.filter(action__startswith="plan.").values_list("action", "actor"))


def test_a_plan_is_stopped_for_one_client_on_one_case(asked):
    mine, theirs = asked
    stop_plan(mine, now=LATER)
    stop = PlanStop.objects.get()
    assert (stop.client, stop.case, stop.plan) == (mine.client, mine.case, mine.enrollment.plan)
    assert (stop.stopped_at, stop.taken_back_at) == (LATER, None)
    assert (is_plan_stopped(mine), is_plan_stopped(theirs)) == (True, False)
    assert plan_events() == [("plan.stopped", None)]


def test_stopping_a_plan_again_changes_nothing(asked):
    stop_plan(asked[0], now=LATER)
    stop_plan(asked[0], now=LATER + timedelta(days=1))
    assert (PlanStop.objects.get().stopped_at, len(plan_events())) == (LATER, 1)


def test_a_plan_is_taken_up_again_and_its_history_kept(asked):
    stop_plan(asked[0], now=LATER)
    resume_plan(asked[0], now=LATER + timedelta(days=1))
    resume_plan(asked[0], now=LATER + timedelta(days=2))
    stop_plan(asked[0], now=LATER + timedelta(days=3))
    assert list(PlanStop.objects.order_by("stopped_at").values_list("stopped_at", "taken_back_at")) == [
        (LATER, LATER + timedelta(days=1)),
        (LATER + timedelta(days=3), None),
    ]
    assert [action for action, _actor in plan_events()] == ["plan.stopped", "plan.resumed", "plan.stopped"]


def test_to_start_the_plan_anew_does_not_undo_the_stop(asked):
    mine = asked[0]
    stop_plan(mine, now=LATER)
    end_enrollment(mine.enrollment, by=mine.case.lead, now=LATER)
    again = start_enrollment(
        mine.case, mine.enrollment.plan, start_on=LATER.date() + timedelta(days=1), by=mine.case.lead, now=LATER
    )
    assert is_plan_stopped(again.follow_ups.filter(client=mine.client).first())
    assert not is_plan_stopped(again.follow_ups.exclude(client=mine.client).first())


def test_a_stop_that_cannot_be_audited_is_none(asked, monkeypatch):
    monkeypatch.setattr("counseling.actions.base._append", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        stop_plan(asked[0], now=LATER)
    assert PlanStop.objects.count() == 0
