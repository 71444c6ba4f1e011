"""Everything that decides whether an email may leave, read for a whole batch in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery

from counseling.enums import ConsentPurpose
from counseling.models import Client, Consent, Delivery
from counseling.models.delivery import DeliveryQuerySet
from counseling.outbox.spacing import LEFT, gap


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
    since = now - gap()
    client = OuterRef("follow_up__client")
    consent = Consent.objects.standing().filter(client=client, purpose=ConsentPurpose.FOLLOW_UP_EMAIL)
    recent = Delivery.objects.filter(follow_up__client=client, state__in=LEFT, handed_over_at__gt=since)
    return rows.select_related("follow_up__client__clinic", "follow_up__step").annotate(
        enrollment_status=F("follow_up__enrollment__status"),
        case_status=F("follow_up__case__status"),
        agrees=Exists(consent),
        last_email_at=Subquery(
            recent.exclude(pk=OuterRef("pk")).order_by("-handed_over_at").values("handed_over_at")[:1]
        ),
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
