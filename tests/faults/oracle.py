"""Judges a run by what the mail server noted and what the database says, in plain SQL: none of the app's code.

The invariants are delivery.md's: every due email ends somewhere (I1), sent means accepted exactly once and accepted
means sent or uncertain (I2).
"""

from __future__ import annotations

from collections import Counter

from django.db import connection

from tests.smtp_sink import Sink

ENDS = {"sent", "uncertain", "dead", "cancelled", "expired"}


def states() -> dict[str, str]:
    """Every delivery's state by its Message-ID."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT message_id, state FROM counseling_delivery")
        return dict(cursor.fetchall())


def accepted(sink: Sink) -> Counter[str]:
    """How often each Message-ID was taken."""
    return Counter(mail.message_id for mail in sink.mails)


def complaints(sink: Sink) -> list[str]:
    """What went wrong, once everything has come to rest; nothing when all is well."""
    taken, stated = accepted(sink), states()
    found = [f"{message}: accepted {times} times" for message, times in taken.items() if times > 1]
    found += [f"{message}: accepted, yet unknown" for message in taken.keys() - stated.keys()]
    for message, state in stated.items():
        if state not in ENDS:
            found.append(f"{message}: left {state}")
        if state == "sent" and not taken[message]:
            found.append(f"{message}: sent, yet never accepted")
        if taken[message] and state not in {"sent", "uncertain"}:
            found.append(f"{message}: accepted, yet {state}")
    return sorted(found)


def time_passes(*, minutes: int) -> None:
    """Have every lease, every handoff and the mail circuit be that much older, instead of waiting."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE counseling_delivery SET lease_until = lease_until - make_interval(mins => %(minutes)s),"
            " handed_over_at = handed_over_at - make_interval(mins => %(minutes)s),"
            " next_at = next_at - make_interval(mins => %(minutes)s)",
            {"minutes": minutes},
        )
        cursor.execute(
            "UPDATE counseling_mailcircuit SET opened_at = opened_at - make_interval(mins => %(minutes)s),"
            " failing_since = failing_since - make_interval(mins => %(minutes)s),"
            " retry_at = retry_at - make_interval(mins => %(minutes)s)",
            {"minutes": minutes},
        )


def bury(worker: int) -> None:
    """Have the leases of a killed worker run out at once, instead of waiting for it."""
    ran_out = "UPDATE counseling_delivery SET lease_until = now() WHERE state = 'claimed' AND owner LIKE %s"
    with connection.cursor() as cursor:
        cursor.execute(ran_out, [f"%:{worker}:%"])
