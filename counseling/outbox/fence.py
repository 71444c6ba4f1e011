"""The fence: three statements that decide, on the database's own rows and locks, whether an email passes.

They only ever say yes or no; `handoff.find_objection` says why not, in words.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from counseling.enums import ConsentPurpose
from counseling.models import Delivery
from counseling.outbox.spacing import allowed_from, gap
from counseling.outbox.statements import execute

# Held together until the handoff is committed: a withdrawal, or the mark that the mailbox is not safe, is either seen
# here or waits until the email is on its way.
_HOLD_PERSON = """
SELECT person.time_zone, person.email_index
  FROM counseling_consent AS consent JOIN counseling_client AS person ON person.id = consent.client_id
 WHERE consent.client_id = %(client)s AND consent.purpose = %(purpose)s AND consent.withdrawn_at IS NULL
   AND person.email_is_safe AND person.email_index <> ''
"""
_HOLD = {"postgresql": " FOR NO KEY UPDATE OF consent, person"}

# One truth value rather than a WHERE: PostgreSQL then has nothing to weigh its many partial indexes for.
_IS_WANTED = """
SELECT (asked.status = 'planned' OR asked.status IN ('sent', 'opened') AND %(kind)s = 'reminder')
       AND asked.expires_at > %(now)s AND enrollment.status = 'active' AND work.status <> 'closed'
       AND NOT EXISTS (
           SELECT 1 FROM counseling_followup AS any_asked
             JOIN counseling_delivery AS other ON other.follow_up_id = any_asked.id
            WHERE any_asked.client_id = %(client)s AND any_asked.expires_at > %(since)s AND other.id <> %(delivery)s
              AND other.state IN ('handoff', 'uncertain', 'sent') AND other.handed_over_at > %(since)s)
  FROM counseling_followup AS asked
  JOIN counseling_enrollment AS enrollment ON enrollment.id = asked.enrollment_id
  JOIN counseling_case AS work ON work.id = asked.case_id
 WHERE asked.id = %(follow_up)s
"""

# Last, and on the delivery's own row: whoever ends a follow-up meanwhile has taken the delivery out of the outbox.
_HAND_OVER = """
UPDATE counseling_delivery SET state = 'handoff', handed_over_at = %(now)s, lease_until = NULL
 WHERE id = %(delivery)s AND state = 'claimed' AND owner = %(owner)s AND attempt = %(attempt)s AND lease_until > %(now)s
"""


def pass_fence(delivery: Delivery, *, now: datetime) -> bool:
    """Move the claimed delivery to handoff, if it is still ours and nothing stands against sending it.

    Call it in a transaction of its own. Consent and client are held first, then the delivery; whoever revokes takes
    them in the same order.
    """
    client, since = delivery.follow_up.client, now - gap()
    held_until_committed = _HOLD_PERSON + _HOLD.get(connection.vendor, "")
    with connection.cursor() as cursor:
        purpose = str(ConsentPurpose.FOLLOW_UP_EMAIL)
        person = execute(cursor, held_until_committed, client=client.pk, purpose=purpose).fetchone()
        if person is None or tuple(person) != (client.time_zone, client.email_index):
            return False
        if allowed_from(now, client) > now:
            return False
        about = {"delivery": delivery.pk, "follow_up": delivery.follow_up_id, "client": client.pk}
        kind = str(delivery.kind)
        if not execute(cursor, _IS_WANTED, **about, kind=kind, now=now, since=since).fetchone()[0]:
            return False
        claim = {"delivery": delivery.pk, "owner": delivery.owner, "attempt": delivery.attempt}
        return bool(execute(cursor, _HAND_OVER, **claim, now=now).rowcount)
