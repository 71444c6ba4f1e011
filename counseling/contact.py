"""Whether a client may be written to at all: asked before enrolling, when an email falls due, and before it leaves."""

from __future__ import annotations

from typing import Protocol

from counseling.enums import Reason
from counseling.schedule import ScheduleError, zone_named


class Reachable(Protocol):
    """A client, or what is known of one, as far as it takes to say whether they may be written to."""

    @property
    def email_is_safe(self) -> bool: ...
    @property
    def email_index(self) -> str: ...
    @property
    def time_zone(self) -> str: ...


def obstacles(client: Reachable, *, agrees: bool) -> tuple[Reason, ...]:
    """What stands against emailing the client, gravest first; nothing when they may be written to.

    ``agrees`` is whether their consent stands. Without a time zone nobody knows whether it is night there: no sending.
    The address itself is not decrypted.
    """
    checks = {
        Reason.NO_CONSENT: not agrees,
        Reason.EMAIL_UNSAFE: not client.email_is_safe,
        Reason.NO_EMAIL: not client.email_index,
        Reason.NO_ZONE: not _is_zone(client.time_zone),
    }
    return tuple(reason for reason, stands in checks.items() if stands)


def _is_zone(name: str) -> bool:
    try:
        zone_named(name)
    except ScheduleError:
        return False
    return True
