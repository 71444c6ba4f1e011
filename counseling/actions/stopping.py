"""A client's own choice to get no more emails, of a plan or at all, and to have it back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from counseling.actions.base import action, record
from counseling.actions.consents import grant_consent, withdraw_consent
from counseling.enums import ConsentPurpose
from counseling.exceptions import NotAllowed
from counseling.models import Client, FollowUp, PlanStop
from counseling.models.plan_stop import PlanStopQuerySet

PURPOSE = ConsentPurpose.FOLLOW_UP_EMAIL


@action
def stop_emails(client: Client, *, now: datetime) -> None:
    """Withdraw the client's consent. What is not handed over yet stays unsent. Stopping twice changes nothing."""
    withdraw_consent(client, purpose=PURPOSE, by=None, now=now)


@action
def resume_emails(client: Client, *, now: datetime) -> None:
    """Take the stop back. Raises `NotAllowed` when it was not the client's own: what staff ended, no link revives."""
    if client.agrees_to(PURPOSE):
        return
    if not may_resume(client):
        raise NotAllowed("only a client's own stop can be taken back from the link")
    grant_consent(client, purpose=PURPOSE, by=None, now=now)


def may_resume(client: Client) -> bool:
    """Whether it was the client who withdrew the latest consent."""
    last = client.consents.filter(purpose=PURPOSE, withdrawn_at__isnull=False).order_by("-withdrawn_at").first()
    return last is not None and last.withdrawn_by_id is None


@action
def stop_plan(follow_up: FollowUp, *, now: datetime) -> None:
    """No more emails to this client of the follow-up's plan on its case. Stopping twice changes nothing.

    The client is held, so that an email just being handed over either knows of it or has gone. Others in the case go
    on, and learn nothing.
    """
    Client.objects.select_for_update(no_key=True).only("pk").get(pk=follow_up.client_id)
    stop = PlanStop(
        client_id=follow_up.client_id,
        case_id=follow_up.case_id,
        plan_id=follow_up.enrollment.plan_id,
        stopped_at=now,
    )
    try:
        with transaction.atomic():
            stop.save(force_insert=True)
    except IntegrityError:
        return
    record("plan.stopped", stop, by=None, now=now, plan=str(stop.plan_id), client=str(stop.client_id))


@action
def resume_plan(follow_up: FollowUp, *, now: datetime) -> None:
    """Take the plan's stop back. Resuming what never stopped changes nothing."""
    stop = _plan_stops(follow_up).first()
    if stop is None or not PlanStop.objects.standing().filter(pk=stop.pk).update(taken_back_at=now):
        return
    record("plan.resumed", stop, by=None, now=now, plan=str(stop.plan_id), client=str(stop.client_id))


def is_plan_stopped(follow_up: FollowUp) -> bool:
    """Whether the client wants no more of the follow-up's plan on its case (one query)."""
    return _plan_stops(follow_up).exists()


def _plan_stops(follow_up: FollowUp) -> PlanStopQuerySet:
    return PlanStop.objects.standing().filter(
        client=follow_up.client_id, case=follow_up.case_id, plan=follow_up.enrollment.plan_id
    )
