"""Whether a client may be written to at all: asked before enrolling, when an email falls due, and before it leaves."""

from __future__ import annotations

from counseling.enums import Reason
from counseling.models import Client
from counseling.schedule import ScheduleError, zone_named


def obstacles(client: Client, *, agrees: bool) -> tuple[Reason, ...]:
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
