"""Whether an email may be sent again by hand: one rule for the action that does it and the page that offers it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from counseling.enums import DeliveryKind, EnrollmentStatus, FollowUpStatus, Reason
from counseling.exceptions import ConsentMissing, CounselingError, IllegalMove
from counseling.models import Delivery
from counseling.models.delivery import UNRESOLVED

RESENDABLE = UNRESOLVED
"""One being handed over may still be answered for; a second copy of it is what must never happen by itself."""


def resend_refusal(delivery: Delivery, *, obstacles: Sequence[Reason], now: datetime) -> CounselingError | None:
    """What stands against sending it again, as the error to raise; None when it may be.

    For one that is uncertain or dead, as long as its form can be answered and no later email about it has arrived.
    ``obstacles`` are those of `counseling.contact.obstacles` for its client. Reads ``delivery.follow_up.enrollment``.
    """
    follow_up = delivery.follow_up
    if not follow_up.is_answerable(now):
        return IllegalMove("the form cannot be answered any more, so there is nothing to send")
    if follow_up.enrollment.status != EnrollmentStatus.ACTIVE:
        return IllegalMove("the plan is paused or ended, and nothing of it is sent meanwhile")
    if obstacles:
        return ConsentMissing(str(obstacles[0].label))
    if delivery.kind == DeliveryKind.INVITATION and follow_up.status != FollowUpStatus.PLANNED:
        return IllegalMove("a later email about the same form has reached the client, so the first is not needed")
    if delivery.state not in RESENDABLE:
        return IllegalMove(f"{delivery.state}: only an email that is uncertain or dead is sent again")
    return None
