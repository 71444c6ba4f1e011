"""The differences written down: follow-ups, their emails, and their ledgers, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from uuid_utils.compat import uuid7

from counseling.enums import DeliveryEventKind, DeliveryState, EnrollmentStatus, FollowUpStatus, Reason
from counseling.links import new_links
from counseling.models import Enrollment, FollowUp
from counseling.outbox.ending import withdraw_unsent
from counseling.outbox.ledger import note_follow_ups
from counseling.outbox.statements import insert, update
from counseling.planning.difference import Difference
from counseling.queries.occasions import Occasion

_TABLE = "counseling_followup"
_COLUMNS = {
    "id": "uuid",
    "clinic_id": "uuid",
    "case_id": "uuid",
    "client_id": "uuid",
    "enrollment_id": "uuid",
    "step_id": "uuid",
    "session_id": "uuid",
    "occurrence": "smallint",
    "version_id": "uuid",
    "other_role": "varchar",
    "local_date": "date",
    "local_time": "time",
    "time_zone": "varchar",
    "due_at": "timestamptz",
    "expires_at": "timestamptz",
    "status": "varchar",
    "end_reason": "varchar",
    "reminders_queued": "smallint",
    "token_key": "varchar",
    "token_nonce": "varchar",
    "token_digest": "varchar",
}
_SLOT = {
    "id": "uuid",
    "version_id": "uuid",
    "other_role": "varchar",
    "local_date": "date",
    "local_time": "time",
    "time_zone": "varchar",
    "due_at": "timestamptz",
    "expires_at": "timestamptz",
    "status": "varchar",
    "queued_at": "timestamptz",
    "ended_at": "timestamptz",
    "end_reason": "varchar",
}


def write(difference: Difference, *, now: datetime, reason: Reason) -> None:
    """Joins the caller's transaction, which holds the follow-ups and what they hang from."""
    _cancel(difference, now=now)
    _place(difference.moved, DeliveryEventKind.MOVED, now=now, reason=reason)
    _place(difference.revived, DeliveryEventKind.PLANNED, now=now, reason=reason)
    _add(difference.added, now=now)


def status_in(enrollment: Enrollment) -> FollowUpStatus:
    """What a follow-up of the enrollment is as long as nobody was asked."""
    is_paused = enrollment.status == EnrollmentStatus.PAUSED
    return FollowUpStatus.PAUSED if is_paused else FollowUpStatus.PLANNED


def _cancel(difference: Difference, *, now: datetime) -> None:
    for reason, rows in difference.cancelled.items():
        ids = [row.pk for row in rows]
        FollowUp.objects.filter(pk__in=ids).update(
            status=FollowUpStatus.CANCELLED, ended_at=now, end_reason=reason, next_reminder_at=None
        )
        withdraw_unsent(ids, to=DeliveryState.CANCELLED)
        note_follow_ups(ids, DeliveryEventKind.CANCELLED, at=now, detail=reason)


def _place(
    rows: Sequence[tuple[FollowUp, Occasion]], kind: DeliveryEventKind, *, now: datetime, reason: Reason
) -> None:
    """Put them at their new times, out of the outbox until then."""
    if not rows:
        return
    ids = [row.pk for row, _ in rows]
    withdraw_unsent(ids, to=DeliveryState.CANCELLED)
    with connection.cursor() as cursor:
        update(cursor, _TABLE, _SLOT, [_slot(row, occasion) for row, occasion in rows])
    note_follow_ups(ids, kind, at=now, detail=reason)


def _slot(row: FollowUp, occasion: Occasion) -> tuple[Any, ...]:
    return (
        row.pk,
        _version(row, occasion),
        str(occasion.other_role),
        occasion.local_date,
        occasion.local_time,
        occasion.time_zone,
        occasion.due_at,
        occasion.expires_at,
        str(status_in(row.enrollment)),
        None,
        None,
        "",
    )


def _version(row: FollowUp, occasion: Occasion) -> UUID:
    """What was pinned, unless the step asks another questionnaire now."""
    if row.version.instrument_id == occasion.step.instrument_id or occasion.version is None:
        return row.version_id
    return occasion.version.pk


def _add(rows: Sequence[tuple[Enrollment, Occasion]], *, now: datetime) -> None:
    if not rows:
        return
    ids = [uuid7() for _ in rows]
    links = new_links(ids)
    written = [
        _row(pk, enrollment, occasion) + tuple(link)
        for pk, (enrollment, occasion), link in zip(ids, rows, links, strict=True)
    ]
    with connection.cursor() as cursor:
        insert(cursor, _TABLE, _COLUMNS, written)
    note_follow_ups(ids, DeliveryEventKind.PLANNED, at=now)


def _row(pk: UUID, enrollment: Enrollment, occasion: Occasion) -> tuple[Any, ...]:
    if occasion.version is None:
        raise ValueError("nothing that could be asked is published")
    return (
        pk,
        enrollment.case.clinic_id,
        enrollment.case_id,
        occasion.client.pk,
        enrollment.pk,
        occasion.step.pk,
        occasion.session.pk if occasion.session else None,
        occasion.occurrence,
        occasion.version.pk,
        str(occasion.other_role),
        occasion.local_date,
        occasion.local_time,
        occasion.time_zone,
        occasion.due_at,
        occasion.expires_at,
        str(status_in(enrollment)),
        "",
        0,
    )
