"""Whose turn is it: the cases a person works on, those that need them first."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case as Choose
from django.db.models import Count, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from counseling.enums import CaseStatus, FollowUpStatus, SessionStatus, Strength
from counseling.models import Case, Delivery, Finding, FollowUp, Session, StaffMember

ASKED = (FollowUpStatus.SENT, FollowUpStatus.OPENED)


def caseload(
    staff: StaffMember,
    *,
    now: datetime,
    text: str = "",
    status: CaseStatus | None = None,
    counselor: UUID | None = None,
) -> QuerySet[Case]:
    """The person's cases with what a glance needs, by attention, then next session, then age of the case.

    Each case carries ``urgent``, ``patterns``, ``signals`` (findings that wait), ``undelivered`` (emails whose outcome
    is bad or unknown), ``unsettled`` (past sessions nobody settled), ``asked`` (questionnaires out and unanswered),
    ``next_session``, ``last_answer`` and ``attention`` (0 most). One query, however many cases.
    """
    rows: Any = Case.objects.visible_to(staff).with_people()
    if status is not None:
        rows = rows.filter(status=status)
    if counselor is not None:
        rows = rows.filter(lead=counselor)
    for word in text.split():
        rows = rows.filter(_named(word))
    rows = rows.annotate(**_findings(), **_follow_ups(), **_sessions(now)).annotate(attention=_attention())
    ordered: QuerySet[Case] = rows.order_by("attention", F("next_session").asc(nulls_last=True), "opened_at", "id")
    return ordered


def _named(word: str) -> Q:
    """Some member's given or family name holds the word."""
    matches = Q()
    for member in ("client", "relationship__first", "relationship__second"):
        for name in ("given_name", "family_name"):
            matches |= Q(**{f"{member}__{name}__icontains": word})
    return matches


def _per_case(rows: QuerySet[Any], result: Any) -> Subquery:
    """One aggregate over the rows that belong to the outer case."""
    grouped = rows.filter(case=OuterRef("pk")).order_by().values("case").annotate(result=result)
    return Subquery(grouped.values("result"))


def _number_of(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(_per_case(rows, Count("pk")), 0, output_field=IntegerField())


def _findings() -> dict[str, Any]:
    waiting = Finding.objects.waiting()
    return {
        "urgent": _number_of(waiting.filter(strength=Strength.URGENT)),
        "patterns": _number_of(waiting.filter(strength=Strength.PATTERN)),
        "signals": _number_of(waiting.filter(strength=Strength.SIGNAL)),
    }


def _follow_ups() -> dict[str, Any]:
    undelivered = Delivery.objects.awaiting_person().filter(follow_up__case=OuterRef("pk"))
    counted = undelivered.order_by().values("follow_up__case").annotate(result=Count("follow_up", distinct=True))
    return {
        "asked": _number_of(FollowUp.objects.filter(status__in=ASKED)),
        "undelivered": Coalesce(Subquery(counted.values("result")), 0, output_field=IntegerField()),
        "last_answer": _per_case(FollowUp.objects.all(), Max("completed_at")),
    }


def _sessions(now: datetime) -> dict[str, Any]:
    scheduled = Session.objects.filter(status=SessionStatus.SCHEDULED)
    return {
        "next_session": _per_case(scheduled.filter(starts_at__gte=now), Min("starts_at")),
        "unsettled": _number_of(scheduled.filter(starts_at__lt=now)),
    }


def _attention() -> Choose:
    return Choose(
        When(urgent__gt=0, then=Value(0)),
        When(patterns__gt=0, then=Value(1)),
        When(undelivered__gt=0, then=Value(2)),
        When(signals__gt=0, then=Value(3)),
        When(unsettled__gt=0, then=Value(4)),
        default=Value(5),
        output_field=IntegerField(),
    )
