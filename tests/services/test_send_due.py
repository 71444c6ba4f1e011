"""The command that works without Celery, as a supervisor starts and ends it."""

from __future__ import annotations

import signal
from datetime import UTC, datetime

import pytest

from tests.load import due_follow_ups
from tests.stack import PATIENCE, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_loop_sends_what_is_due_and_ends_well_when_told_to(stack, sink):
    due_follow_ups(3, now=datetime.now(UTC))
    loop = stack.start("loop", "manage.py", "send_due", "--loop")
    sink.wait_for(lambda notes: len(notes.mails) == 3, seconds=PATIENCE)
    wait_until(lambda: "accepted=3" in stack.log_of("loop"))
    loop.send_signal(signal.SIGTERM)
    assert loop.wait(timeout=PATIENCE) == 0
    assert "Traceback" not in stack.log_of("loop")


def test_a_monitor_learns_from_the_exit_code(stack, sink):
    due_follow_ups(1, now=datetime.now(UTC))
    before = stack.start("before", "manage.py", "follow_up_status")
    assert before.wait(timeout=PATIENCE) == 1
    stack.run("manage.py", "send_due")
    assert stack.run("manage.py", "follow_up_status").startswith("Follow-ups leave as they should.")
