"""What providers post, in the shape of their own documentation, about an email of ours."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from datetime import datetime
from typing import Any

from counseling.models import Delivery

SECRET = "provider:a-secret-of-some-length"
SIGNING_KEY = "key-0123456789"
TOKEN = "a-token-of-mailguns"
AUTHORIZED = {"HTTP_AUTHORIZATION": f"Basic {b64encode(SECRET.encode()).decode()}"}


def reference(delivery: Delivery) -> dict[str, str]:
    return {"delivery": str(delivery.pk), "attempt": str(delivery.attempt)}


def postmark_bounce(delivery: Delivery, *, at: datetime, kind: str = "HardBounce", number: int = 42) -> dict[str, Any]:
    return {
        "RecordType": "SpamComplaint" if kind == "SpamComplaint" else "Bounce",
        "ID": number,
        "Type": kind,
        "TypeCode": 1,
        "Tag": "",
        "MessageID": "00000000-0000-0000-0000-000000000000",
        "Metadata": reference(delivery),
        "Details": f"smtp;550 5.1.1 The email account {delivery.follow_up.client.email} does not exist.",
        "Email": delivery.follow_up.client.email,
        "From": "follow-up@clinic.example",
        "BouncedAt": at.isoformat(),
        "Inactive": True,
        "DumpAvailable": True,
        "CanActivate": True,
        "Subject": "A few questions for you",
        "ServerID": 1234,
        "MessageStream": "outbound",
    }


def postmark_delivery(delivery: Delivery, *, at: datetime) -> dict[str, Any]:
    return {
        "RecordType": "Delivery",
        "ServerID": 1234,
        "MessageStream": "outbound",
        "MessageID": "00000000-0000-0000-0000-000000000000",
        "Recipient": delivery.follow_up.client.email,
        "Tag": "",
        "DeliveredAt": at.isoformat(),
        "Details": "250 2.0.0 OK",
        "Metadata": reference(delivery),
    }


def postmark_suppression(delivery: Delivery, *, at: datetime) -> dict[str, Any]:
    return {
        "RecordType": "SubscriptionChange",
        "MessageID": "00000000-0000-0000-0000-000000000000",
        "ServerID": 1234,
        "MessageStream": "outbound",
        "ChangedAt": at.isoformat(),
        "Recipient": delivery.follow_up.client.email,
        "Origin": "Recipient",
        "SuppressSending": True,
        "SuppressionReason": "ManualSuppression",
        "Tag": "",
        "Metadata": reference(delivery),
    }


def mailgun_post(
    delivery: Delivery, event: str, *, at: datetime, severity: str = "", key: str = SIGNING_KEY
) -> dict[str, Any]:
    """An event about an email that went out over Mailgun's SMTP: it knows our Message-ID and nothing else."""
    stamp = str(int(at.timestamp()))
    signature = hmac.new(key.encode(), f"{stamp}{TOKEN}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"token": TOKEN, "timestamp": stamp, "signature": signature},
        "event-data": {
            "event": event,
            "id": "Ase7i2zsRYeDXztHGENqRA",
            "timestamp": at.timestamp(),
            "severity": severity,
            "reason": "bounce",
            "recipient": delivery.follow_up.client.email,
            "message": {"headers": {"message-id": delivery.message_id.strip("<>"), "subject": "A few questions"}},
            "delivery-status": {"code": 550, "message": "550 5.1.1 no such user", "attempt-no": 1},
            "user-variables": {},
            "tags": [],
        },
    }
