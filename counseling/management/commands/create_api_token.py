from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from counseling.actions.api_tokens import issue_api_token
from counseling.exceptions import InvalidInput
from counseling.models import StaffMember


class Command(BaseCommand):
    help = (
        "Make an API token that acts as a member of the staff, with their rights and no more. It is printed once and "
        "kept nowhere; revoke_api_token takes the id printed with it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address that the staff member signs in with")
        parser.add_argument("--name", required=True, help="what the token is for")
        parser.add_argument("--days", type=int, default=90, help="how long it lives (default: %(default)s)")

    def handle(self, *_: Any, email: str, name: str, days: int, **__: Any) -> None:
        staff = _staff_member(email)
        try:
            token, secret = issue_api_token(
                staff, name=name, lifetime=timedelta(days=days), by=None, now=timezone.now()
            )
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"Token {token.pk} acts as {staff} until {token.expires_at:%Y-%m-%d}. It is shown only now:")
        self.stdout.write(secret)


def _staff_member(email: str) -> StaffMember:
    found = list(StaffMember.objects.active().filter(user__email__iexact=email)[:2])
    if len(found) != 1:
        raise CommandError("nobody at work here, or more than one person, signs in with this address")
    return found[0]
