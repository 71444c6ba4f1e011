"""Everything that decides whether an email may leave: read with the batch, and again at the last moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery

from counseling.enums import ConsentPurpose
from counseling.models import Client, Consent, Delivery, FollowUp
from counseling.models.consent import ConsentQuerySet
from counseling.models.delivery import DeliveryQuerySet
from counseling.outbox.spacing import LEFT, gap

_PERSON = (
    "client__email_is_safe",
    "client__email_index",
    "client__time_zone",
    "client__clinic__quiet_from",
    "client__clinic__quiet_until",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``last_email_at`` is when another email to the client left within the spacing; None when none did."""

    kind: str
    follow_up_status: str
    expires_at: datetime
    enrollment_status: str
    case_status: str
    client: Client
    agrees: bool
    last_email_at: datetime | None


def with_facts(rows: DeliveryQuerySet, *, now: datetime) -> Any:
    """The rows with all that writing and sending them reads, in one query; `known_facts` picks them out."""
    recent = _recent_emails(OuterRef("follow_up__client"), now=now).exclude(pk=OuterRef("pk"))
    return rows.select_related("follow_up__client__clinic", "follow_up__step").annotate(
        enrollment_status=F("follow_up__enrollment__status"),
        case_status=F("follow_up__case__status"),
        agrees=Exists(_standing_consent(OuterRef("follow_up__client"))),
        last_email_at=Subquery(recent.order_by("-handed_over_at").values("handed_over_at")[:1]),
    )


def known_facts(delivery: Any) -> Facts:
    """The facts as they were when the delivery was read `with_facts`."""
    return Facts(
        kind=delivery.kind,
        follow_up_status=delivery.follow_up.status,
        expires_at=delivery.follow_up.expires_at,
        enrollment_status=delivery.enrollment_status,
        case_status=delivery.case_status,
        client=delivery.follow_up.client,
        agrees=delivery.agrees,
        last_email_at=delivery.last_email_at,
    )


def hold_consent(delivery: Delivery) -> Consent | None:
    """The consent that stands, held together with its client until the transaction ends; None when none stands.

    A withdrawal, or the mark that the mailbox is not safe, is either seen here or waits until the email has left.
    """
    rows = _standing_consent(delivery.follow_up.client_id).select_related("client__clinic").only(*_PERSON)
    return next(iter(rows.select_for_update(of=("self", "client"), no_key=True)), None)


def fresh_facts(delivery: Delivery, consent: Consent | None, *, now: datetime) -> Facts:
    """The facts as they stand at this moment, for the client whose consent is held."""
    follow_up = delivery.follow_up
    columns = ("status", "expires_at", "enrollment__status", "case__status", "last_email_at")
    recent = _recent_emails(follow_up.client_id, now=now).exclude(pk=delivery.pk).order_by("-handed_over_at")
    rows = FollowUp.objects.annotate(last_email_at=Subquery(recent.values("handed_over_at")[:1]))
    status, expires_at, enrollment_status, case_status, last_email_at = rows.values_list(*columns).get(pk=follow_up.pk)
    return Facts(
        kind=delivery.kind,
        follow_up_status=status,
        expires_at=expires_at,
        enrollment_status=enrollment_status,
        case_status=case_status,
        client=follow_up.client if consent is None else consent.client,
        agrees=consent is not None,
        last_email_at=last_email_at,
    )


def _standing_consent(client: Any) -> ConsentQuerySet:
    return Consent.objects.standing().filter(client=client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL)


def _recent_emails(client: Any, *, now: datetime) -> DeliveryQuerySet:
    """An email needs a form that was open, so follow-ups that closed longer ago need not be looked through."""
    since = now - gap()
    return Delivery.objects.filter(
        follow_up__client=client, follow_up__expires_at__gt=since, state__in=LEFT, handed_over_at__gt=since
    )
