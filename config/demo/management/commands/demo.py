"""Serve a synthetic clinic: web server, worker with beat, and a mailbox, on embedded defaults."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from config.demo.processes import DemoFailed, Stopped, check_port, running, stopped_by_signals, wait_for_end
from counseling.demo.clinic import PASSWORD, DemoClinic, NotTheDemo, check_ownership, find_demo, seed_clinic
from counseling.demo.truth import truth_table
from counseling.links import form_token


class Command(BaseCommand):
    help = "Set up a synthetic clinic and serve it with its worker and mailbox. Ctrl-C stops everything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="where the pages are served (default 8000)")
        parser.add_argument("--purge", action="store_true", help="delete the demo's database and mail, and stop")
        parser.add_argument("--truth", action="store_true", help="print which couples should be flagged and which are")

    def handle(self, *, port: int, purge: bool, truth: bool, **_: Any) -> None:
        try:
            if purge:
                self._purge()
                return
            with stopped_by_signals():
                clinic = self._set_up()
                if truth:
                    self.stdout.write(truth_table(clinic.clinic))
                    return
                self._serve(clinic, port)
        except Stopped:
            self.stdout.write("Stopped.")
        except (DemoFailed, NotTheDemo) as error:
            raise CommandError(str(error)) from error

    def _set_up(self) -> DemoClinic:
        """The clinic as it stands, made first when there is none. Somebody else's database is not even migrated."""
        check_ownership()
        call_command("migrate", verbosity=0)
        clinic = find_demo()
        if clinic is None:
            self.stdout.write("Making a clinic with six months of history; this takes about half a minute, once.")
            call_command("load_instruments", stdout=StringIO())
            with _without_waiting_for_the_disk():
                clinic = seed_clinic(now=timezone.now())
        return clinic

    def _serve(self, clinic: DemoClinic, port: int) -> None:
        check_port(port)
        with running(port=port, mailbox=Path(settings.MAILBOX_DIR)) as children:
            self.stdout.write(_welcome(clinic, f"http://localhost:{port}"))
            self.stdout.flush()
            wait_for_end(children)

    def _purge(self) -> None:
        """Delete what the demo made, and only that."""
        database = Path(settings.DATABASES["default"]["NAME"])
        if database.exists():
            check_ownership()
            connection.close()
        for suffix in ("", "-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        shutil.rmtree(settings.MAILBOX_DIR, ignore_errors=True)
        self.stdout.write("The demo's database and mail are gone.")


@contextmanager
def _without_waiting_for_the_disk() -> Iterator[None]:
    """What a power cut would take can be made again: seeding need not sync each of its thousands of transactions."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = FULL")


def _welcome(clinic: DemoClinic, base: str) -> str:
    sign_ins = "\n".join(f"  {who:<14} {email}" for who, email in clinic.sign_ins)
    live = clinic.live_follow_up()
    link = base + reverse("client:open", args=[form_token(live)]) if live else "every one has been answered"
    return f"""
A synthetic clinic is being served; nobody in it exists.

Sign in at     {base}{reverse("admin:index")}   password: {PASSWORD}
{sign_ins}

Review queue   {base}{reverse("admin:counseling_finding_changelist")}
Mailbox        {base}{reverse("mailbox:list")}   what clients receive; mail that is due leaves within a minute
Questionnaire  {link}
Authoring      {base}{reverse("admin:assessments_instrument_changelist")}   for the clinic admin

Ctrl-C stops everything. `manage.py demo --purge` deletes it.
"""
