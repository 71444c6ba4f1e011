"""A client's own choice to get no more emails, and to have it back."""

from __future__ import annotations

from datetime import datetime

from counseling.actions.base import action
from counseling.actions.consents import grant_consent, withdraw_consent
from counseling.enums import ConsentPurpose
from counseling.exceptions import NotAllowed
from counseling.models import Client

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
