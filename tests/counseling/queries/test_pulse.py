from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from counseling.enums import DeliveryState, FollowUpStatus, Runner
from counseling.models import Delivery, FollowUp, Heartbeat, MailCircuit
from counseling.queries.pulse import Pulse, find_alarms, take_pulse
from tests.counseling.outbox.mailing import DAY, HOUR, MORNING, due_follow_up, handed_over, queued, settle_accepted

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def kinds(pulse: Pulse, **limits: timedelta) -> list[str]:
    return [alarm.kind for alarm in find_alarms(pulse, **limits)]


def test_a_new_installation_has_no_pulse_yet():
    assert take_pulse(now=MORNING) == Pulse(now=MORNING)


def test_it_is_one_query_with_few_rows_and_with_many():
    counts = []
    for people in (1, 3):
        for _ in range(people):
            queued()
        with CaptureQueriesContext(connection) as queries:
            take_pulse(now=MORNING)
        counts.append(len(queries))
    assert counts == [1, 1]


def test_the_last_tick_is_the_latest_of_any_runner():
    due_follow_up()
    Heartbeat.objects.create(runner=Runner.WORKER, started_at=MORNING)
    Heartbeat.objects.create(runner=Runner.COMMAND, started_at=MORNING + MINUTE)
    assert take_pulse(now=MORNING + HOUR).ticked_at == MORNING + MINUTE


def test_a_follow_up_that_fell_due_waits_from_then_on():
    follow_up = due_follow_up()
    assert take_pulse(now=follow_up.due_at - MINUTE).due_since is None
    assert take_pulse(now=MORNING).due_since == follow_up.due_at


def test_an_email_in_the_outbox_waits_from_when_it_may_leave():
    queued()
    Delivery.objects.update(next_at=MORNING + HOUR)
    assert take_pulse(now=MORNING).due_since is None
    assert take_pulse(now=MORNING + DAY).due_since == MORNING + HOUR


def test_a_reminder_waits_from_its_time_unless_the_invitation_is_still_on_its_way():
    delivery = handed_over()
    remind_at = MORNING + HOUR
    FollowUp.objects.filter(pk=delivery.follow_up_id).update(next_reminder_at=remind_at)
    assert take_pulse(now=MORNING + DAY).due_since is None
    settle_accepted(delivery, code=250, now=MORNING)
    FollowUp.objects.filter(pk=delivery.follow_up_id).update(next_reminder_at=remind_at)
    assert take_pulse(now=MORNING + DAY).due_since == remind_at


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.UNCERTAIN, DeliveryState.DEAD])
def test_what_is_over_for_the_outbox_does_not_wait(state):
    delivery = queued()
    Delivery.objects.filter(pk=delivery.pk).update(state=state)
    FollowUp.objects.filter(pk=delivery.follow_up_id).update(status=FollowUpStatus.CANCELLED, ended_at=MORNING)
    assert take_pulse(now=MORNING + HOUR).due_since is None


def test_an_open_circuit_tells_since_when_and_what_was_said():
    delivery = queued()
    MailCircuit.objects.create(
        name="mail", failing_since=MORNING, opened_at=MORNING, retry_at=MORNING, trouble="setup_refused", code=535
    )
    pulse = take_pulse(now=MORNING)
    assert (pulse.refused_since, pulse.trouble, pulse.code) == (MORNING, "setup_refused", 535)
    Delivery.objects.filter(pk=delivery.pk).update(state="cancelled")
    assert take_pulse(now=MORNING).refused_since is None  # nobody tries, nobody can say


# --- Alarms ---------------------------------------------------------------------------------------


def test_all_is_well():
    pulse = Pulse(now=MORNING, ticked_at=MORNING - 5 * MINUTE, due_since=MORNING - 15 * MINUTE)
    assert find_alarms(pulse) == []


@pytest.mark.parametrize(
    ("pulse", "found"),
    [
        (Pulse(now=MORNING), ["silence"]),
        (Pulse(now=MORNING, ticked_at=MORNING - 6 * MINUTE), ["silence"]),
        (Pulse(now=MORNING, ticked_at=MORNING, due_since=MORNING - 16 * MINUTE), ["late"]),
        (Pulse(now=MORNING, ticked_at=MORNING, refused_since=MORNING, trouble="unreachable"), ["unreachable"]),
        (
            Pulse(now=MORNING, due_since=MORNING - HOUR, refused_since=MORNING, trouble="silent"),
            ["silent", "silence", "late"],
        ),
    ],
)
def test_each_trouble_has_its_alarm_causes_first(pulse, found):
    assert kinds(pulse) == found


def test_limits_are_the_settings_or_the_callers(settings):
    pulse = Pulse(now=MORNING, ticked_at=MORNING - 10 * MINUTE, due_since=MORNING - 10 * MINUTE)
    assert kinds(pulse) == ["silence"]
    assert kinds(pulse, silence=HOUR, late=MINUTE) == ["late"]
    settings.COUNSELING = {**settings.COUNSELING, "ALARM_SILENCE_MINUTES": 60, "ALARM_LATE_MINUTES": 5}
    assert kinds(pulse) == ["late"]
