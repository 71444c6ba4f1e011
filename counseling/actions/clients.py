from __future__ import annotations

from datetime import datetime
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from counseling.actions.base import action, record
from counseling.contact import is_suspended
from counseling.encryption import blind_index
from counseling.enums import Reason
from counseling.exceptions import InvalidInput
from counseling.models import Client, Enrollment, StaffMember
from counseling.planning.changes import Changes
from counseling.planning.replanning import replan

EDITABLE = frozenset(
    {"given_name", "family_name", "email", "phone", "time_zone", "language", "email_is_safe"},
)
SUSPENSION = ("suspended_index", "suspended_at", "suspended_for")


@action
def register_client(*, by: StaffMember, now: datetime, given_name: str, **details: object) -> Client:
    """Add a client to the person's clinic. Without a time zone given, the clinic's is taken."""
    details.setdefault("time_zone", by.clinic.time_zone)
    client = Client(clinic_id=by.clinic_id, registered_by=by, created_at=now)
    _apply(client, {"given_name": given_name, **details})
    client.save(force_insert=True)
    record("client.registered", client, by=by, now=now)
    return client


@action
def update_client(client: Client, *, by: StaffMember, now: datetime, **details: object) -> Client:
    """Change a client's details, from what they are now. The audit names the fields, never the values.

    With another time zone, what is planned and unasked moves to the same hours on the client's new clock.
    """
    client.refresh_from_db(from_queryset=Client.objects.select_for_update(no_key=True))
    changes = {name: value for name, value in details.items() if getattr(client, name, None) != value}
    _apply(client, changes)
    if changes:
        client.save(update_fields=[*changes, "email_index", *SUSPENSION])
        moved = _replan(client, now=now).counts if "time_zone" in changes else {}
        record("client.updated", client, by=by, now=now, fields=sorted(changes), **moved)
    return client


def _replan(client: Client, *, now: datetime) -> Changes:
    theirs = Q(case__client=client) | Q(case__relationship__first=client) | Q(case__relationship__second=client)
    return replan(Enrollment.objects.filter(theirs), reason=Reason.ZONE_CHANGED, now=now)


def _apply(client: Client, details: dict[str, object]) -> None:
    unknown = sorted(set(details) - EDITABLE)
    if unknown:
        raise InvalidInput(f"not a detail of a client: {', '.join(unknown)}")
    for name, value in details.items():
        setattr(client, name, value)
    _check(client)
    client.email_index = blind_index(client.email) if client.email else ""
    if "email" in details:
        _share_suspension(client)


def _share_suspension(client: Client) -> None:
    """An address that takes no mail takes none from us for anybody: what is known from another client counts."""
    others = Client.objects.suspended().filter(clinic=client.clinic_id, email_index=client.email_index)
    known = others.exclude(pk=client.pk).first()
    if known is not None and not is_suspended(client):
        for name in SUSPENSION:
            setattr(client, name, getattr(known, name))


def _check(client: Client) -> None:
    if not client.given_name.strip():
        raise InvalidInput("given_name: a client needs a name")
    if client.time_zone and client.time_zone not in available_timezones():
        raise InvalidInput(f"time_zone: {client.time_zone!r} is not a time zone; write it like Europe/Madrid")
    if client.email:
        try:
            validate_email(client.email)
        except ValidationError as error:
            raise InvalidInput("email: this is not an email address") from error
