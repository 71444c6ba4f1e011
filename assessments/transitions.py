"""Every legal state change, one table a model. Nothing else decides what may follow what."""

from collections.abc import Mapping

from assessments.enums import ResponseStatus, VersionStatus
from assessments.exceptions import IllegalMove

StateTable = Mapping[str, frozenset[str]]

VERSION: StateTable = {
    VersionStatus.DRAFT: frozenset({VersionStatus.PUBLISHED}),
    VersionStatus.PUBLISHED: frozenset({VersionStatus.RETIRED}),
    VersionStatus.RETIRED: frozenset(),
}

RESPONSE: StateTable = {
    ResponseStatus.DRAFT: frozenset({ResponseStatus.SUBMITTED}),
    ResponseStatus.SUBMITTED: frozenset({ResponseStatus.WITHDRAWN}),
    ResponseStatus.WITHDRAWN: frozenset(),
}


def check_move(table: StateTable, source: str, target: str) -> None:
    """Raise IllegalMove unless the table holds the move."""
    if target not in table[source]:
        raise IllegalMove(f"{source} → {target} is not a legal move")
