"""Production's Celery app with a beat that ticks each second, for tests that wait for it."""

from __future__ import annotations

from config.celery import app

app.conf.beat_schedule["drain"]["schedule"] = 1.0
app.conf.beat_max_loop_interval = 1
