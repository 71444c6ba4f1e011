from __future__ import annotations

import json
import logging
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand

from counseling.clock import database_now
from counseling.conf import conf
from counseling.models import Heartbeat
from counseling.queries.follow_up_status import FollowUpStatus, follow_up_status
from counseling.queries.pulse import Alarm, find_alarms

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Say whether follow-ups leave: last tick, what is due and since when, the outbox, the mail server, the last "
        "hour. Exits with 0 when all is well and with 1 on an alarm, for a monitor."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
        parser.add_argument(
            "--max-silence",
            type=int,
            metavar="MINUTES",
            default=conf().alarm_silence_minutes,
            help="alarm when nothing has looked for due emails for so long (default: %(default)s)",
        )
        parser.add_argument(
            "--max-late",
            type=int,
            metavar="MINUTES",
            default=conf().alarm_late_minutes,
            help="alarm when something has been due for so long (default: %(default)s)",
        )
        parser.add_argument(
            "--max-awaiting",
            type=int,
            metavar="N",
            help="alarm when more emails than this wait for a person's decision (default: no limit)",
        )

    def handle(self, *_: Any, max_silence: int, max_late: int, max_awaiting: int | None, **options: Any) -> None:
        late = timedelta(minutes=max_late)
        status = follow_up_status(now=database_now(), late=late)
        alarms = find_alarms(status.pulse, silence=timedelta(minutes=max_silence), late=late)
        if max_awaiting is not None and (waiting := sum(status.awaiting_person.values())) > max_awaiting:
            alarms.append(Alarm(kind="awaiting_person", text=f"Emails that wait for a person: {waiting}", since=None))
        self.stdout.write(
            json.dumps(_as_data(status, alarms), indent=2) if options["format"] == "json" else _as_text(status, alarms)
        )
        if alarms:
            logger.error("follow-ups need attention: %s", ", ".join(alarm.kind for alarm in alarms))
            sys.exit(1)


# --- For programs ---------------------------------------------------------------------------------


def _as_data(status: FollowUpStatus, alarms: list[Alarm]) -> dict[str, Any]:
    """Instants in ISO 8601 (UTC), ages in seconds. Keys are only ever added."""
    pulse, circuit = status.pulse, status.circuit
    return {
        "ok": not alarms,
        "at": _iso(pulse.now),
        "alarms": [
            {"kind": alarm.kind, "text": str(alarm.text), "since": _iso(alarm.since), "code": alarm.code}
            for alarm in alarms
        ],
        "last_tick": {"at": _iso(pulse.ticked_at), "age": _age(pulse.ticked_at, pulse.now)},
        "ticks": {runner: _tick(row, pulse.now) for runner, row in status.ticks.items()},
        "due": {
            "count": status.due,
            "late": status.late,
            "oldest": _iso(pulse.due_since),
            "age": _age(pulse.due_since, pulse.now),
        },
        "outbox": dict(status.outbox),
        "awaiting_person": dict(status.awaiting_person),
        "mail_server": {
            "is_tried": pulse.refused_since is None,
            "failures": circuit.failures if circuit else 0,
            "failing_since": _iso(circuit.failing_since if circuit else None),
            "next_try_at": _iso(circuit.retry_at if circuit else None),
            "trouble": circuit.trouble if circuit else "",
            "code": circuit.code if circuit else None,
        },
        "last_hour": dict(status.last_hour),
    }


def _tick(row: Heartbeat, now: datetime) -> dict[str, Any]:
    return {
        "started_at": _iso(row.started_at),
        "finished_at": _iso(row.finished_at),
        "age": _age(row.started_at, now),
        "emails": row.emails,
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None


def _age(instant: datetime | None, now: datetime) -> float | None:
    return round((now - instant).total_seconds(), 1) if instant else None


# --- For a person ---------------------------------------------------------------------------------


def _as_text(status: FollowUpStatus, alarms: list[Alarm]) -> str:
    pulse = status.pulse
    rows = {
        "last tick": ", ".join(_tick_in_words(row, pulse.now) for row in status.ticks.values()) or "never",
        "due now": f"{status.due}{_since(', the oldest', pulse.due_since, pulse.now)}; {status.late} late",
        "outbox": _counts(status.outbox),
        "for a person": _counts(status.awaiting_person),
        "mail server": _mail_server(status),
        "last hour": _counts(status.last_hour),
    }
    lines = [f"ALARM  {_alarm_in_words(alarm, pulse.now)}" for alarm in alarms] or ["Follow-ups leave as they should."]
    return "\n".join([*lines, *(f"{name:<14}{value}" for name, value in rows.items())])


def _alarm_in_words(alarm: Alarm, now: datetime) -> str:
    code = "" if alarm.code is None else f" (code {alarm.code})"
    return f"{alarm.text}{code}{_since(',', alarm.since, now)}."


def _tick_in_words(row: Heartbeat, now: datetime) -> str:
    is_over = row.finished_at is not None and row.finished_at >= row.started_at
    emails = f"emails: {row.emails}" if is_over else "not finished"
    return f"{_ago(row.started_at, now)} by {row.get_runner_display()} ({emails})"


def _mail_server(status: FollowUpStatus) -> str:
    circuit, now = status.circuit, status.pulse.now
    if circuit is None or circuit.failing_since is None:
        return "is tried"
    code = "" if circuit.code is None else f", code {circuit.code}"
    tried = f"tried again at {circuit.retry_at:%H:%M} UTC" if circuit.retry_at else "is tried"
    return f"{circuit.get_trouble_display()}{code}{_since(',', circuit.failing_since, now)}; {tried}"


def _since(word: str, instant: datetime | None, now: datetime) -> str:
    return f"{word} since {instant:%Y-%m-%d %H:%M} UTC ({_ago(instant, now)})" if instant else ""


def _ago(instant: datetime, now: datetime) -> str:
    seconds = max(0, round((now - instant).total_seconds()))
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
