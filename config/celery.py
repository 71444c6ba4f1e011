"""The Celery app: workers and beat run it, the web server never imports it.

Messages carry no arguments that matter: due work is rows in the database, so a lost or doubled message costs a tick.
"""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, worker_ready
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

DRAIN = "counseling.tasks.drain"

app = Celery("config")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 3600,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 30,
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_soft_time_limit=15 * 60,
    task_time_limit=20 * 60,
    worker_prefetch_multiplier=1,
    enable_utc=True,
    timezone="UTC",
    # The schedule is the constant below; there is no state of it to keep in a file.
    beat_scheduler="celery.beat:Scheduler",
    beat_schedule={
        "drain": {
            "task": DRAIN,
            "schedule": crontab(),  # each minute
            "options": {"expires": 50},  # ticks nobody took in time do not pile up
        },
    },
)
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@setup_logging.connect
def keep_django_logging(**_: object) -> None:
    """Connected so that Celery leaves logging as the settings made it."""


@worker_ready.connect
def drain_now(**_: object) -> None:
    """What came due while no worker ran does not wait for the next minute."""
    app.send_task(DRAIN, expires=50)
