from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from counseling.actions.base import action, record
from counseling.exceptions import InvalidInput
from counseling.models import ApiToken, StaffMember

PREFIX = "idp_"  # lets secret scanners recognize a leaked token
LONGEST = timedelta(days=366)


@action
def issue_api_token(
    staff: StaffMember, *, name: str, lifetime: timedelta, by: StaffMember | None, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token that acts as the staff member; the second value is the token itself, which is not kept anywhere.

    ``by`` is None when an operator does it from the command line.
    """
    if not staff.works:
        raise InvalidInput("staff: this person no longer works here")
    if not name.strip():
        raise InvalidInput("name: say what the token is for")
    if not timedelta(0) < lifetime <= LONGEST:
        raise InvalidInput(f"lifetime: a token lives between one and {LONGEST.days} days")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        staff=staff, name=name.strip(), digest=digest_of(secret), created_at=now, expires_at=now + lifetime
    )
    record("api_token.issued", token, by=by, now=now, staff=str(staff.pk))
    return token, secret


@action
def revoke_api_token(token: ApiToken, *, by: StaffMember | None, now: datetime) -> ApiToken:
    """End a token at once. Repeating it changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now):
        token.revoked_at = now
        record("api_token.revoked", token, by=by, now=now)
    else:
        token.refresh_from_db(fields=["revoked_at"])
    return token


def digest_of(secret: str) -> str:
    """What is kept of a token: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
