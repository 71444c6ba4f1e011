"""Bring what is planned in line with the facts as they stand, for any number of enrollments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from counseling.enums import DeliveryEventKind, DeliveryState, FollowUpStatus, Reason
from counseling.models import Delivery, DeliveryEvent, Enrollment, FollowUp
from counseling.models.enrollment import EnrollmentQuerySet
from counseling.outbox.ending import UNSENT
from counseling.planning.changes import Changes
from counseling.planning.difference import Difference, Situation
from counseling.planning.rehearsal import is_rehearsal, note_changes
from counseling.planning.writing import write
from counseling.queries.occasions import Layout, read_plan_facts

BATCH = 500
"""Enrollments compared at a time. The number of queries grows with the batches, not with the follow-ups."""

_PEOPLE = (
    "case__clinic",
    "case__lead",
    "case__client",
    "case__relationship__first",
    "case__relationship__second",
    "plan",
)
_READ = (
    *("enrollment", "client", "step", "session", "occurrence", "version__instrument__title", "other_role"),
    *("local_date", "local_time", "time_zone", "due_at", "expires_at"),
    *("status", "queued_at", "sent_at", "end_reason"),
)
NEVER_LEFT = (*UNSENT, DeliveryState.CANCELLED, DeliveryState.EXPIRED)


def replan(enrollments: EnrollmentQuerySet, *, reason: Reason, now: datetime) -> Changes:
    """Compare and write, within the action that changed a fact; what changed.

    Only running enrollments are looked at. They stay locked until the transaction ends, so that two changes at once
    come one after the other and the later one sees what the earlier one wrote. Nothing else is done twice: with
    unchanged facts, nothing changes.
    """
    changes = Changes()
    ids = lock_running(enrollments)
    for first in range(0, len(ids), BATCH):
        difference = _compare(ids[first : first + BATCH], reason=reason, now=now)
        changes.add(difference.changes)
        if not is_rehearsal():
            write(difference, now=now, reason=reason)
    note_changes(changes.rows)
    return changes


def lock_running(enrollments: EnrollmentQuerySet) -> list[UUID]:
    """Hold the running ones until the transaction ends."""
    held = enrollments.running().order_by("pk").select_for_update(of=("self",), no_key=True)
    return list(held.values_list("pk", flat=True))


def _compare(ids: Sequence[UUID], *, reason: Reason, now: datetime) -> Difference:
    # Read after they are locked: in the locking statement itself, PostgreSQL would join what there was before.
    enrollments = list(Enrollment.objects.filter(pk__in=ids).select_related(*_PEOPLE).order_by("pk"))
    layout = Layout(read_plan_facts(enrollments))
    planned = held_follow_ups(enrollments)
    situation = Situation(now=now, reason=reason, out_of_hand=out_of_hand(planned))
    by_enrollment: dict[UUID, list[FollowUp]] = defaultdict(list)
    for row in planned:
        by_enrollment[row.enrollment_id].append(row)
    difference = Difference()
    for enrollment in enrollments:
        theirs = by_enrollment[enrollment.pk]
        for row in theirs:
            row.enrollment = enrollment
        difference.compare(enrollment, theirs, layout.occasions(enrollment), situation)
    return difference


def held_follow_ups(enrollments: Iterable[Enrollment]) -> list[FollowUp]:
    """All of the enrollments' follow-ups, with the questionnaires they ask; locked, in the order of their ids."""
    rows = FollowUp.objects.filter(enrollment__in=enrollments).select_related("version__instrument").only(*_READ)
    return list(rows.order_by("pk").select_for_update(of=("self",)))


def out_of_hand(rows: Iterable[FollowUp]) -> Collection[UUID]:
    """Which of the follow-ups have an email that left, is just leaving, or may have left.

    Their deliveries are held until the transaction ends: a worker passes over them, so none leaves meanwhile.
    """
    queued = [row.pk for row in rows if row.status == FollowUpStatus.PLANNED and row.queued_at is not None]
    if not queued:
        return frozenset()
    held = Delivery.objects.filter(follow_up__in=queued).order_by("pk").select_for_update(of=("self",), no_key=True)
    left = {follow_up for follow_up, state in held.values_list("follow_up", "state") if state not in NEVER_LEFT}
    # One that was in doubt and is to be sent again by hand is due like any other, and may have arrived all the same.
    doubted = DeliveryEvent.objects.filter(follow_up__in=queued, kind=DeliveryEventKind.UNCERTAIN)
    return left | set(doubted.values_list("follow_up", flat=True))
