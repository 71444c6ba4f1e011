from __future__ import annotations

import logging
import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from counseling.actions.ticking import run_tick
from counseling.enums import Runner
from counseling.outbox.drain import Tick

logger = logging.getLogger(__name__)

SECONDS_BETWEEN = 60.0
SECONDS_AFTER_FAILURE = 10.0


class Command(BaseCommand):
    help = "Queue and send what is due, without Celery, Redis or beat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on, once a minute, until told to stop")

    def handle(self, *_: Any, loop: bool, **__: Any) -> None:
        """Any number of these may run at once, beside Celery's workers too."""
        if loop:
            self._go_on(_stopped_by_signals())
        else:
            while self._tick().has_more:
                pass

    def _go_on(self, stop: Event) -> None:
        """Tick until told to stop, whatever happens to a tick: a database that is away comes back."""
        while not stop.is_set():
            try:
                close_old_connections()
                pause = 0.0 if self._tick().has_more else SECONDS_BETWEEN
            except Exception:
                logger.exception("a tick failed; the next one comes in %s s", SECONDS_AFTER_FAILURE)
                pause = SECONDS_AFTER_FAILURE
            stop.wait(pause)

    def _tick(self) -> Tick:
        tick = run_tick(runner=Runner.COMMAND)
        if tick.verdicts:
            self.stdout.write(" ".join(f"{verdict}={count}" for verdict, count in sorted(tick.verdicts.items())))
        return tick


def _stopped_by_signals() -> Event:
    """An event set by Ctrl-C or SIGTERM, so that an email that was begun is finished first."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
