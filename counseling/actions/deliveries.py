"""What a counselor decides about an email whose outcome is unknown, or that could not be delivered."""

from __future__ import annotations

from datetime import datetime

from counseling.actions.base import action, move, record
from counseling.actions.stopping import is_plan_stopped
from counseling.contact import obstacles
from counseling.enums import ConsentPurpose, DeliveryEventKind, DeliveryState
from counseling.models import Delivery, StaffMember
from counseling.outbox.ledger import note_deliveries
from counseling.resending import resend_refusal
from counseling.transitions import DELIVERY


@action
def resend_delivery(delivery: Delivery, *, by: StaffMember, now: datetime) -> Delivery:
    """Send the email again: the same row, link and Message-ID, so that a mailbox which has it may drop the second.

    Raises what `resend_refusal` finds against it: `IllegalMove`, or `ConsentMissing` when the client can't be written
    to.
    """
    client = delivery.follow_up.client
    agrees, stopped = client.agrees_to(ConsentPurpose.FOLLOW_UP_EMAIL), is_plan_stopped(delivery.follow_up)
    reasons = obstacles(client, agrees=agrees, plan_stopped=stopped)
    if refusal := resend_refusal(delivery, obstacles=reasons, now=now):
        raise refusal
    source = delivery.state
    move(delivery, DeliveryState.DUE, table=DELIVERY, column="state", next_at=now, owner="", handed_over_at=None)
    note_deliveries([delivery], DeliveryEventKind.RESENT, at=now)
    record("delivery.resent", delivery, by=by, now=now, from_state=source)
    return delivery
