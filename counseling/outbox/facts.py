"""Everything that decides whether an email may leave, read in one query."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from counseling.enums import ConsentPurpose
from counseling.models import Consent, Delivery
from counseling.models.delivery import DeliveryQuerySet
from counseling.outbox.spacing import LEFT, gap


def with_facts(rows: DeliveryQuerySet, *, now: datetime) -> Any:
    """The rows with all that sending reads joined, and ``agrees`` and ``last_email_at`` on each.

    ``last_email_at`` is when another email to the client left within the spacing; None when none did.
    """
    consent = Consent.objects.standing().filter(
        client=OuterRef("follow_up__client"), purpose=ConsentPurpose.FOLLOW_UP_EMAIL
    )
    # An email needs an open form, so older follow-ups need not be looked through.
    others = Delivery.objects.filter(
        follow_up__client=OuterRef("follow_up__client"),
        follow_up__expires_at__gt=now - gap(),
        state__in=LEFT,
        handed_over_at__gt=now - gap(),
    ).exclude(pk=OuterRef("pk"))
    return rows.select_related(
        "follow_up__client__clinic", "follow_up__step", "follow_up__enrollment", "follow_up__case"
    ).annotate(
        agrees=Exists(consent),
        last_email_at=Subquery(others.order_by("-handed_over_at").values("handed_over_at")[:1]),
    )
