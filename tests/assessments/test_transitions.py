from __future__ import annotations

import itertools

import pytest

from assessments.enums import ResponseStatus, VersionStatus
from assessments.exceptions import IllegalMove
from assessments.transitions import RESPONSE, VERSION, check_move

LEGAL = {
    ("draft", "published"),
    ("published", "retired"),
    ("draft", "submitted"),
    ("submitted", "withdrawn"),
}
PAIRS = [
    (table, source, target)
    for table, states in ((VERSION, VersionStatus.values), (RESPONSE, ResponseStatus.values))
    for source, target in itertools.product(states, repeat=2)
]


@pytest.mark.parametrize(("table", "source", "target"), PAIRS)
def test_every_move_is_legal_or_refused(table, source, target):
    if (source, target) in LEGAL:
        check_move(table, source, target)
    else:
        with pytest.raises(IllegalMove, match=f"{source} → {target}"):
            check_move(table, source, target)


def test_every_state_has_a_row():
    assert (set(VERSION), set(RESPONSE)) == (set(VersionStatus.values), set(ResponseStatus.values))
