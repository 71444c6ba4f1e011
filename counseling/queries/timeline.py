"""A case's follow-ups in order: what was planned, sent, answered, and what became of each email."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Prefetch

from assessments.models import Instrument
from counseling.models import Case, Delivery, Enrollment, FollowUp

RECENT, NEXT = 4, 2


@dataclass(frozen=True, slots=True)
class Wave:
    """One occasion: what was asked of each person of the case then."""

    instrument: Instrument
    follow_ups: tuple[FollowUp, ...]

    @property
    def due_at(self) -> datetime:
        return min(follow_up.due_at for follow_up in self.follow_ups)


@dataclass(frozen=True, slots=True)
class EnrollmentTimeline:
    """An enrollment with its waves: those around now, and the others, both by date."""

    enrollment: Enrollment
    near: tuple[Wave, ...]
    far: tuple[Wave, ...]


def enrollment_timelines(case: Case, *, now: datetime) -> list[EnrollmentTimeline]:
    """The case's enrollments, newest first; each follow-up with its ``in_doubt`` deliveries.

    Three queries, however many waves.
    """
    enrollments = Enrollment.objects.filter(case=case).select_related("plan", "started_by", "ended_by")
    follow_ups: dict[object, list[FollowUp]] = {}
    for follow_up in _follow_ups(case):
        follow_ups.setdefault(follow_up.enrollment_id, []).append(follow_up)
    return [_timeline(case, enrollment, follow_ups.get(enrollment.pk, []), now) for enrollment in enrollments]


def _follow_ups(case: Case) -> Iterable[FollowUp]:
    return (
        FollowUp.objects.filter(case=case)
        .select_related("client", "version__instrument")
        .defer("version__definition_json")
        .prefetch_related(Prefetch("deliveries", Delivery.objects.unresolved(), to_attr="in_doubt"))
        .order_by("local_date", "local_time", "step", "occurrence", "id")
    )


def _timeline(case: Case, enrollment: Enrollment, follow_ups: list[FollowUp], now: datetime) -> EnrollmentTimeline:
    together = groupby(follow_ups, key=lambda one: (one.local_date, one.local_time, one.step_id, one.occurrence))
    waves = [_wave(case, group) for _, group in together]
    due = sum(wave.due_at <= now for wave in waves)
    first, last = max(due - RECENT, 0), due + NEXT
    return EnrollmentTimeline(enrollment, tuple(waves[first:last]), tuple(waves[:first] + waves[last:]))


def _wave(case: Case, follow_ups: Iterable[FollowUp]) -> Wave:
    """The follow-ups of one occasion, in the order of the case's members."""
    members = [member.pk for member in case.members]
    ordered = sorted(follow_ups, key=lambda follow_up: members.index(follow_up.client_id))
    return Wave(ordered[0].version.instrument, tuple(ordered))
