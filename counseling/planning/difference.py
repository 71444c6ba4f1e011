"""What is planned beside what the facts ask for: which follow-ups move, go, come, or stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from assessments.models import Instrument
from counseling.contact import is_zone
from counseling.enums import FollowUpStatus, Reason
from counseling.models import Enrollment, FollowUp
from counseling.planning.changes import Change, ChangeKind, Slot
from counseling.queries.occasions import Occasion

TAKEN_AWAY = frozenset(
    {
        Reason.ZONE_CHANGED,
        Reason.PLAN_CHANGED,
        Reason.DATES_CHANGED,
        Reason.SESSION_CHANGED,
        Reason.CLOSED_DAYS_CHANGED,
        Reason.CASE_CLOSED,
        Reason.PAUSE,
        Reason.DATE_PAST,
    }
)
"""Why a changed plan cancels: what changes back brings these back. What a person cancelled stays so."""

WISHES = frozenset({Reason.PLAN_CHANGED, Reason.DATES_CHANGED})
"""Changes in which somebody may have wished for a day that has passed; in others it is no news."""

_Key = tuple[UUID, UUID, UUID | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """When and why plans are worked out anew, and which planned follow-ups are still in our hands."""

    now: datetime
    reason: Reason
    out_of_hand: Collection[UUID] = ()
    """Planned follow-ups whose invitation may be with the client already."""


@dataclass(slots=True)
class Difference:
    """What is to be written down, and what to say about it."""

    added: list[tuple[Enrollment, Occasion]] = field(default_factory=list)
    moved: list[tuple[FollowUp, Occasion]] = field(default_factory=list)
    revived: list[tuple[FollowUp, Occasion]] = field(default_factory=list)
    cancelled: dict[Reason, list[FollowUp]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def compare(
        self, enrollment: Enrollment, planned: Iterable[FollowUp], occasions: Iterable[Occasion], situation: Situation
    ) -> None:
        """Add what differs for one enrollment. Reads ``version.instrument`` of what is planned."""
        standing = {_key_of(row): row for row in planned}
        wanted: set[_Key] = set()
        for occasion in _numbered(occasions, standing.values()):
            key = _key_of_occasion(occasion)
            wanted.add(key)
            self._place(enrollment, standing.get(key), occasion, situation)
        for key, row in standing.items():
            if key not in wanted and _is_movable(row, situation) and is_zone(_client_of(enrollment, row).time_zone):
                self._cancel(enrollment, row, situation.reason)

    def _place(self, enrollment: Enrollment, row: FollowUp | None, occasion: Occasion, situation: Situation) -> None:
        is_past = occasion.is_past(now=situation.now, clinic_zone=enrollment.case.clinic.time_zone)
        if row is None:
            self._add(enrollment, occasion, situation, is_past=is_past)
        elif _is_movable(row, situation):
            self._move(enrollment, row, occasion, situation, is_past=is_past)
        elif _is_taken_away(row) and not is_past and _can_ask(row, occasion):
            self.revived.append((row, occasion))
            self._say(ChangeKind.ADDED, enrollment, occasion, row=row, after=occasion)

    def _add(self, enrollment: Enrollment, occasion: Occasion, situation: Situation, *, is_past: bool) -> None:
        if is_past or occasion.version is None:
            reason = Reason.DATE_PAST if is_past else Reason.UNPUBLISHED
            if not is_past or situation.reason in WISHES:
                self._say(ChangeKind.LEFT_OUT, enrollment, occasion, before=occasion, reason=reason)
            return
        self.added.append((enrollment, occasion))
        self._say(ChangeKind.ADDED, enrollment, occasion, after=occasion)

    def _move(
        self, enrollment: Enrollment, row: FollowUp, occasion: Occasion, situation: Situation, *, is_past: bool
    ) -> None:
        if _is_same(row, occasion) or not _can_ask(row, occasion):
            return
        overdue = occasion.expires_at <= situation.now
        if overdue or (is_past and occasion.local_date != row.local_date):
            self._cancel(enrollment, row, Reason.DATE_PAST)
            return
        self.moved.append((row, occasion))
        self._say(ChangeKind.MOVED, enrollment, occasion, row=row, before=row, after=occasion)

    def _cancel(self, enrollment: Enrollment, row: FollowUp, reason: Reason) -> None:
        self.cancelled.setdefault(reason, []).append(row)
        self.changes.append(change_of(ChangeKind.CANCELLED, enrollment, row, before=row, reason=reason))

    def _say(
        self,
        kind: ChangeKind,
        enrollment: Enrollment,
        occasion: Occasion,
        *,
        row: FollowUp | None = None,
        before: FollowUp | Occasion | None = None,
        after: Occasion | None = None,
        reason: Reason | None = None,
    ) -> None:
        self.changes.append(
            Change(
                kind=kind,
                enrollment=enrollment,
                client=occasion.client,
                instrument=occasion.step.instrument,
                step=occasion.step.pk,
                occurrence=occasion.occurrence,
                session=occasion.session.pk if occasion.session else None,
                follow_up=row.pk if row else None,
                before=slot_of(before) if before else None,
                after=slot_of(after) if after else None,
                reason=reason,
            )
        )


def change_of(
    kind: ChangeKind,
    enrollment: Enrollment,
    row: FollowUp,
    *,
    before: FollowUp | None = None,
    after: FollowUp | None = None,
    reason: Reason | None = None,
) -> Change:
    """A change of a follow-up that stays at its time, or goes. Reads ``version.instrument``."""
    instrument: Instrument = row.version.instrument
    return Change(
        kind=kind,
        enrollment=enrollment,
        client=_client_of(enrollment, row),
        instrument=instrument,
        step=row.step_id,
        occurrence=row.occurrence,
        session=row.session_id,
        follow_up=row.pk,
        before=slot_of(before) if before else None,
        after=slot_of(after) if after else None,
        reason=reason,
    )


def slot_of(one: FollowUp | Occasion) -> Slot:
    return Slot(one.local_date, one.local_time, one.time_zone, one.due_at, one.expires_at)


def _client_of(enrollment: Enrollment, row: FollowUp) -> Any:
    return next(client for client in enrollment.case.members if client.pk == row.client_id)


def _key_of(row: FollowUp) -> _Key:
    return row.step_id, row.client_id, row.session_id or row.occurrence


def _key_of_occasion(occasion: Occasion) -> _Key:
    return occasion.step.pk, occasion.client.pk, occasion.session.pk if occasion.session else occasion.occurrence


def _numbered(occasions: Iterable[Occasion], planned: Collection[FollowUp]) -> Iterator[Occasion]:
    """Those about sessions with the number that both partners' follow-ups about a session share."""
    known: dict[tuple[UUID, UUID], int] = {
        (row.step_id, row.session_id): row.occurrence for row in planned if row.session_id is not None
    }
    highest: dict[UUID, int] = {}
    for row in planned:
        highest[row.step_id] = max(row.occurrence, highest.get(row.step_id, 0))
    fresh: dict[UUID, Iterator[int]] = {}
    for occasion in occasions:
        if occasion.session is None:
            yield occasion
            continue
        step = occasion.step.pk
        if (step, occasion.session.pk) not in known:
            numbers = fresh.setdefault(step, count(highest.get(step, 0) + 1))
            known[step, occasion.session.pk] = next(numbers)
        yield replace(occasion, occurrence=known[step, occasion.session.pk])


def _is_movable(row: FollowUp, situation: Situation) -> bool:
    return row.status in {FollowUpStatus.PLANNED, FollowUpStatus.PAUSED} and row.pk not in situation.out_of_hand


def _is_taken_away(row: FollowUp) -> bool:
    return row.status == FollowUpStatus.CANCELLED and row.sent_at is None and row.end_reason in TAKEN_AWAY


def _can_ask(row: FollowUp, occasion: Occasion) -> bool:
    """Whether there is something to ask: what was pinned, as long as it is the step's questionnaire, or a new one."""
    return row.version.instrument_id == occasion.step.instrument_id or occasion.version is not None


def _is_same(row: FollowUp, occasion: Occasion) -> bool:
    return (
        slot_of(row) == slot_of(occasion)
        and row.version.instrument_id == occasion.step.instrument_id
        and row.other_role == occasion.other_role
    )
