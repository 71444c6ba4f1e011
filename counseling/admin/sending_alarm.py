"""The banner that says emails are not leaving, on every page of the staff.

A scheduler that is dead runs no check of its own, so the check is in the pages that people look at.
"""

from __future__ import annotations

import logging
from time import monotonic

from django.utils import timezone

from counseling.queries.pulse import Alarm, find_alarms, take_pulse

logger = logging.getLogger(__name__)

LOGGED_EVERY = 60.0
_logged: dict[str, float] = {}


def alarms_to_show() -> list[Alarm]:
    """What is wrong now, in one query. Where no tick ever was, nothing runs yet, and only lateness is worth a word."""
    alarms = find_alarms(take_pulse(now=timezone.now()))
    shown = [alarm for alarm in alarms if alarm.since is not None]
    log_alarms(shown)
    return shown


def log_alarms(alarms: list[Alarm]) -> None:
    """Tell the operators, once a minute for each kind in each process."""
    for alarm in alarms:
        if monotonic() - _logged.get(alarm.kind, float("-inf")) >= LOGGED_EVERY:
            _logged[alarm.kind] = monotonic()
            logger.error("emails do not leave: %s (code %s) since %s", alarm.kind, alarm.code, alarm.since)
