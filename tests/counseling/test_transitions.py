"""Every (state, move) pair of every model, against the list in the design written out by hand."""

from __future__ import annotations

import pytest

from counseling import enums, transitions
from counseling.exceptions import IllegalMove

LEGAL = {
    "CASE": "open>on_hold open>closed on_hold>open on_hold>closed closed>open",
    "SESSION": "scheduled>held scheduled>no_show scheduled>late_cancelled scheduled>cancelled",
    "ENROLLMENT": "active>ended active>paused paused>active paused>ended",
    "FOLLOW_UP": (
        "planned>sent planned>skipped planned>expired planned>cancelled planned>paused "
        "paused>planned paused>skipped paused>cancelled cancelled>planned cancelled>paused "
        "sent>planned sent>opened sent>completed sent>expired sent>cancelled "
        "opened>completed opened>expired opened>cancelled"
    ),
    "DELIVERY": (
        "due>claimed due>cancelled due>expired "
        "claimed>due claimed>handoff claimed>dead claimed>cancelled claimed>expired "
        "handoff>sent handoff>due handoff>dead handoff>uncertain uncertain>sent uncertain>due uncertain>dead "
        "sent>dead dead>due"
    ),
    "FINDING": (
        "open>in_review open>confirmed open>dismissed open>watching open>cleared "
        "in_review>confirmed in_review>dismissed in_review>watching in_review>cleared "
        "watching>open watching>in_review watching>confirmed watching>dismissed watching>cleared "
        "confirmed>open confirmed>dismissed dismissed>open cleared>open"
    ),
}
STATES = {
    "CASE": enums.CaseStatus,
    "SESSION": enums.SessionStatus,
    "ENROLLMENT": enums.EnrollmentStatus,
    "FOLLOW_UP": enums.FollowUpStatus,
    "DELIVERY": enums.DeliveryState,
    "FINDING": enums.FindingStatus,
}
PAIRS = [
    (name, source, target) for name, states in STATES.items() for source in states.values for target in states.values
]


@pytest.mark.parametrize(("name", "source", "target"), PAIRS)
def test_a_move_is_legal_exactly_when_the_design_says_so(name, source, target):
    table = getattr(transitions, name)
    if f"{source}>{target}" in LEGAL[name].split():
        transitions.check_move(table, source, target)
        assert source in transitions.sources_of(table, target)
    else:
        with pytest.raises(IllegalMove, match=f"{source} → {target}"):
            transitions.check_move(table, source, target)


@pytest.mark.parametrize("name", STATES)
def test_every_state_has_its_row(name):
    assert set(getattr(transitions, name)) == set(STATES[name].values)
