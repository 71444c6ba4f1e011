from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from counseling.admin import sending_alarm
from counseling.enums import Runner, StaffRole
from counseling.models import Delivery, Heartbeat, MailCircuit
from tests.counseling.admin.queries import queries_of
from tests.counseling.admin.work import Work, browser_of
from tests.counseling.outbox.mailing import queued
from tests.factories import StaffFactory

TITLE = "Emails to clients are not leaving"


@pytest.fixture(autouse=True)
def _log_is_new(monkeypatch):
    monkeypatch.setattr(sending_alarm, "_logged", {})


def ticked(*, ago: timedelta) -> None:
    Heartbeat.objects.create(runner=Runner.WORKER, started_at=timezone.now() - ago)


def page(browser: Browser, name: str = "counseling_case_changelist") -> str:
    return browser.get(reverse(f"admin:{name}")).text


def test_nothing_is_said_while_all_is_well(counselor: Browser):
    ticked(ago=timedelta(minutes=1))
    assert TITLE not in page(counselor)


def test_nothing_is_said_where_nothing_runs_yet(counselor: Browser):
    Delivery.objects.all().delete()
    assert TITLE not in page(counselor)


def test_a_scheduler_that_stopped_is_told_since_when(counselor: Browser):
    ticked(ago=timedelta(minutes=30))
    text = page(counselor)
    assert TITLE in text
    assert "Nothing looks for due emails" in text


def test_a_refused_setup_is_told_with_its_code_and_nothing_else(counselor: Browser):
    ticked(ago=timedelta())
    now = timezone.now()
    queued()
    MailCircuit.objects.create(
        name="mail", failing_since=now, opened_at=now, retry_at=now, trouble="setup_refused", code=535
    )
    text = " ".join(page(counselor).split())
    assert "The mail server refuses our sign-in or sender (code 535; since: Today" in text


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (StaffRole.CLINIC_ADMIN, "index"),
        (StaffRole.CLINIC_ADMIN, "assessments_instrument_changelist"),
        (StaffRole.SUPERVISOR, "counseling_followupplan_changelist"),
        (StaffRole.COUNSELOR, "counseling_session_changelist"),
    ],
)
def test_everybody_on_the_staff_sees_it_on_every_page(work: Work, role: StaffRole, name: str):
    ticked(ago=timedelta(hours=1))
    assert TITLE in page(browser_of(StaffFactory(clinic=work.counselor.clinic, role=role)), name)


def test_nobody_else_does(client: Browser, db: None):
    ticked(ago=timedelta(hours=1))
    assert TITLE not in client.get(reverse("account_login")).text


def test_it_costs_one_query_whatever_is_wrong(counselor: Browser):
    first = queries_of(counselor, reverse("admin:counseling_case_changelist"))
    ticked(ago=timedelta(hours=1))
    assert queries_of(counselor, reverse("admin:counseling_case_changelist")) == first


def test_operators_are_told_once_a_minute(counselor: Browser, caplog, monkeypatch):
    caplog.set_level("ERROR", "counseling")
    ticked(ago=timedelta(hours=1))
    clock = [1000.0]
    monkeypatch.setattr(sending_alarm, "monotonic", lambda: clock[0])
    for seconds in (0, 30, 31):
        clock[0] += seconds
        page(counselor)
    silence = [record for record in caplog.records if record.args[0] == "silence"]
    assert [record.levelname for record in silence] == ["ERROR", "ERROR"]
