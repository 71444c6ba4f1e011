"""Everything that decides whether an email may leave, read for a whole group in three statements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from counseling.enums import ConsentPurpose
from counseling.models import Client, Clinic, Delivery
from counseling.outbox.spacing import gap
from counseling.outbox.statements import adapted, as_instant, execute, for_update

_AGREEING = """
SELECT person.id, person.email_index, person.email_is_safe, person.time_zone
  FROM counseling_consent AS consent JOIN counseling_client AS person ON person.id = consent.client_id
 WHERE consent.client_id IN %(clients)s AND consent.purpose = %(purpose)s AND consent.withdrawn_at IS NULL
 ORDER BY person.id
"""
_STANDING = """
SELECT mail.id, mail.attempt, CASE WHEN mail.state = 'claimed' AND mail.lease_until > %(now)s THEN mail.owner END,
       asked.status, asked.expires_at, enrollment.status, work.status
  FROM counseling_delivery AS mail
  JOIN counseling_followup AS asked ON asked.id = mail.follow_up_id
  JOIN counseling_enrollment AS enrollment ON enrollment.id = asked.enrollment_id
  JOIN counseling_case AS work ON work.id = asked.case_id
 WHERE mail.id IN %(deliveries)s
"""
_LAST = """
SELECT asked.client_id, MAX(mail.handed_over_at)
  FROM counseling_followup AS asked JOIN counseling_delivery AS mail ON mail.follow_up_id = asked.id
 WHERE asked.client_id IN %(clients)s AND asked.expires_at > %(since)s
   AND mail.state IN ('handoff', 'uncertain', 'sent') AND mail.handed_over_at > %(since)s
 GROUP BY asked.client_id
"""


@dataclass(frozen=True, slots=True)
class Person:
    """What of a client decides whether and when they may be written to."""

    email_index: str
    email_is_safe: bool
    time_zone: str
    clinic: Clinic


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``is_ours`` is whether the claim still is its worker's; ``last_email_at`` when another email to the client left
    within the spacing, None when none did.
    """

    kind: str
    is_ours: bool
    follow_up_status: str
    expires_at: datetime
    enrollment_status: str
    case_status: str
    client: Person
    agrees: bool
    last_email_at: datetime | None


def read_facts(deliveries: Collection[Delivery], *, now: datetime, held: bool = False) -> dict[UUID, Facts]:
    """Each claimed delivery's facts as they are now. Reads ``follow_up.client.clinic`` for the hours it is closed.

    ``held``: consents and clients are held, in the order of their ids, until the transaction ends. A withdrawal, or the
    mark that a mailbox is not safe, is then either seen here or waits. Everything else is read after that.
    """
    if not deliveries:
        return {}
    with connection.cursor() as cursor:
        lock = for_update(" OF consent, person") if held else ""
        clients = [delivery.follow_up.client_id for delivery in deliveries]
        purpose = str(ConsentPurpose.FOLLOW_UP_EMAIL)
        agreeing = {row[0]: row for row in execute(cursor, _AGREEING + lock, clients=clients, purpose=purpose)}
        ids = [delivery.pk for delivery in deliveries]
        standing = {row[0]: row for row in execute(cursor, _STANDING, deliveries=ids, now=now)}
        last = dict(execute(cursor, _LAST, clients=clients, since=now - gap()).fetchall())
    return {
        each.pk: _facts(each, standing[adapted(each.pk)], agreeing.get(client), last.get(client))
        for each, client in zip(deliveries, map(adapted, clients), strict=True)
    }


def _facts(delivery: Delivery, row: tuple[Any, ...], found: tuple[Any, ...] | None, last_email_at: Any) -> Facts:
    _, attempt, owner, follow_up_status, expires_at, enrollment_status, case_status = row
    client = delivery.follow_up.client
    return Facts(
        kind=delivery.kind,
        is_ours=(owner, attempt) == (delivery.owner, delivery.attempt),
        follow_up_status=follow_up_status,
        expires_at=as_instant(expires_at),
        enrollment_status=enrollment_status,
        case_status=case_status,
        client=person_of(client) if found is None else Person(found[1], bool(found[2]), found[3], client.clinic),
        agrees=found is not None,
        last_email_at=None if last_email_at is None else as_instant(last_email_at),
    )


def person_of(client: Client) -> Person:
    """As the client was when the delivery was read."""
    return Person(client.email_index, client.email_is_safe, client.time_zone, client.clinic)
