"""Who is calling: a program with a token, or a signed-in member of the staff in a browser."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from counseling.actions.api_tokens import digest_of
from counseling.models import ApiToken
from counseling.permissions import staff_of


class HashedTokenAuthentication(TokenAuthentication):
    """``Authorization: Token idp_…``. The database holds the digest only, so the look-up is by digest."""

    def authenticate_credentials(self, key: str) -> tuple[AbstractBaseUser, ApiToken]:
        usable = ApiToken.objects.usable(timezone.now()).select_related("staff__user")
        token = usable.filter(digest=digest_of(key)).first()
        if token is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        return token.staff.user, token


class StaffSessionAuthentication(SessionAuthentication):
    """The browser's session, with the CSRF check. An account that is nobody's on the staff is nobody here."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        found = super().authenticate(request)
        return found if found and staff_of(found[0]) else None
