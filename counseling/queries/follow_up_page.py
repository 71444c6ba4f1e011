"""One follow-up and its whole history in words: what happened to it, when, and who acted by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from counseling.enums import DeliveryEventKind, DeliveryState, Reason
from counseling.ledger_words import Entry, email_name, sentence
from counseling.models import AuditEvent, DeliveryEvent, FollowUp
from counseling.schedule import ScheduleError, zone_named

BY_HAND = ("delivery.resent", "follow_up.skipped", "follow_up.cancelled")
"""The audit's names for what a person decides about a follow-up or one of its emails."""


@dataclass(frozen=True, slots=True)
class Line:
    """``local`` is the same instant on the client's wall where that shows another hour, else None.

    An email that was put off was tried again at ``tried_at``, or will be from ``tries_at``.
    """

    at: datetime
    local: datetime | None
    text: str
    tried_at: datetime | None = None
    tries_at: datetime | None = None


def follow_up_history(follow_up: FollowUp) -> list[Line]:
    """Everything in the ledger, oldest first. At most two queries.

    Reads ``client`` and ``enrollment`` with who started and ended it. Who decided something is told by the audit trail,
    by subject and instant: the ledger itself names nobody.
    """
    events = list(follow_up.ledger.select_related("delivery").order_by("at", "id"))
    actors = _actors(events)
    return [
        Line(
            event.at,
            _on_clients_wall(event.at, follow_up),
            sentence(_entry(follow_up, event, actors)),
            *_again(event, events[place + 1 :]),
        )
        for place, event in enumerate(events)
    ]


def _actors(events: Iterable[DeliveryEvent]) -> Mapping[tuple[UUID, datetime], str]:
    """Who acted, by what was acted on and when."""
    subjects = {event.delivery_id or event.follow_up_id for event in events if _is_by_hand(event)}
    deeds = AuditEvent.objects.filter(subject_id__in=subjects, action__in=BY_HAND).select_related("actor")
    return {(deed.subject_id, deed.at): str(deed.actor) for deed in deeds if deed.actor is not None}


def _is_by_hand(event: DeliveryEvent) -> bool:
    return event.kind == DeliveryEventKind.RESENT or event.detail in {Reason.BY_STAFF, Reason.ASKED_BY_PHONE}


def _entry(follow_up: FollowUp, event: DeliveryEvent, actors: Mapping[tuple[UUID, datetime], str]) -> Entry:
    delivery = event.delivery
    return Entry(
        kind=event.kind,
        detail=event.detail,
        email="" if delivery is None else email_name(delivery.kind, delivery.number),
        by=_planner(follow_up, event) or actors.get((event.delivery_id or event.follow_up_id, event.at), ""),
        ends=follow_up.status if follow_up.ended_at == event.at and delivery is None else "",
    )


def _planner(follow_up: FollowUp, event: DeliveryEvent) -> str:
    """Who started the plan, or ended it, when that is what the event came from."""
    enrollment = follow_up.enrollment
    if event.kind == DeliveryEventKind.PLANNED and event.at == enrollment.started_at:
        return str(enrollment.started_by)
    if event.detail == Reason.ENROLLMENT_ENDED and enrollment.ended_by is not None:
        return str(enrollment.ended_by)
    return ""


def _again(event: DeliveryEvent, later: Iterable[DeliveryEvent]) -> tuple[datetime | None, datetime | None]:
    """When a deferred email was tried again, or else from when it will be."""
    if event.kind != DeliveryEventKind.DEFERRED or event.delivery is None:
        return None, None
    theirs = (other for other in later if other.delivery_id == event.delivery_id)
    tried = next((other.at for other in theirs if other.kind == DeliveryEventKind.CLAIMED), None)
    waits = tried is None and event.delivery.state == DeliveryState.DUE
    return tried, event.delivery.next_at if waits else None


def _on_clients_wall(instant: datetime, follow_up: FollowUp) -> datetime | None:
    """On the wall of today's zone; of the one it was planned in, while they have none."""
    for name in (follow_up.client.time_zone, follow_up.time_zone):
        try:
            local = instant.astimezone(zone_named(name))
        except ScheduleError:
            continue
        return local if local.utcoffset() != timezone.localtime(instant).utcoffset() else None
    return None
