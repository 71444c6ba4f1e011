"""What follows from a provider's notice: a ledger entry, an address suspended, a client's wish to stop kept."""

from __future__ import annotations

import logging
from datetime import datetime

from counseling.actions.base import action
from counseling.actions.stopping import stop_emails
from counseling.actions.suspensions import suspend_address
from counseling.outbox.notices import Notice, find_noticed, is_out_of_time, settle_by_notice, take_once

logger = logging.getLogger(__name__)


@action
def take_notice(notice: Notice, *, now: datetime) -> bool:
    """Do what the notice asks for, once; whether it was new.

    Notices come in any order and more than once. One about an email that is not ours, or that is older than a week, is
    let go with a line in the log. Clients are held before the follow-up and its email, as by everybody.
    """
    delivery = find_noticed(notice)
    if delivery is None:
        logger.info("a notice from %s (%s) is about no email of ours", notice.provider, notice.kind)
        return False
    if is_out_of_time(notice, now=now):
        logger.warning("a notice from %s about delivery %s is out of time", notice.provider, delivery.pk)
        return False
    if not take_once(notice, delivery, now=now):
        return False
    client = delivery.follow_up.client
    if notice.stops:
        stop_emails(client, now=now)
    if notice.suspends is not None:
        suspend_address(client, address=notice.recipient, cause=notice.suspends, now=now)
    settle_by_notice(delivery, notice, now=now)
    return True
