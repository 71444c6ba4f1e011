from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from counseling.actions.base import action, record
from counseling.enums import ConsentPurpose
from counseling.models import Client, Consent, StaffMember


@action
def grant_consent(client: Client, *, purpose: ConsentPurpose, by: StaffMember | None, now: datetime) -> Consent:
    """Record that the client agrees. Repeating it returns the consent that stands."""
    try:
        with transaction.atomic():
            consent = Consent.objects.create(client=client, purpose=purpose, granted_at=now, recorded_by=by)
    except IntegrityError:
        return Consent.objects.standing().get(client=client, purpose=purpose)
    record("consent.granted", consent, by=by, now=now, purpose=purpose)
    return consent


@action
def withdraw_consent(
    client: Client, *, purpose: ConsentPurpose, by: StaffMember | None, now: datetime
) -> Consent | None:
    """Record that the client takes it back (``by`` is None when they did so themselves).

    What is not handed over yet is not sent: the sender asks for the consent again at that moment. Repeating it
    changes nothing and returns None.
    """
    consent = Consent.objects.standing().filter(client=client, purpose=purpose).first()
    if consent is None:
        return None
    if not Consent.objects.standing().filter(pk=consent.pk).update(withdrawn_at=now, withdrawn_by=by):
        return None
    consent.withdrawn_at, consent.withdrawn_by = now, by
    record("consent.withdrawn", consent, by=by, now=now, purpose=purpose)
    return consent
