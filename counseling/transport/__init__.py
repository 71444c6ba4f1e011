"""From a written email to a mail server's answer, with the last word left to the caller. Knows no model."""

from counseling.transport.base import (
    Envelope,
    Outcome,
    Permit,
    Transport,
    TransportUnavailable,
    Verdict,
    refuses_setup,
)
from counseling.transport.mailers import open_transport

__all__ = [
    "Envelope",
    "Outcome",
    "Permit",
    "Transport",
    "TransportUnavailable",
    "Verdict",
    "open_transport",
    "refuses_setup",
]
