from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from counseling.actions.consents import withdraw_consent
from counseling.actions.stopping import is_plan_stopped
from counseling.enums import ConsentPurpose
from counseling.links import stop_link
from counseling.models import AuditEvent, Client, FollowUp, PlanStop
from tests.couples import enrolled, wave
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PURPOSE = ConsentPurpose.FOLLOW_UP_EMAIL


@pytest.fixture
def asked() -> tuple[FollowUp, FollowUp]:
    """The same occasion of a couple: the client's own, and the other person's."""
    mine, theirs = wave(enrolled(), 1)
    return mine, theirs


@pytest.fixture
def mine(asked) -> FollowUp:
    return asked[0]


@pytest.fixture(autouse=True)
def _later():
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        yield


@pytest.fixture
def browser() -> Browser:
    """One that is checked for forged posts, as every other page would be."""
    return Browser(enforce_csrf_checks=True)


def address(follow_up: FollowUp) -> str:
    return urlsplit(stop_link(follow_up)).path


def agrees(follow_up: FollowUp) -> bool:
    return follow_up.client.agrees_to(PURPOSE)


def events() -> list[str]:
    ours = AuditEvent.objects.exclude(action="enrollment.started").order_by("clinic", "sequence")
    return list(ours.values_list("action", flat=True))


def test_opening_the_page_stops_nothing(mine, browser):
    with CaptureQueriesContext(connection) as queries:
        page = browser.get(address(mine))
        browser.head(address(mine))
    assert page.status_code == 200
    assert "Stop these emails?" in page.text
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert (agrees(mine), is_plan_stopped(mine)) == (True, False)


def test_mail_programs_stop_all_emails_with_one_click_and_are_not_redirected(mine, browser):
    response = browser.post(address(mine), {"List-Unsubscribe": "One-Click"})
    assert (response.status_code, agrees(mine), is_plan_stopped(mine)) == (200, False, False)
    consent = mine.client.consents.get()
    assert (consent.withdrawn_at, consent.withdrawn_by) == (NOW + timedelta(days=1), None)
    assert events() == ["consent.withdrawn"]


def test_a_person_stops_all_of_them_with_a_button(mine, browser):
    page = browser.post(address(mine), {"choice": "stop"}, follow=True)
    assert page.redirect_chain == [(address(mine), 302)]
    assert "The emails have stopped" in page.text
    assert not agrees(mine)


def test_what_nobody_offered_stops_them_too(mine, browser):
    browser.post(address(mine), {"choice": "something"})
    assert not agrees(mine)


def test_stopping_twice_changes_nothing_more(mine, browser):
    browser.post(address(mine), {"choice": "stop"})
    browser.post(address(mine), {"List-Unsubscribe": "One-Click"})
    assert (mine.client.consents.count(), events()) == (1, ["consent.withdrawn"])


def test_it_can_be_taken_back(mine, browser):
    browser.post(address(mine), {"choice": "stop"})
    page = browser.post(address(mine), {"choice": "resume"}, follow=True)
    assert "Stop these emails?" in page.text
    assert agrees(mine)
    assert mine.client.consents.count() == 2


def test_what_staff_ended_is_not_offered_back_nor_given(mine, browser):
    withdraw_consent(mine.client, purpose=PURPOSE, by=mine.client.registered_by, now=NOW)
    page = browser.get(address(mine))
    assert "Send them again" not in page.text
    assert browser.post(address(mine), {"choice": "resume"}).status_code == 403
    assert not agrees(mine)


def test_a_person_stops_the_plan_alone(mine, browser):
    page = browser.post(address(mine), {"choice": "stop_plan"}, follow=True)
    assert page.redirect_chain == [(address(mine), 302)]
    assert ("This series has stopped" in page.text, "Stop all emails" in page.text) == (True, True)
    assert (agrees(mine), is_plan_stopped(mine)) == (True, True)
    assert events() == ["plan.stopped"]


def test_the_plan_can_be_taken_back_too(mine, browser):
    browser.post(address(mine), {"choice": "stop_plan"})
    page = browser.post(address(mine), {"choice": "resume_plan"}, follow=True)
    assert ("Stop these emails?" in page.text, is_plan_stopped(mine)) == (True, False)
    assert events() == ["plan.stopped", "plan.resumed"]


def test_all_emails_can_be_stopped_after_the_plan_and_resumed_without_it(mine, browser):
    for choice in ("stop_plan", "stop", "resume"):
        page = browser.post(address(mine), {"choice": choice}, follow=True)
    assert "This series has stopped" in page.text
    assert (agrees(mine), is_plan_stopped(mine)) == (True, True)


@pytest.mark.parametrize("choice", ["stop", "stop_plan"])
def test_the_other_person_s_page_and_emails_stay_as_they_were(asked, browser, choice):
    mine, theirs = asked
    before = browser.get(address(theirs)).text
    browser.post(address(mine), {"choice": choice})
    assert browser.get(address(theirs)).text == before
    assert (agrees(theirs), is_plan_stopped(theirs)) == (True, False)


def test_the_page_names_no_plan(mine, browser):
    plan = mine.enrollment.plan
    plan.name = "Kanarienvogel"
    plan.save()
    assert "Kanarienvogel" not in browser.get(address(mine)).text
    assert "Kanarienvogel" not in browser.post(address(mine), {"choice": "stop_plan"}, follow=True).text


def test_it_is_in_the_clients_language(mine, browser):
    Client.objects.filter(pk=mine.client_id).update(language="es")
    page = browser.get(address(mine))
    assert ('<html lang="es"' in page.text, "Detener esta serie" in page.text) == (True, True)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("change", [lambda a: a[:-3] + "AA/", lambda a: "/stop/x/", lambda a: a.replace("/A", "/B", 1)])
def test_a_link_that_was_not_signed_here_opens_what_every_other_does(mine, browser, method, change):
    response = getattr(browser, method)(change(address(mine)), {"choice": "stop"})
    assert (response.status_code, agrees(mine), PlanStop.objects.count()) == (404, True, 0)
    assert "This link does not open anything" in response.text


def test_it_takes_few_queries(mine, browser, django_assert_num_queries):
    with django_assert_num_queries(3):  # the email's client, their consent, their stop
        browser.get(address(mine))
