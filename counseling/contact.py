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
    @property
    def suspended_index(self) -> str: ...


def obstacles(client: Reachable, *, agrees: bool, plan_stopped: bool = False) -> tuple[Reason, ...]:
    """What stands against emailing the client, gravest first; nothing when they may be written to.

    ``agrees`` is whether their consent stands, ``plan_stopped`` whether they want no more of the plan in question.
    Without a time zone nobody knows whether it is night there: no sending. The address itself is not decrypted.
    """
    checks = {
        Reason.NO_CONSENT: not agrees,
        Reason.EMAIL_UNSAFE: not client.email_is_safe,
        Reason.PLAN_STOPPED: plan_stopped,
        Reason.NO_EMAIL: not client.email_index,
        Reason.ADDRESS_SUSPENDED: is_suspended(client),
        Reason.NO_ZONE: not is_zone(client.time_zone),
    }
    return tuple(reason for reason, stands in checks.items() if stands)


def is_suspended(client: Reachable) -> bool:
    """Whether the address of today is the one that takes no mail, or closed itself to us. A new address is free."""
    return bool(client.email_index) and client.suspended_index == client.email_index


def is_zone(name: str) -> bool:
    """Whether anybody can live by that clock."""
    try:
        zone_named(name)
    except ScheduleError:
        return False
    return True
