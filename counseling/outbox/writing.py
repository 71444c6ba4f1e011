"""From a delivery to the envelope that leaves: the rendered email and the headers that say what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime

from counseling import emails
from counseling.conf import conf
from counseling.enums import DeliveryKind
from counseling.models import Delivery, FollowUp
from counseling.transport import Envelope
from counseling.transport.message import route_address

_WRITERS: Mapping[str, Callable[[FollowUp], emails.Email]] = {
    DeliveryKind.INVITATION: emails.invitation,
    DeliveryKind.REMINDER: emails.reminder,
}


def write_envelope(delivery: Delivery, *, now: datetime) -> Envelope:
    """The delivery's email as it is to be sent now. Written again, it has the same links and the same Message-ID."""
    client = delivery.follow_up.client
    email = _WRITERS[delivery.kind](delivery.follow_up)
    headers = {
        "Message-ID": delivery.message_id,
        "Date": format_datetime(now),
        "Auto-Submitted": "auto-generated",
        "Content-Language": email.language,
        "List-Unsubscribe": f"<{email.stop_link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    if client.clinic.reply_to:
        headers["Reply-To"] = route_address(client.clinic.reply_to)
    return Envelope(
        sender=conf().from_email,
        sender_name=" ".join(client.clinic.sender_name.split()),
        recipient=client.email,
        subject=email.subject,
        text=email.text,
        html=email.html,
        headers=headers,
        reference={"delivery": str(delivery.pk), "attempt": str(delivery.attempt)},
    )
