"""An address that takes no mail, or closed itself to us: nothing more is sent to it until a person says otherwise."""

from __future__ import annotations

from datetime import datetime

from django.utils.encoding import punycode

from counseling.actions.base import action, record
from counseling.contact import is_suspended
from counseling.encryption import blind_index
from counseling.enums import SuspensionCause
from counseling.exceptions import IllegalMove, StaleState
from counseling.models import Client, StaffMember


@action
def suspend_address(client: Client, *, address: str, cause: SuspensionCause, now: datetime) -> int:
    """Suspend the address for everybody at the clinic who has it; for how many it is new.

    ``address`` is the one that the provider names, empty when it names none. It is left alone when the client has
    another by now. Nobody decided this, so the audit names nobody.
    """
    if address and not _is_theirs(client, address):
        return 0
    with_it = Client.objects.filter(clinic=client.clinic_id, email_index=client.email_index).exclude(email_index="")
    fresh = [row for row in with_it.select_for_update(no_key=True).order_by("pk") if not is_suspended(row)]
    for row in fresh:
        row.suspended_index, row.suspended_at, row.suspended_for = row.email_index, now, cause
        row.save(update_fields=["suspended_index", "suspended_at", "suspended_for"])
        record("client.address_suspended", row, by=None, now=now, cause=cause)
    return len(fresh)


@action
def lift_suspension(client: Client, *, by: StaffMember, now: datetime) -> Client:
    """Write to the address again: the mailbox works now, or the client wants the emails after all.

    For this client only; whoever shares the address may not even be known to the person who decides. Raises
    `IllegalMove` when the address of today is not suspended, `StaleState` when that changed meanwhile.
    """
    if not is_suspended(client):
        raise IllegalMove("this address is not suspended")
    standing = Client.objects.filter(
        pk=client.pk, suspended_index=client.suspended_index, email_index=client.email_index
    )
    if not standing.update(suspended_index="", suspended_at=None, suspended_for=""):
        raise StaleState("the address or its suspension changed meanwhile")
    record("client.suspension_lifted", client, by=by, now=now, cause=client.suspended_for)
    client.suspended_index, client.suspended_at, client.suspended_for = "", None, ""
    return client


def _is_theirs(client: Client, address: str) -> bool:
    """Whether it is the client's address of today, also in the form that mail servers know it by."""
    if blind_index(address) == client.email_index:
        return True
    local, _, domain = client.email.rpartition("@")
    return bool(domain) and f"{local}@{punycode(domain)}".casefold() == address.strip().casefold()
