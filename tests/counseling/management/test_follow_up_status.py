from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from counseling.enums import Runner
from counseling.models import Delivery, Heartbeat, MailCircuit
from tests.counseling.outbox.mailing import MORNING, queued

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning(time_machine, monkeypatch):
    time_machine.move_to(MORNING, tick=False)
    monkeypatch.setattr("counseling.management.commands.follow_up_status.database_now", timezone.now)


def run(*arguments: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = StringIO()
    try:
        call_command("follow_up_status", *arguments, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def ticked(*, ago: timedelta = timedelta(seconds=12), runner: Runner = Runner.WORKER) -> None:
    at = MORNING - ago
    Heartbeat.objects.create(runner=runner, started_at=at, finished_at=at, emails=3)


def test_all_is_well():
    queued()
    ticked()
    code, text = run()
    assert (code, text.splitlines()) == (
        0,
        [
            "Follow-ups leave as they should.",
            "last tick     12 s ago by a worker (emails: 3)",
            "due now       1, the oldest since 2026-03-03 15:00 UTC (0 s ago); 0 late",
            "outbox        1 due, 0 claimed, 0 handoff, 0 uncertain, 0 dead",
            "for a person  0 uncertain, 0 dead",
            "mail server   is tried",
            "last hour     0 accepted, 0 deferred, 0 rejected",
        ],
    )


def test_each_alarm_is_told_and_ends_with_an_error():
    queued()
    ticked(ago=timedelta(hours=1))
    Delivery.objects.update(next_at=MORNING - timedelta(minutes=40))
    since = MORNING - timedelta(minutes=50)
    MailCircuit.objects.create(
        name="mail",
        failures=4,
        failing_since=since,
        opened_at=since,
        retry_at=MORNING + timedelta(minutes=2),
        trouble="setup_refused",
        code=535,
    )
    code, text = run()
    lines = text.splitlines()
    assert (code, lines[:3]) == (
        1,
        [
            "ALARM  The mail server refuses our sign-in or sender (code 535), since 2026-03-03 14:10 UTC (50 min ago).",
            "ALARM  Nothing looks for due emails, since 2026-03-03 14:00 UTC (60 min ago).",
            "ALARM  An email that is due does not leave, since 2026-03-03 14:20 UTC (40 min ago).",
        ],
    )
    assert lines[-2].startswith("mail server   The mail server refuses our sign-in or sender, code 535, since")
    assert lines[-2].endswith("; tried again at 15:02 UTC")


def test_programs_read_json():
    queued()
    ticked(runner=Runner.COMMAND)
    code, text = run("--format", "json")
    data = json.loads(text)
    assert (code, data["ok"], data["alarms"]) == (0, True, [])
    assert data["last_tick"] == {"at": "2026-03-03T14:59:48+00:00", "age": 12.0}
    assert data["ticks"]["command"]["emails"] == 3
    assert data["due"] == {"count": 1, "late": 0, "oldest": "2026-03-03T15:00:00+00:00", "age": 0.0}
    assert data["mail_server"] == {
        "is_tried": True,
        "failures": 0,
        "failing_since": None,
        "next_try_at": None,
        "trouble": "",
        "code": None,
    }


def test_json_names_the_alarms_too():
    code, text = run("--format", "json")
    data = json.loads(text)
    assert (code, data["ok"]) == (1, False)
    assert data["alarms"] == [{"kind": "silence", "text": "Nothing looks for due emails", "since": None, "code": None}]


def test_limits_can_be_given():
    ticked(ago=timedelta(minutes=30))
    queued()
    Delivery.objects.update(next_at=MORNING - timedelta(minutes=40))
    assert run("--max-silence", "60", "--max-late", "60")[0] == 0
    assert run("--max-silence", "60", "--max-late", "30")[0] == 1
    assert run("--max-silence", "10", "--max-late", "60")[0] == 1


def test_emails_that_wait_for_a_person_are_an_alarm_only_on_request():
    ticked()
    queued()
    Delivery.objects.update(state="dead")
    assert run()[0] == 0
    assert run("--max-awaiting", "1")[0] == 0
    code, text = run("--max-awaiting", "0")
    assert (code, text.splitlines()[0]) == (1, "ALARM  Emails that wait for a person: 1.")


def test_a_tick_that_was_not_finished_says_so_and_errors_are_logged(caplog):
    caplog.set_level("ERROR", "counseling")
    Heartbeat.objects.create(runner=Runner.WORKER, started_at=MORNING - timedelta(days=3))
    _, text = run()
    assert "last tick     3 d ago by a worker (not finished)" in text
    assert [(record.levelname, record.args) for record in caplog.records] == [("ERROR", ("silence",))]
