"""What needs a person: emails of unknown outcome, refused ones, and people who can't be written to.

Nothing is hidden by hand. A row leaves by its remedy, by being answered, or 30 days after it could last be helped; the
page says how many left by age.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, QuerySet

from counseling.contact import obstacles
from counseling.enums import DeliveryState, EnrollmentStatus, FollowUpStatus, Reason
from counseling.models import Client, Consent, Delivery, FollowUp, PlanStop
from counseling.models.delivery import DeliveryQuerySet
from counseling.models.follow_up import AWAITED
from counseling.resending import resend_refusal

COMING = timedelta(days=14)
"""How far ahead a question is looked for that nobody will be asked."""
LISTED = timedelta(days=30)
"""How long what is over stays listed."""
FIXABLE = (Reason.NO_CONSENT, Reason.EMAIL_UNSAFE, Reason.NO_EMAIL, Reason.ADDRESS_SUSPENDED, Reason.NO_ZONE)
"""Why somebody was not asked, where staff can do something about it."""
PEOPLE = ("client", "case__client", "case__relationship__first", "case__relationship__second", "case__lead")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many emails of which nobody knows the outcome or that were refused, of open questions; how many people."""

    unknown: int
    refused: int
    blocked: int

    @property
    def total(self) -> int:
        return self.unknown + self.refused + self.blocked


@dataclass(frozen=True, slots=True)
class DoubtfulEmail:
    """``refusal`` is why it can't be sent again, empty when it can."""

    delivery: Delivery
    obstacles: tuple[Reason, ...]
    refusal: str


@dataclass(frozen=True, slots=True)
class BlockedPerson:
    """Somebody who can't be written to; ``coming`` questions will not be asked, ``missed`` ones were not.

    ``follow_up`` is the next of the coming ones, or else the latest missed.
    """

    client: Client
    obstacles: tuple[Reason, ...]
    follow_up: FollowUp
    coming: int
    missed: int


def attention_counts(cases: Collection[UUID], *, now: datetime) -> Counts:
    """How much waits for a person in these cases. Two queries."""
    of_state = {
        "unknown": Count("pk", filter=Q(state=DeliveryState.UNCERTAIN)),
        "refused": Count("pk", filter=Q(state=DeliveryState.DEAD)),
    }
    queued = Q(follow_up__case_id__in=cases, follow_up__queued_at__isnull=False)
    emails = Delivery.objects.awaiting_person().filter(queued).aggregate(**of_state)
    people = _of_blocked(cases, now=now).aggregate(blocked=Count("client", distinct=True))
    return Counts(**emails, **people)


def doubtful_emails(state: DeliveryState, cases: Collection[UUID], *, now: datetime) -> DeliveryQuerySet:
    """The unresolved emails in that state: what can still be helped first, by when it runs out; then what is over."""
    over = Q(follow_up__status=FollowUpStatus.EXPIRED, follow_up__ended_at__gt=now - LISTED)
    rows = Delivery.objects.unresolved().filter(state=state, follow_up__case_id__in=cases)
    listed = rows.filter(Q(follow_up__status__in=AWAITED) | over)
    people = [f"follow_up__{name}" for name in (*PEOPLE, "enrollment")]
    return listed.select_related(*people).order_by(
        F("follow_up__ended_at").asc(nulls_first=True), "follow_up__expires_at", "id"
    )


def left_by_age(state: DeliveryState, cases: Collection[UUID], *, now: datetime) -> int:
    """How many unresolved emails of that state are not listed any more, because they were over too long ago."""
    rows = Delivery.objects.unresolved().filter(state=state, follow_up__case_id__in=cases)
    return rows.filter(follow_up__status=FollowUpStatus.EXPIRED, follow_up__ended_at__lte=now - LISTED).count()


def with_remedies(deliveries: Iterable[Delivery], *, now: datetime) -> list[DoubtfulEmail]:
    """Each with what can be done about it. Two queries, for the consents and the stopped plans.

    Reads ``follow_up.client`` and ``follow_up.enrollment``.
    """
    rows = list(deliveries)
    clients = {row.follow_up.client_id for row in rows}
    agreeing = Consent.objects.agreeing(clients)
    stops = PlanStop.objects.standing().filter(client__in=clients)
    stopped = set(stops.values_list("client", "case", "plan"))
    found = []
    for row in rows:
        asked = row.follow_up
        stands = (asked.client_id, asked.case_id, asked.enrollment.plan_id) in stopped
        against = obstacles(asked.client, agrees=asked.client_id in agreeing, plan_stopped=stands)
        refusal = resend_refusal(row, obstacles=against, now=now)
        found.append(DoubtfulEmail(row, against, "" if refusal is None else str(refusal)))
    return found


def blocked_people(cases: Collection[UUID], *, now: datetime) -> QuerySet[FollowUp, dict[str, Any]]:
    """One row for each blocked client with something coming or missed: whoever is to be asked next first."""
    planned, skipped = Q(status=FollowUpStatus.PLANNED), Q(status=FollowUpStatus.SKIPPED)
    grouped = _of_blocked(cases, now=now).order_by().values("client")
    people: QuerySet[FollowUp, dict[str, Any]] = grouped.annotate(
        coming=Count("pk", filter=planned),
        missed=Count("pk", filter=skipped),
        next_at=Min("due_at", filter=planned),
        last_at=Max("due_at", filter=skipped),
    ).order_by(F("next_at").asc(nulls_last=True), F("last_at").desc(), "client")
    return people


def with_people(groups: Iterable[dict[str, Any]], cases: Collection[UUID], *, now: datetime) -> list[BlockedPerson]:
    """Rows of `blocked_people` with what stands against each and the question it is about. Two queries."""
    rows = list(groups)
    clients, instants = [row["client"] for row in rows], [row["next_at"] or row["last_at"] for row in rows]
    about = _of_blocked(cases, now=now).filter(client__in=clients, due_at__in=instants).select_related(*PEOPLE)
    follow_up_of = {(each.client_id, each.due_at): each for each in about}
    agreeing = Consent.objects.agreeing(clients)
    return [
        _blocked(row, follow_up_of[client, instant], agrees=client in agreeing)
        for row, client, instant in zip(rows, clients, instants, strict=True)
        if (client, instant) in follow_up_of  # it may have moved or ended between the two queries
    ]


def _blocked(row: dict[str, Any], follow_up: FollowUp, *, agrees: bool) -> BlockedPerson:
    against = obstacles(follow_up.client, agrees=agrees)
    return BlockedPerson(follow_up.client, against, follow_up, row["coming"], row["missed"])


def _of_blocked(cases: Collection[UUID], *, now: datetime) -> Any:
    """Questions of blocked clients that will not be asked soon, or were not lately, in plans that go on."""
    coming = Q(status=FollowUpStatus.PLANNED, queued_at__isnull=True)
    missed = Q(status=FollowUpStatus.SKIPPED, end_reason__in=FIXABLE)
    return FollowUp.objects.filter(
        coming | missed,
        case_id__in=cases,
        enrollment__status=EnrollmentStatus.ACTIVE,
        client__in=Client.objects.blocked(),
        due_at__gt=now - LISTED,
        due_at__lte=now + COMING,
    )
