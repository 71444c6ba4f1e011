from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.enums import DeliveryKind, DeliveryState, EnrollmentStatus, FollowUpStatus, Reason
from counseling.exceptions import ConsentMissing, IllegalMove
from counseling.models import Delivery, Enrollment, FollowUp
from counseling.resending import RESENDABLE, resend_refusal
from tests.factories import NOW

LATER = NOW + timedelta(days=7)


def refusal(
    state,
    *,
    kind=DeliveryKind.INVITATION,
    status=FollowUpStatus.PLANNED,
    plan=EnrollmentStatus.ACTIVE,
    obstacles=(),
    now=NOW,
):
    follow_up = FollowUp(status=status, expires_at=LATER, enrollment=Enrollment(status=plan))
    return resend_refusal(Delivery(follow_up=follow_up, kind=kind, state=state), obstacles=obstacles, now=now)


@pytest.mark.parametrize("state", DeliveryState)
def test_only_what_is_uncertain_or_dead_is_sent_again(state):
    assert (refusal(state) is None) == (state in RESENDABLE)


@pytest.mark.parametrize(
    ("facts", "error", "words"),
    [
        ({"now": LATER}, IllegalMove, "answered any more"),
        ({"status": FollowUpStatus.CANCELLED}, IllegalMove, "answered any more"),
        ({"obstacles": (Reason.NO_ZONE, Reason.NO_EMAIL)}, ConsentMissing, "no time zone"),
        ({"status": FollowUpStatus.SENT}, IllegalMove, "a later email"),
        ({"plan": EnrollmentStatus.PAUSED}, IllegalMove, "paused"),
        ({"plan": EnrollmentStatus.ENDED}, IllegalMove, "ended"),
    ],
)
def test_what_stands_against_it_is_the_error_to_raise(facts, error, words):
    found = refusal(DeliveryState.UNCERTAIN, **facts)
    assert (type(found), words in str(found)) == (error, True)


def test_a_reminder_is_sent_again_after_the_invitation_arrived():
    assert refusal(DeliveryState.DEAD, kind=DeliveryKind.REMINDER, status=FollowUpStatus.OPENED) is None
