from __future__ import annotations

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from counseling.actions.ticking import run_tick

SECONDS_BETWEEN = 60.0


class Command(BaseCommand):
    help = "Queue and send what is due, without Celery, Redis or beat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on, once a minute, until told to stop")

    def handle(self, *_: Any, loop: bool, **__: Any) -> None:
        """Any number of these may run at once, beside Celery's workers too."""
        stop = _stopped_by_signals() if loop else Event()
        while True:
            tick = run_tick()
            if tick.verdicts:
                self.stdout.write(" ".join(f"{verdict}={count}" for verdict, count in sorted(tick.verdicts.items())))
            if not tick.has_more and (not loop or stop.wait(SECONDS_BETWEEN)):
                return
            if stop.is_set():
                return


def _stopped_by_signals() -> Event:
    """An event set by Ctrl-C or SIGTERM, so that an email that was begun is finished first."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
