"""Walk every clinic's audit chain."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from counseling.actions.audit import verify_chain
from counseling.exceptions import AuditTampered
from counseling.models import Clinic


class Command(BaseCommand):
    help = "Check that no audit event was changed, removed or slipped in. Exits with an error naming the first break."

    def handle(self, **_: Any) -> None:
        broken = [clinic.pk for clinic in Clinic.objects.order_by("pk") if not self._is_whole(clinic)]
        if broken:
            raise CommandError(f"{len(broken)} of the chains are broken")

    def _is_whole(self, clinic: Clinic) -> bool:
        try:
            count = verify_chain(clinic)
        except AuditTampered as error:
            self.stderr.write(f"{clinic.pk}: {error}")
            return False
        self.stdout.write(f"{clinic.pk}: {count} events, whole")
        return True
