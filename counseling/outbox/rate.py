"""No more than so many emails a minute to one domain of recipients, however many workers there are.

Providers that get more than they like defer or block. What is too much is told to come back at the pace that the
domain takes, so that it is looked at about once rather than with every tick. Off unless ``DOMAIN_PER_MINUTE`` is set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from counseling.conf import conf
from counseling.encryption import blind_index
from counseling.models import Delivery, DomainRate
from counseling.outbox.statements import commit_with_the_next

MINUTE = timedelta(seconds=62)
"""Two seconds of grace: an email is counted when a worker takes it up, and leaves moments later."""

SOON = timedelta(seconds=10)
"""A worker waits so long for its turn rather than leave it to a later tick: ticks come a minute apart, more or less."""

Departures = tuple[tuple[datetime, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many were let go when, oldest first, and until when others were told to wait."""

    recent: Departures
    tail: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """How many may leave now, and when each of the others is to come back."""

    leaving: int
    waiting: tuple[datetime, ...]


def grant(pace: Pace, wanted: int, *, most: int, now: datetime) -> tuple[Pace, Grant]:
    """Let as many of ``wanted`` go that no more than ``most`` (at least 1) go within any minute. Pure.

    Of the others, those that may leave soon are to come back then, the rest one after the other behind all who wait.
    """
    recent: Departures = tuple((at, count) for at, count in pace.recent if now - at < MINUTE)
    leaving = max(0, min(wanted, most - sum(count for _, count in recent)))
    if leaving:
        recent = (*recent, (now, leaving))
    if leaving == wanted:
        return Pace(recent=recent, tail=pace.tail), Grant(leaving=leaving, waiting=())
    frees = [(at + MINUTE, count) for at, count in recent if at + MINUTE - now <= SOON]
    soon = min(sum(count for _, count in frees), wanted - leaving)
    step, start, later = MINUTE / most, max(pace.tail, recent[0][0] + MINUTE), wanted - leaving - soon
    waiting = (*[at for at, _ in frees[-1:]] * soon, *(start + number * step for number in range(later)))
    tail = start + later * step if later else pace.tail
    return Pace(recent=recent, tail=tail), Grant(leaving=leaving, waiting=waiting)


def hold_back(deliveries: Iterable[Delivery], *, now: datetime) -> dict[Delivery, datetime]:
    """Which of the deliveries have to wait, and until when; the others are counted as leaving now.

    Reads the clients' addresses. Domains are held in the order of their digests. Three statements, and a fourth for
    new domains; none while there is no limit.
    """
    most, rows = conf().domain_per_minute, list(deliveries)
    if most < 1 or not rows:
        return {}
    domains = {delivery: _domain(delivery) for delivery in rows}
    grants = _grants(Counter(domains.values()), most=most, now=now)
    waiting: dict[Delivery, datetime] = {}
    for domain, granted in grants.items():
        late = [delivery for delivery in rows if domains[delivery] == domain][granted.leaving :]
        waiting |= dict(zip(late, granted.waiting, strict=True))
    return waiting


def _domain(delivery: Delivery) -> str:
    return blind_index(delivery.follow_up.client.email.rpartition("@")[2])


@transaction.atomic
def _grants(wanted: Mapping[str, int], *, most: int, now: datetime) -> dict[str, Grant]:
    with connection.cursor() as cursor:
        commit_with_the_next(cursor)
    _make_sure_of(wanted, now=now)
    rows = DomainRate.objects.filter(domain__in=wanted).order_by("domain").select_for_update(no_key=True)
    grants: dict[str, Grant] = {}
    changed = list(rows)
    for row in changed:
        pace, grants[row.domain] = grant(_pace_of(row), wanted[row.domain], most=most, now=now)
        row.recent = [[round(at.timestamp() * 1000), count] for at, count in pace.recent]
        row.tail = pace.tail
    DomainRate.objects.bulk_update(changed, ["recent", "tail"])
    return grants


def _pace_of(row: DomainRate) -> Pace:
    recent = tuple((datetime.fromtimestamp(at / 1000, tz=UTC), count) for at, count in row.recent)
    return Pace(recent=recent, tail=row.tail)


def _make_sure_of(domains: Iterable[str], *, now: datetime) -> None:
    """A row for each, made in the order of their digests where there is none yet."""
    known = set(DomainRate.objects.filter(domain__in=domains).values_list("domain", flat=True))
    new = [DomainRate(domain=domain, tail=now) for domain in sorted(set(domains) - known)]
    if new:
        DomainRate.objects.bulk_create(new, ignore_conflicts=True)
