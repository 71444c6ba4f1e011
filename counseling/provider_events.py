"""Events that email providers post to django-anymail's webhooks, put into the words of `counseling.outbox.notices`.

Connected only where ``anymail`` is among the installed apps; nothing of it is imported here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from counseling.actions.notices import take_notice
from counseling.enums import DeliveryEventKind, SuspensionCause
from counseling.outbox.notices import Notice


@dataclass(frozen=True, slots=True)
class Meaning:
    kind: DeliveryEventKind
    is_lost: bool = False
    suspends: SuspensionCause | None = None
    stops: bool = False


_GONE = SuspensionCause.BOUNCED
_UNWANTED = SuspensionCause.COMPLAINED
# (anymail's event type, its reject reason); a line without a reason is for all the others.
MEANINGS: Mapping[tuple[str, str], Meaning] = {
    ("delivered", ""): Meaning(DeliveryEventKind.DELIVERED),
    ("deferred", ""): Meaning(DeliveryEventKind.DEFERRED),
    ("bounced", ""): Meaning(DeliveryEventKind.BOUNCED, is_lost=True),
    ("bounced", "bounced"): Meaning(DeliveryEventKind.BOUNCED, is_lost=True, suspends=_GONE),
    ("bounced", "invalid"): Meaning(DeliveryEventKind.BOUNCED, is_lost=True, suspends=_GONE),
    ("failed", ""): Meaning(DeliveryEventKind.REJECTED, is_lost=True),
    ("rejected", ""): Meaning(DeliveryEventKind.REJECTED, is_lost=True),
    ("rejected", "bounced"): Meaning(DeliveryEventKind.REJECTED, is_lost=True, suspends=_GONE),
    ("rejected", "invalid"): Meaning(DeliveryEventKind.REJECTED, is_lost=True, suspends=_GONE),
    ("rejected", "spam"): Meaning(DeliveryEventKind.REJECTED, is_lost=True, suspends=_UNWANTED),
    ("rejected", "unsubscribed"): Meaning(DeliveryEventKind.REJECTED, is_lost=True, stops=True),
    ("complained", ""): Meaning(DeliveryEventKind.COMPLAINED, suspends=_UNWANTED),
    ("unsubscribed", ""): Meaning(DeliveryEventKind.UNSUBSCRIBED, stops=True),
}
# anymail often calls a full mailbox and a missing one by the same name. Here is the place in the provider's own event
# that tells them apart, with the values that mean for good. An event without that place is taken by anymail's word.
PERMANENT: Mapping[str, tuple[tuple[str, ...], tuple[object, ...]]] = {
    "Amazon SES": (("bounce", "bounceType"), ("Permanent",)),
    "Brevo": (("event",), ("hard_bounce", "invalid_email")),
    "Mailgun": (("event-data", "severity"), ("permanent",)),
    "Mailjet": (("hard_bounce",), (True,)),
    "Mandrill": (("event",), ("hard_bounce",)),
    "Postmark": (("Type",), ("HardBounce", "BadEmailAddress")),
    "Resend": (("data", "bounce", "type"), ("Permanent",)),
    "SendGrid": (("type",), ("bounce",)),
    "SparkPost": (("msys", "message_event", "bounce_class"), ("10", "30")),
}
_STATUS = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")


def take_event(*, event: Any, esp_name: str, **_: Any) -> None:
    """Receive anymail's ``tracking`` signal; what tells nothing of an email's fate, as an opening, is let go."""
    notice = read_event(event, provider=esp_name)
    if notice is not None:
        take_notice(notice, now=timezone.now())


def read_event(event: Any, *, provider: str) -> Notice | None:
    """The notice behind an `AnymailTrackingEvent`; None when it tells nothing that counts here. Pure."""
    meaning = _meaning(event, provider)
    if meaning is None:
        return None
    metadata = event.metadata if isinstance(event.metadata, Mapping) else {}
    return Notice(
        provider=provider,
        event_id=_event_id(event),
        kind=meaning.kind,
        occurred_at=_told_at(event),
        delivery=_uuid(metadata.get("delivery")),
        attempt=_number(metadata.get("attempt")),
        message_id=event.message_id or "",
        recipient=event.recipient or "",
        detail=_status(event) if meaning.kind != DeliveryEventKind.DELIVERED else "",
        is_lost=meaning.is_lost,
        suspends=meaning.suspends,
        stops=meaning.stops,
    )


def _meaning(event: Any, provider: str) -> Meaning | None:
    kind = event.event_type
    reason = _bounce_reason(event, provider) if kind == "bounced" else event.reject_reason or ""
    return MEANINGS.get((kind, reason)) or MEANINGS.get((kind, ""))


def _bounce_reason(event: Any, provider: str) -> str:
    """Whether the address is gone for good. A refusal by policy (5.7.x) is about the sender, not about the address."""
    if _status(event).startswith("5.7."):
        return ""
    place, for_good = PERMANENT.get(provider, ((), ()))
    said = _at(event.esp_event, place) if place else None
    if said is None:
        return event.reject_reason or ""
    return "bounced" if said in for_good else ""


def _at(raw: Any, place: tuple[str, ...]) -> Any:
    for name in place:
        raw = raw.get(name) if hasattr(raw, "get") else None
    return raw


def _event_id(event: Any) -> str:
    """The provider's own id of the event, or what makes it that event, in 64 characters."""
    at = event.timestamp.isoformat() if event.timestamp else ""
    own = event.event_id or "|".join((event.event_type, str(event.message_id), at))
    return hashlib.sha256(str(own).encode()).hexdigest()


def _told_at(event: Any) -> datetime | None:
    """When it happened. Mailgun signs an instant of its own and not the event's: the earlier one counts."""
    signed = _at(event.esp_event, ("signature", "timestamp"))
    instants = [_aware(event.timestamp)] if event.timestamp else []
    if signed is not None and str(signed).isdecimal():
        instants.append(datetime.fromtimestamp(int(signed), tz=UTC))
    return min(instants, default=None)


def _aware(instant: datetime) -> datetime:
    """Some providers write no zone; they mean UTC."""
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _status(event: Any) -> str:
    """The mail server's enhanced status code (RFC 3463), the only part of its words that names nobody."""
    found = _STATUS.search(f"{event.mta_response or ''} {event.description or ''}")
    return found.group() if found else ""


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _number(text: object) -> int | None:
    return int(str(text)) if str(text).isdecimal() else None
