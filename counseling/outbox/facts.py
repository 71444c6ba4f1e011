"""Everything that decides whether an email may leave, read for a whole group in two statements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from counseling.enums import ConsentPurpose, EnrollmentStatus
from counseling.models import Client, Clinic, Delivery
from counseling.outbox.spacing import gap
from counseling.outbox.statements import adapted, as_instant, execute, for_update

_AGREEING = """
SELECT person.id, person.email_index, person.email_is_safe, person.time_zone, person.suspended_index
  FROM counseling_consent AS consent JOIN counseling_client AS person ON person.id = consent.client_id
 WHERE consent.client_id IN %(clients)s AND consent.purpose = %(purpose)s AND consent.withdrawn_at IS NULL
 ORDER BY person.id
"""
# A state is asked for where no plan can begin with it: PostgreSQL would weigh its partial indexes, whose many dead rows
# it does not see, against sixteen look-ups by key. So below, and wherever a group's own rows are meant. And with EXISTS
# it may rather read all stops there are, once.
_STANDING = """
SELECT mail.id, mail.attempt, CASE WHEN mail.state = 'claimed' AND mail.lease_until > %(now)s THEN mail.owner END,
       asked.status, asked.expires_at, enrollment.status,
       (SELECT MAX(CASE WHEN other.state IN ('handoff', 'uncertain', 'sent') THEN other.handed_over_at END)
          FROM counseling_followup AS any_asked JOIN counseling_delivery AS other ON other.follow_up_id = any_asked.id
         WHERE any_asked.client_id = asked.client_id AND any_asked.expires_at > %(since)s) AS last_email_at,
       (SELECT 1 FROM counseling_planstop AS stop
         WHERE stop.client_id = asked.client_id AND stop.case_id = asked.case_id
           AND stop.plan_id = enrollment.plan_id AND stop.taken_back_at IS NULL) AS plan_stopped
  FROM counseling_delivery AS mail
  JOIN counseling_followup AS asked ON asked.id = mail.follow_up_id
  JOIN counseling_enrollment AS enrollment ON enrollment.id = asked.enrollment_id
 WHERE mail.id IN %(deliveries)s
"""


@dataclass(frozen=True, slots=True)
class Person:
    """What of a client decides whether and when they may be written to."""

    email_index: str
    email_is_safe: bool
    time_zone: str
    suspended_index: str
    clinic: Clinic


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``is_ours`` is whether the claim still is its worker's; ``last_email_at`` when another email to the client left
    last, None when none did or that is longer ago than the spacing.
    """

    kind: str
    is_ours: bool
    follow_up_status: str
    expires_at: datetime
    enrollment_status: str
    client: Person
    agrees: bool
    plan_stopped: bool
    last_email_at: datetime | None


def held_facts(deliveries: Collection[Delivery], *, now: datetime) -> dict[UUID, Facts]:
    """Each claimed delivery's facts as they are now. Reads ``follow_up.client.clinic`` for the hours it is closed.

    Consents and clients are held, in the order of their ids, until the transaction ends: a withdrawal, the mark that a
    mailbox is not safe, or the suspension of an address is either seen here or waits. So is a plan's stop, which holds
    the client while it is written. Everything else is read after that.
    """
    if not deliveries:
        return {}
    clients = [delivery.follow_up.client_id for delivery in deliveries]
    mails = [delivery.pk for delivery in deliveries]
    held = _AGREEING + for_update(" OF consent, person")
    with connection.cursor() as cursor:
        agreeing = execute(cursor, held, clients=clients, purpose=str(ConsentPurpose.FOLLOW_UP_EMAIL)).fetchall()
        standing = execute(cursor, _STANDING, deliveries=mails, now=now, since=now - gap()).fetchall()
    person_of, standing_of = {row[0]: row for row in agreeing}, {row[0]: row for row in standing}
    return {
        delivery.pk: _facts(delivery, standing_of[adapted(delivery.pk)], person_of.get(adapted(client)))
        for delivery, client in zip(deliveries, clients, strict=True)
    }


def _facts(delivery: Delivery, row: tuple[Any, ...], found: tuple[Any, ...] | None) -> Facts:
    _, attempt, owner, follow_up_status, expires_at, enrollment_status, last_email_at, stopped = row
    client = delivery.follow_up.client
    return Facts(
        kind=delivery.kind,
        is_ours=(owner, attempt) == (delivery.owner, delivery.attempt),
        follow_up_status=follow_up_status,
        expires_at=as_instant(expires_at),
        enrollment_status=enrollment_status,
        client=_person(client) if found is None else _person_held(found, client.clinic),
        agrees=found is not None,
        plan_stopped=bool(stopped),
        last_email_at=None if last_email_at is None else as_instant(last_email_at),
    )


def facts_as_claimed(delivery: Delivery) -> Facts:
    """What a claimed delivery was read with, the best supposed of the rest: enough to see what is no use offering."""
    follow_up = delivery.follow_up
    return Facts(
        kind=delivery.kind,
        is_ours=True,
        follow_up_status=follow_up.status,
        expires_at=follow_up.expires_at,
        enrollment_status=EnrollmentStatus.ACTIVE,
        client=_person(follow_up.client),
        agrees=True,
        plan_stopped=False,
        last_email_at=None,
    )


def _person(client: Client) -> Person:
    return Person(client.email_index, client.email_is_safe, client.time_zone, client.suspended_index, client.clinic)


def _person_held(row: tuple[Any, ...], clinic: Clinic) -> Person:
    _, email_index, email_is_safe, time_zone, suspended_index = row
    return Person(email_index, bool(email_is_safe), time_zone, suspended_index, clinic)
