"""What became of follow-ups, or would: each by itself, counted, and as one digest that stands for having seen it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from assessments.models import Instrument
from counseling.enums import Reason
from counseling.models import Client, Enrollment


class ChangeKind(StrEnum):
    ADDED = "added"
    MOVED = "moved"
    CANCELLED = "cancelled"
    LEFT_OUT = "left_out"
    """Not asked although the plan says so: its day was past, or fell into a pause."""
    PAUSED = "paused"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class Slot:
    """When a questionnaire is asked: meant in local time, and as an instant."""

    local_date: date
    local_time: time
    time_zone: str
    due_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of one follow-up. ``before`` is when it was planned, ``after`` when it is from now on."""

    kind: ChangeKind
    enrollment: Enrollment
    client: Client
    instrument: Instrument
    step: UUID
    occurrence: int
    session: UUID | None = None
    follow_up: UUID | None = None
    """Its row, when there is one already."""
    before: Slot | None = None
    after: Slot | None = None
    reason: Reason | None = None

    @property
    def at(self) -> datetime:
        """What it is sorted by: the earlier of its times."""
        return min(slot.due_at for slot in (self.before, self.after) if slot is not None)

    def fingerprint(self) -> tuple[str, ...]:
        """What a person saw of it: nothing that a second run of the same change would number anew."""
        slots = [(slot.due_at, slot.expires_at, slot.time_zone) if slot else () for slot in (self.before, self.after)]
        asked = (self.enrollment.case_id, self.client.pk, self.instrument.pk, self.occurrence)
        return (str(self.kind), *map(str, asked), *map(str, slots))


@dataclass(slots=True)
class Changes:
    """Changes in the order of their times."""

    rows: list[Change] = field(default_factory=list)

    def add(self, rows: Iterable[Change]) -> None:
        self.rows.extend(rows)

    def __iter__(self) -> Iterator[Change]:
        return iter(sorted(self.rows, key=lambda change: (change.at, change.fingerprint())))

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind there are, by name; kinds without any are left out. For the audit trail."""
        return {str(kind): count for kind, count in sorted(Counter(change.kind for change in self.rows).items())}

    @property
    def digest(self) -> str:
        """Stands for these very changes: SHA-256 over all of them, whatever their order."""
        lines = sorted("|".join(change.fingerprint()) for change in self.rows)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()
