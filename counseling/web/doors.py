"""The two ways to a form: the emailed token, and the cookie it was exchanged for. Both lead to one row or nowhere."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from counseling.enums import FollowUpStatus
from counseling.exceptions import LinkUnusable
from counseling.models import FollowUp
from counseling.tokens import short_ref, token_digest
from counseling.web import cookies

COLUMNS = (
    "id",
    "status",
    "other_role",
    "time_zone",
    "expires_at",
    "completed_at",
    "token_digest",
    "clinic__crisis_text",
    "client__language",
    "version",
    "response",
)
"""All that a client page works with. Nobody's name is even loaded."""


def find_by_token(token: str, *, now: datetime) -> FollowUp:
    """The follow-up that the link opens, answered or still answerable.

    Raises `LinkUnusable` when it is unknown, revoked or expired, without telling which.
    """
    rows = FollowUp.objects.select_related("clinic", "client", "version", "response").only(*COLUMNS)
    follow_up = rows.filter(token_digest=token_digest(token)).first()
    if follow_up is None or not (is_answered(follow_up) or follow_up.is_answerable(now)):
        raise LinkUnusable("this link opens nothing")
    return follow_up


def find_by_cookie(request: HttpRequest, *, ref: str, now: datetime) -> FollowUp:
    """The follow-up behind the browser's cookie, if it is the one in the address. Raises `LinkUnusable`."""
    token = cookies.remembered_token(request)
    if short_ref(token_digest(token)) != ref:
        raise LinkUnusable("this browser did not come through the form's link")
    return find_by_token(token, now=now)


def is_answered(follow_up: FollowUp) -> bool:
    return follow_up.status == FollowUpStatus.COMPLETED
