"""How long to wait before trying again. Pure."""

from __future__ import annotations

from datetime import timedelta

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(hours=6)


def retry_delay(failures: int, *, dice: float) -> timedelta:
    """Full jitter: anywhere (``dice`` from 0 up to 1) below a ceiling of 1 minute that doubles up to 6 hours.

    After no failure at all there is nothing to wait for.
    """
    if failures < 1:
        return timedelta()
    doublings = min(failures - 1, 16)
    ceiling: timedelta = min(SHORTEST * 2**doublings, LONGEST)
    return ceiling * dice
