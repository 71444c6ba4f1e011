"""Judges a run by what the mail server noted, what clients were told and what the database says, in plain SQL: none of
the app's code.

The invariants are delivery.md's; each has a function that lists what speaks against it:

    I1  every follow-up that was due ends somewhere, with one invitation at most (`unended`)
    I2  sent means accepted exactly once, accepted means sent or uncertain (`miscounted`)
    I3  nothing is handed over after a revocation was committed (`against_will`)
    I4  nothing leaves by night (`by_night`)
    I5  answers that were acknowledged are there once, with one set of scores, and raised their alert (`unkept`)
    I7  no name and no answer leaves the database (`spoken`)
    I8  nothing is left in the outbox (`unended`)
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from tests.smtp_sink import Mail, Sink

ENDS = {"sent", "uncertain", "dead", "cancelled", "expired"}


@dataclass(frozen=True)
class Kept:
    """Answers a client was told to have arrived."""

    link: str
    answers: Mapping[str, Any]
    raises_alert: bool


@dataclass
class Journal:
    """What the world outside saw and did, to hold the database against."""

    recipients: dict[str, str] = field(default_factory=dict)
    """Every follow-up's id, and the address that is to get its email."""
    revoked: dict[str, datetime] = field(default_factory=dict)
    """Follow-ups whose client withdrew consent, and when that was committed, by the database's clock."""
    kept: list[Kept] = field(default_factory=list)


def rows(statement: str, facts: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return list(cursor.fetchall())


def states() -> dict[str, str]:
    """Every delivery's state by its Message-ID."""
    return dict(rows("SELECT message_id, state FROM counseling_delivery"))


def accepted(sink: Sink) -> Counter[str]:
    """How often each Message-ID was taken."""
    return Counter(mail.message_id for mail in sink.mails)


def complaints(sink: Sink, journal: Journal | None = None) -> list[str]:
    """What went wrong, once everything has come to rest; nothing when all is well."""
    journal = journal or Journal()
    found = [*unended(), *miscounted(sink), *misdirected(sink, journal), *against_will(journal), *by_night(sink)]
    return sorted([*found, *unkept(journal.kept)])


_LEFT = """
SELECT asked.id, asked.status, COUNT(mail.id) FILTER (WHERE mail.kind = 'invitation')
  FROM counseling_followup AS asked LEFT JOIN counseling_delivery AS mail ON mail.follow_up_id = asked.id
 WHERE asked.due_at <= now()
 GROUP BY asked.id
"""
_ENDED_UNASKED = {"skipped", "cancelled", "expired"}


def unended() -> Iterable[str]:
    for message, state in states().items():
        if state not in ENDS:
            yield f"{message}: left {state}"
    for follow_up, status, invitations in rows(_LEFT):
        if invitations > 1:
            yield f"{follow_up}: invited {invitations} times"
        if not invitations and status not in _ENDED_UNASKED:
            yield f"{follow_up}: {status}, and no email about it"


def miscounted(sink: Sink) -> Iterable[str]:
    taken, stated = accepted(sink), states()
    yield from (f"{message}: accepted {times} times" for message, times in taken.items() if times > 1)
    yield from (f"{message}: accepted, yet unknown" for message in taken.keys() - stated.keys())
    for message, state in stated.items():
        if state == "sent" and not taken[message]:
            yield f"{message}: sent, yet never accepted"
        if taken[message] and state not in {"sent", "uncertain"}:
            yield f"{message}: accepted, yet {state}"


def misdirected(sink: Sink, journal: Journal) -> Iterable[str]:
    """Counted by whom they reached rather than by their ids: two emails with an id each are two emails all the same."""
    reached = Counter(mail.recipient for mail in sink.mails)
    expected = Counter(journal.recipients.values())
    if expected:
        yield from (f"{who}: got {reached[who]}" for who in reached if reached[who] > expected[who])
    follow_up_of = {
        message: str(pk) for message, pk in rows("SELECT message_id, follow_up_id FROM counseling_delivery")
    }
    for mail in sink.mails:
        meant = journal.recipients.get(follow_up_of.get(mail.message_id, ""), mail.recipient)
        if mail.recipient != meant:
            yield f"{mail.message_id}: meant for somebody else"


_HANDED_OVER = "SELECT follow_up_id, handed_over_at FROM counseling_delivery WHERE handed_over_at IS NOT NULL"


def against_will(journal: Journal) -> Iterable[str]:
    for follow_up, handed_over_at in rows(_HANDED_OVER):
        revoked_at = journal.revoked.get(str(follow_up))
        if revoked_at and handed_over_at > revoked_at:
            yield f"{follow_up}: handed over after the revocation"


_NIGHTS = """
SELECT mail.message_id, mail.handed_over_at, person.time_zone, clinic.quiet_from, clinic.quiet_until
  FROM counseling_delivery AS mail
  JOIN counseling_followup AS asked ON asked.id = mail.follow_up_id
  JOIN counseling_client AS person ON person.id = asked.client_id
  JOIN counseling_clinic AS clinic ON clinic.id = asked.clinic_id
 WHERE clinic.quiet_from <> clinic.quiet_until
"""


def by_night(sink: Sink) -> Iterable[str]:
    """An email handed over in time may arrive a moment later; one that did neither by day is one too many."""
    arrived = {mail.message_id: datetime.fromtimestamp(mail.at, UTC) for mail in sink.mails}
    for message, handed_over_at, zone, quiet_from, quiet_until in rows(_NIGHTS):
        moments = [moment for moment in (handed_over_at, arrived.get(message)) if moment]
        if message in arrived and all(is_night(moment, zone, quiet_from, quiet_until) for moment in moments):
            yield f"{message}: left by night"


def is_night(moment: datetime, zone: str, quiet_from: time, quiet_until: time) -> bool:
    wall = moment.astimezone(ZoneInfo(zone)).time()
    if quiet_from < quiet_until:
        return quiet_from <= wall < quiet_until
    return wall >= quiet_from or wall < quiet_until


_ANSWERED = """
SELECT asked.id, asked.status, response.status, response.answers::text, COUNT(score.id), COUNT(DISTINCT score.scale),
       EXISTS (SELECT 1 FROM counseling_finding AS finding
                WHERE finding.case_id = asked.case_id AND finding.pattern = 'safety')
  FROM counseling_followup AS asked
  JOIN assessments_response AS response ON response.id = asked.response_id
  LEFT JOIN assessments_score AS score ON score.response_id = response.id
 GROUP BY asked.id, response.id
"""


def unkept(kept: Iterable[Kept]) -> Iterable[str]:
    """``link`` is the token in it; the follow-up is found by its digest."""
    digests = {digest: pk for pk, digest in rows("SELECT id, token_digest FROM counseling_followup")}
    found: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for pk, *facts in rows(_ANSWERED):
        found[pk].append(tuple(facts))
    for each in kept:
        follow_up = digests.get(sha256(each.link.encode()).hexdigest())
        there = found.get(follow_up, [])
        if len(there) != 1:
            yield f"{follow_up}: acknowledged, and {len(there)} responses"
            continue
        status, response_status, answers, scores, scales, alert = there[0]
        if (status, response_status) != ("completed", "submitted"):
            yield f"{follow_up}: acknowledged, yet {status} and {response_status}"
        if json.loads(answers) != each.answers:
            yield f"{follow_up}: other answers than were given"
        if not scores or scores != scales:
            yield f"{follow_up}: {scores} scores on {scales} scales"
        if each.raises_alert and not alert:
            yield f"{follow_up}: an answer that should have raised the alarm and did not"


def spoken(words: Iterable[str], *, texts: Mapping[str, str], mails: Iterable[Mail] = ()) -> Iterable[str]:
    """Where a word stands that belongs into the database alone."""
    everywhere = {**texts, **{f"the email to {mail.recipient}": mail.content.decode() for mail in mails}}
    for place, text in everywhere.items():
        for word in words:
            if word in text:
                yield f"{word!r} in {place}"


_OLDER = """
UPDATE counseling_delivery SET lease_until = lease_until - make_interval(mins => %(minutes)s),
       handed_over_at = handed_over_at - make_interval(mins => %(minutes)s),
       next_at = next_at - make_interval(mins => %(minutes)s)
 WHERE id IN (SELECT id FROM counseling_delivery WHERE state IN ('due', 'claimed', 'handoff') FOR UPDATE SKIP LOCKED)
"""
_CIRCUIT_OLDER = """
UPDATE counseling_mailcircuit SET opened_at = opened_at - make_interval(mins => %(minutes)s),
       failing_since = failing_since - make_interval(mins => %(minutes)s),
       retry_at = retry_at - make_interval(mins => %(minutes)s)
"""
_RAN_OUT = """
UPDATE counseling_delivery SET lease_until = now()
 WHERE id IN (SELECT id FROM counseling_delivery WHERE state = 'claimed' AND owner LIKE %s FOR UPDATE SKIP LOCKED)
"""


def time_passes(*, minutes: int) -> None:
    """Have every lease, every handoff and the mail circuit be that much older, instead of waiting."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDER, {"minutes": minutes})
        cursor.execute(_CIRCUIT_OLDER, {"minutes": minutes})


def bury(worker: int) -> None:
    """Have the leases of a worker that is killed or asleep run out at once, instead of waiting for it."""
    with connection.cursor() as cursor:
        cursor.execute(_RAN_OUT, [f"%:{worker}:%"])
