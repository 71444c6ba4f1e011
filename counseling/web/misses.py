"""Counts links that opened nothing, by the address they came from.

A token cannot be guessed (256 bits); this spares the database and tells a person behind a broken link to wait. A link
that opens is never counted and never refused, so people who share an address with a guesser lose nothing.
"""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

WINDOW_SECONDS = 10 * 60
TRIES = 20


def count_miss(request: HttpRequest) -> bool:
    """Note one more. True when there were too many of them within the window."""
    key = f"counseling.misses:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return cache.incr(key) > TRIES
    except ValueError:  # the window closed between the two calls
        return False
