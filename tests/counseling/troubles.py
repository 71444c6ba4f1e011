"""Emails that need a person, and people who can't be written to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from counseling.actions.consents import withdraw_consent
from counseling.enums import ConsentPurpose, DeliveryKind, DeliveryState, FollowUpStatus
from counseling.models import Case, Client, Delivery, FollowUp
from tests.couples import enrolled
from tests.factories import NOW

BLOCKING: dict[str, dict[str, Any]] = {
    "email_unsafe": {"email_is_safe": False},
    "no_email": {"email": "", "email_index": ""},
    "no_zone": {"time_zone": ""},
}


def asked(case: Case | None = None, *, member: int = 0, occurrence: int = 1, **step: Any) -> FollowUp:
    """A member's follow-up of a fortnightly plan that began at `NOW`."""
    enrollment = case.enrollments.first() if case else None
    enrollment = enrollment or enrolled(case, **step)
    client = enrollment.case.members[member]
    return enrollment.follow_ups.get(client=client, occurrence=occurrence)


def doubtful(
    follow_up: FollowUp, state: DeliveryState = DeliveryState.UNCERTAIN, *, at: datetime = NOW, **facts: Any
) -> Delivery:
    """An email about it that is in that state."""
    kind, number = facts.pop("kind", DeliveryKind.INVITATION), facts.pop("number", 1)
    FollowUp.objects.filter(pk=follow_up.pk).update(queued_at=at)
    handed_over = {} if state == DeliveryState.DEAD else {"handed_over_at": at}
    return Delivery.objects.create(
        follow_up=follow_up,
        kind=kind,
        number=number,
        state=state,
        next_at=at,
        message_id=f"<{follow_up.pk}.{kind}.{number}@clinic>",
        created_at=at,
        **handed_over,
        **facts,
    )


def end(follow_up: FollowUp, status: FollowUpStatus, *, at: datetime, reason: str) -> None:
    FollowUp.objects.filter(pk=follow_up.pk).update(status=status, ended_at=at, end_reason=reason)


def block(client: Client, reason: str, *, now: datetime = NOW + timedelta(hours=1)) -> None:
    """Have that stand between the client and every email."""
    if reason == "no_consent":
        withdraw_consent(client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=now)
    elif reason == "address_suspended":
        suspended = {"suspended_index": client.email_index, "suspended_at": now, "suspended_for": "bounced"}
        Client.objects.filter(pk=client.pk).update(**suspended)
    else:
        Client.objects.filter(pk=client.pk).update(**BLOCKING[reason])
