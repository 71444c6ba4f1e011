"""What can go wrong, each named after its situation. `http_status` is the one mapping to HTTP that views share."""

from __future__ import annotations

from typing import ClassVar


class CounselingError(Exception):
    """Base of every error that this app raises on purpose."""

    http_status: ClassVar[int] = 400


class IllegalMove(CounselingError):
    """The state machine has no such move from where the row stands."""

    http_status = 409


class StaleState(CounselingError):
    """Somebody else moved the row first; read it again before deciding."""

    http_status = 409


class NotAllowed(CounselingError):
    """The staff member may see the object, yet not do this to it."""

    http_status = 403


class InvalidInput(CounselingError):
    """A value cannot be used; the message names it and says what would be accepted."""


class ConsentMissing(CounselingError):
    """A client has not agreed to be asked by email."""


class LinkUnusable(CounselingError):
    """Expired, revoked, answered or unknown: the client's page is the same for all."""

    http_status = 404


class AuditTampered(CounselingError):
    """The audit chain does not add up."""

    http_status = 500


class KeyMissing(CounselingError):
    """A stored value names an encryption key that this installation does not have."""

    http_status = 500


class CiphertextInvalid(CounselingError):
    """A stored value was altered, or belongs to another row or field."""

    http_status = 500
