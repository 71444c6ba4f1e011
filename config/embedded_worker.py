"""Celery in one process: worker threads and beat on an in-memory broker, beside the web server.

``python -m config.embedded_worker``; stops on SIGINT or SIGTERM once the tasks under way have ended.
"""

import os
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

from celery.beat import EmbeddedService, Scheduler

from config.celery import app

THREADS = 2


def run() -> int:
    """Work until told to stop; returns the exit code: 0 after SIGTERM, 1 after SIGINT, as Celery has it."""
    beat: Any = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)
    worker = app.Worker(pool="threads", concurrency=THREADS, quiet=True, without_mingle=True, without_gossip=True)
    beat.start()
    worker.start()
    beat.stop()
    return worker.exitcode or 0


if __name__ == "__main__":
    sys.exit(run())
