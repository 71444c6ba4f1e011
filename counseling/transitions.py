"""Every legal state change, one table a model. Nothing else decides what may follow what."""

from __future__ import annotations

from collections.abc import Mapping

from counseling.enums import (
    CaseStatus,
    DeliveryState,
    EnrollmentStatus,
    FindingStatus,
    FollowUpStatus,
    SessionStatus,
)
from counseling.exceptions import IllegalMove

StateTable = Mapping[str, frozenset[str]]


def _table(moves: dict[str, set[str]]) -> StateTable:
    return {str(source): frozenset(map(str, targets)) for source, targets in moves.items()}


CASE = _table(
    {
        CaseStatus.OPEN: {CaseStatus.ON_HOLD, CaseStatus.CLOSED},
        CaseStatus.ON_HOLD: {CaseStatus.OPEN, CaseStatus.CLOSED},
        CaseStatus.CLOSED: {CaseStatus.OPEN},
    }
)

SESSION = _table(
    {
        SessionStatus.SCHEDULED: {
            SessionStatus.HELD,
            SessionStatus.NO_SHOW,
            SessionStatus.LATE_CANCELLED,
            SessionStatus.CANCELLED,
        },
        SessionStatus.HELD: set(),
        SessionStatus.NO_SHOW: set(),
        SessionStatus.LATE_CANCELLED: set(),
        SessionStatus.CANCELLED: set(),
    }
)

ENROLLMENT = _table(
    {
        EnrollmentStatus.ACTIVE: {EnrollmentStatus.PAUSED, EnrollmentStatus.ENDED},
        EnrollmentStatus.PAUSED: {EnrollmentStatus.ACTIVE, EnrollmentStatus.ENDED},
        EnrollmentStatus.ENDED: set(),
    }
)

_UNANSWERED_ENDS = {FollowUpStatus.EXPIRED, FollowUpStatus.CANCELLED}
FOLLOW_UP = _table(
    {
        FollowUpStatus.PLANNED: {
            FollowUpStatus.SENT,
            FollowUpStatus.PAUSED,
            FollowUpStatus.SKIPPED,
            *_UNANSWERED_ENDS,
        },
        FollowUpStatus.PAUSED: {FollowUpStatus.PLANNED, FollowUpStatus.SKIPPED, FollowUpStatus.CANCELLED},
        # Back to planned when every email about it came back: the client was not asked after all.
        FollowUpStatus.SENT: {
            FollowUpStatus.PLANNED,
            FollowUpStatus.OPENED,
            FollowUpStatus.COMPLETED,
            *_UNANSWERED_ENDS,
        },
        FollowUpStatus.OPENED: {FollowUpStatus.COMPLETED, *_UNANSWERED_ENDS},
        FollowUpStatus.COMPLETED: set(),
        FollowUpStatus.EXPIRED: set(),
        # Only what a changed plan took away before it was asked; what changes it back brings it back (planning/).
        FollowUpStatus.CANCELLED: {FollowUpStatus.PLANNED, FollowUpStatus.PAUSED},
        FollowUpStatus.SKIPPED: set(),
    }
)

DELIVERY = _table(
    {
        DeliveryState.DUE: {DeliveryState.CLAIMED, DeliveryState.CANCELLED, DeliveryState.EXPIRED},
        DeliveryState.CLAIMED: {
            DeliveryState.DUE,
            DeliveryState.HANDOFF,
            DeliveryState.DEAD,
            DeliveryState.CANCELLED,
            DeliveryState.EXPIRED,
        },
        DeliveryState.HANDOFF: {
            DeliveryState.SENT,
            DeliveryState.DUE,
            DeliveryState.DEAD,
            DeliveryState.UNCERTAIN,
        },
        DeliveryState.UNCERTAIN: {DeliveryState.SENT, DeliveryState.DUE, DeliveryState.DEAD},
        DeliveryState.SENT: {DeliveryState.DEAD},  # it came back
        DeliveryState.DEAD: {DeliveryState.DUE},
        DeliveryState.CANCELLED: set(),
        DeliveryState.EXPIRED: set(),
    }
)

_DECIDED = {FindingStatus.CONFIRMED, FindingStatus.DISMISSED, FindingStatus.WATCHING}
FINDING = _table(
    {
        FindingStatus.OPEN: {FindingStatus.IN_REVIEW, FindingStatus.CLEARED, *_DECIDED},
        FindingStatus.IN_REVIEW: {FindingStatus.CLEARED, *_DECIDED},
        FindingStatus.WATCHING: {
            FindingStatus.OPEN,
            FindingStatus.IN_REVIEW,
            FindingStatus.CONFIRMED,
            FindingStatus.DISMISSED,
            FindingStatus.CLEARED,
        },
        FindingStatus.CONFIRMED: {FindingStatus.OPEN, FindingStatus.DISMISSED},
        FindingStatus.DISMISSED: {FindingStatus.OPEN},
        FindingStatus.CLEARED: {FindingStatus.OPEN},
    }
)


def sources_of(table: StateTable, target: str) -> frozenset[str]:
    """The states from which ``target`` may be reached."""
    return frozenset(source for source, targets in table.items() if target in targets)


def check_move(table: StateTable, source: str, target: str) -> None:
    """Raise `IllegalMove` unless the table holds the move."""
    if target not in table[source]:
        raise IllegalMove(f"{source} → {target} is not a legal move")
