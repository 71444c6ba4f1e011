"""An action run for the changes it would make, and an action held to the changes that a person was shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import transaction

from counseling.exceptions import StaleState
from counseling.planning.changes import Change, Changes

R = TypeVar("R")


@dataclass(slots=True)
class _Collection:
    is_rehearsal: bool
    changes: Changes = field(default_factory=Changes)


_collection: ContextVar[_Collection | None] = ContextVar("planning_changes", default=None)


class ChangedSinceShown(StaleState):
    """What would change is not what the person was shown; ask again with what it is now."""


def rehearse(change: Callable[[], object]) -> Changes:
    """What an action would change, by running it and taking everything back. Raises what the action raises.

    Follow-ups are compared and not written, and nothing is chained to the audit trail, so nobody waits for it. The rows
    passed to the action may come out of it changed: read them again.
    """
    with _collecting(is_rehearsal=True) as changes, transaction.atomic():
        change()
        transaction.set_rollback(True)
    return changes


def do_as_shown(change: Callable[[], R], *, shown: str) -> R:
    """Run an action whose changes have the digest that was ``shown``; else raise `ChangedSinceShown`, nothing done."""
    with _collecting(is_rehearsal=False) as changes, transaction.atomic():
        result = change()
        if changes.digest != shown:
            raise ChangedSinceShown("what this changes is different by now")
        return result


def is_rehearsal() -> bool:
    collection = _collection.get()
    return collection is not None and collection.is_rehearsal


def is_watched() -> bool:
    """Whether anybody wants to know what changes."""
    return _collection.get() is not None


def note_changes(changes: Iterable[Change]) -> None:
    """Tell whoever listens what a part of the running action changes."""
    if (collection := _collection.get()) is not None:
        collection.changes.add(changes)


@contextmanager
def _collecting(*, is_rehearsal: bool) -> Iterator[Changes]:
    collection = _Collection(is_rehearsal)
    token = _collection.set(collection)
    try:
        yield collection.changes
    finally:
        _collection.reset(token)
