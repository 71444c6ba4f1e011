from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from assessments.enums import OtherRole
from counseling.actions.base import action, record
from counseling.enums import RelationshipKind
from counseling.exceptions import InvalidInput
from counseling.models import Client, Relationship, StaffMember


@action
def relate_clients(
    first: Client,
    second: Client,
    *,
    by: StaffMember,
    now: datetime,
    kind: RelationshipKind = RelationshipKind.COUPLE,
    first_role: OtherRole = OtherRole.PARTNER,
    second_role: OtherRole = OtherRole.PARTNER,
) -> Relationship:
    """Record what two clients of one clinic are to each other.

    ``first_role`` is what the first is to the second ("mother" when the second would say "my mother").
    """
    if first.pk == second.pk:
        raise InvalidInput("second: a relationship needs two different people")
    if {first.clinic_id, second.clinic_id} != {by.clinic_id}:
        raise InvalidInput("second: both people must be clients of this clinic")
    relationship = Relationship(
        clinic_id=by.clinic_id,
        kind=kind,
        first=first,
        second=second,
        first_role=first_role,
        second_role=second_role,
        created_at=now,
    )
    try:
        with transaction.atomic():
            relationship.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidInput("second: these two are already recorded as such a relationship") from error
    record("relationship.recorded", relationship, by=by, now=now, kind=kind)
    return relationship
