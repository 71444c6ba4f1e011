"""Importing this registers every screen and page on the default admin site; the app does so once it is ready."""

from counseling.admin import (
    attention,
    audit,
    case,
    client,
    closed_days,
    finding,
    plans,
    relationship,
    reports,
    session,
    staff,
    thresholds,
)

__all__ = [
    "attention",
    "audit",
    "case",
    "client",
    "closed_days",
    "finding",
    "plans",
    "relationship",
    "reports",
    "session",
    "staff",
    "thresholds",
]
