"""What a counselor decides about an email whose outcome is unknown, or that could not be delivered."""

from __future__ import annotations

from datetime import datetime

from counseling.actions.base import action, move, record
from counseling.actions.stopping import is_plan_stopped
from counseling.contact import obstacles
from counseling.enums import ConsentPurpose, DeliveryEventKind, DeliveryKind, DeliveryState, FollowUpStatus
from counseling.exceptions import ConsentMissing, IllegalMove
from counseling.models import Delivery, StaffMember
from counseling.outbox.ledger import note_deliveries
from counseling.transitions import DELIVERY

RESENDABLE = frozenset({DeliveryState.UNCERTAIN, DeliveryState.DEAD})
"""One being handed over may still be answered for; a second copy of it is what must never happen by itself."""


@action
def resend_delivery(delivery: Delivery, *, by: StaffMember, now: datetime) -> Delivery:
    """Send the email again: the same row, link and Message-ID, so that a mailbox which has it may drop the second.

    For one that is uncertain or dead, as long as its form can be answered. Raises `IllegalMove` otherwise, and
    `ConsentMissing` when the client can't be written to.
    """
    follow_up = delivery.follow_up
    if not follow_up.is_answerable(now):
        raise IllegalMove("the form cannot be answered any more, so there is nothing to send")
    client = follow_up.client
    agrees, stopped = client.agrees_to(ConsentPurpose.FOLLOW_UP_EMAIL), is_plan_stopped(follow_up)
    if reasons := obstacles(client, agrees=agrees, plan_stopped=stopped):
        raise ConsentMissing(str(reasons[0].label))
    if delivery.kind == DeliveryKind.INVITATION and follow_up.status != FollowUpStatus.PLANNED:
        raise IllegalMove("a later email about the same form has reached the client, so the first is not needed")
    source = delivery.state
    if source not in RESENDABLE:
        raise IllegalMove(f"{source}: only an email that is uncertain or dead is sent again")
    move(delivery, DeliveryState.DUE, table=DELIVERY, column="state", next_at=now, owner="", handed_over_at=None)
    note_deliveries([delivery], DeliveryEventKind.RESENT, at=now)
    record("delivery.resent", delivery, by=by, now=now, from_state=source)
    return delivery
