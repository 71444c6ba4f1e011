"""What all actions share: one transaction, guarded moves, and an audit trail that is written last."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import models, transaction

from counseling.exceptions import CounselingError, StaleState
from counseling.models import AuditEvent, Clinic, StaffMember
from counseling.models.audit import GENESIS
from counseling.planning.rehearsal import is_rehearsal
from counseling.transitions import StateTable, check_move

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class _Entry:
    clinic_id: UUID
    action: str
    subject: models.Model
    by: StaffMember | None
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


_trail: ContextVar[list[_Entry] | None] = ContextVar("audit_trail", default=None)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run in one transaction. An action called by another joins it.

    What they `record` is chained and inserted at the very end, together: the clinic's chain is locked only for the
    last instant, and never before a row that another transaction may be waiting for. A rehearsal writes no trail.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _trail.get() is not None:
            return function(*args, **kwargs)
        entries: list[_Entry] = []
        token = _trail.set(entries)
        try:
            with transaction.atomic():
                result = function(*args, **kwargs)
                if not is_rehearsal():
                    _write_trail(entries)
                return result
        finally:
            _trail.reset(token)

    return run


def record(name: str, subject: models.Model, *, by: StaffMember | None, now: datetime, **data: Any) -> None:
    """Note an audit event of the running action. ``data`` holds ids, states and numbers only, never content.

    What belongs to no clinic, like a questionnaire, is noted in the trail of whoever acts.
    """
    entries = _trail.get()
    if entries is None:
        raise CounselingError(f"{name} was recorded outside an action")
    clinic_id = getattr(subject, "clinic_id", None) or (by.clinic_id if by else None)
    if clinic_id is None:
        raise CounselingError(f"{name} was recorded of something without a clinic, by nobody")
    entries.append(_Entry(clinic_id, name, subject, by, now, data))


def move(
    row: M,
    to: str,
    *,
    table: StateTable,
    column: str = "status",
    **changes: Any,
) -> M:
    """Move the row to a state, guarded on the state it was read in.

    Raises `IllegalMove` when the table has no such move, `StaleState` when somebody else moved the row meanwhile.
    The instance is updated only when the database was.
    """
    source = getattr(row, column)
    check_move(table, source, to)
    values = {column: to, **changes}
    changed = type(row)._default_manager.filter(pk=row.pk, **{column: source}).update(**values)
    if not changed:
        raise StaleState(f"{row._meta.verbose_name} {row.pk} is no longer {source}")
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _write_trail(entries: list[_Entry]) -> None:
    for clinic_id in sorted({entry.clinic_id for entry in entries}):
        _append([entry for entry in entries if entry.clinic_id == clinic_id], clinic_id)


def _append(entries: list[_Entry], clinic_id: UUID) -> None:
    Clinic.objects.select_for_update(no_key=True).only("pk").get(pk=clinic_id)
    last = AuditEvent.objects.filter(clinic=clinic_id).order_by("-sequence").values_list("sequence", "hash").first()
    sequence, previous = last or (0, GENESIS)
    events = []
    for entry in entries:
        sequence += 1
        event = AuditEvent(
            clinic_id=clinic_id,
            sequence=sequence,
            at=entry.at,
            actor=entry.by,
            action=entry.action,
            subject_type=str(entry.subject._meta.model_name),
            subject_id=entry.subject.pk,
            data=entry.data,
            previous_hash=previous,
        )
        event.hash = previous = event.computed_hash()
        events.append(event)
    AuditEvent.objects.bulk_create(events)
