from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from counseling.actions.api_tokens import revoke_api_token
from counseling.models import ApiToken


class Command(BaseCommand):
    help = "End an API token at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", metavar="id", type=UUID, help="as create_api_token printed it")

    def handle(self, *_: Any, key: UUID, **__: Any) -> None:
        token = ApiToken.objects.filter(pk=key).first()
        if token is None:
            raise CommandError("there is no such token")
        revoke_api_token(token, by=None, now=timezone.now())
        self.stdout.write(f"Token {token.pk} is revoked since {token.revoked_at:%Y-%m-%d %H:%M} UTC.")
