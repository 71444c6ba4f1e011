"""Where a staff member puts right what keeps emails from a client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from counseling.enums import Reason


@dataclass(frozen=True, slots=True)
class Remedy:
    """``field`` is the one of the client's page to begin with; "consent" is the button there that records it."""

    field: str
    title: str | Promise


_REMEDIES: Mapping[str, Remedy] = {
    Reason.NO_CONSENT: Remedy("consent", _("Ask them, and record that they agree")),
    Reason.EMAIL_UNSAFE: Remedy("email_is_safe", _("Ask whether the mailbox is safe by now")),
    Reason.NO_EMAIL: Remedy("email", _("Add an email address")),
    Reason.ADDRESS_SUSPENDED: Remedy("email", _("Correct the address, or lift its suspension")),
    Reason.NO_ZONE: Remedy("time_zone", _("Set the time zone")),
}


def remedy(obstacle: str) -> Remedy | None:
    """What puts the obstacle right; None for one that nothing on the client's page does."""
    return _REMEDIES.get(obstacle)
