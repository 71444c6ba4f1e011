from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from counseling.actions.consents import withdraw_consent
from counseling.enums import ConsentPurpose
from counseling.links import stop_link
from counseling.models import AuditEvent, Client, Consent
from tests.factories import NOW, ClientFactory, ConsentFactory

pytestmark = pytest.mark.django_db
PURPOSE = ConsentPurpose.FOLLOW_UP_EMAIL


@pytest.fixture
def client_in_care() -> Client:
    client = ClientFactory()
    ConsentFactory(client=client)
    return client


@pytest.fixture(autouse=True)
def _later():
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        yield


@pytest.fixture
def browser() -> Browser:
    """One that is checked for forged posts, as every other page would be."""
    return Browser(enforce_csrf_checks=True)


def address(client: Client) -> str:
    return urlsplit(stop_link(client)).path


def test_opening_the_page_stops_nothing(client_in_care, browser):
    with CaptureQueriesContext(connection) as queries:
        page = browser.get(address(client_in_care))
        browser.head(address(client_in_care))
    assert page.status_code == 200
    assert "Stop these emails?" in page.text
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert client_in_care.agrees_to(PURPOSE)


def test_mail_programs_stop_with_one_click_and_are_not_redirected(client_in_care, browser):
    response = browser.post(address(client_in_care), {"List-Unsubscribe": "One-Click"})
    assert (response.status_code, client_in_care.agrees_to(PURPOSE)) == (200, False)
    consent = Consent.objects.get()
    assert (consent.withdrawn_at, consent.withdrawn_by) == (NOW + timedelta(days=1), None)
    assert AuditEvent.objects.get().action == "consent.withdrawn"


def test_a_person_stops_them_with_a_button(client_in_care, browser):
    page = browser.post(address(client_in_care), {"choice": "stop"}, follow=True)
    assert page.redirect_chain == [(address(client_in_care), 302)]
    assert "The emails have stopped" in page.text
    assert not client_in_care.agrees_to(PURPOSE)


def test_stopping_twice_changes_nothing_more(client_in_care, browser):
    browser.post(address(client_in_care), {"choice": "stop"})
    browser.post(address(client_in_care), {"List-Unsubscribe": "One-Click"})
    assert (Consent.objects.count(), AuditEvent.objects.count()) == (1, 1)


def test_it_can_be_taken_back(client_in_care, browser):
    browser.post(address(client_in_care), {"choice": "stop"})
    page = browser.post(address(client_in_care), {"choice": "resume"}, follow=True)
    assert "Stop these emails?" in page.text
    assert client_in_care.agrees_to(PURPOSE)
    assert Consent.objects.count() == 2


def test_what_staff_ended_is_not_offered_back_nor_given(client_in_care, browser):
    withdraw_consent(client_in_care, purpose=PURPOSE, by=client_in_care.registered_by, now=NOW)
    page = browser.get(address(client_in_care))
    assert "Send them again" not in page.text
    assert browser.post(address(client_in_care), {"choice": "resume"}).status_code == 403
    assert not client_in_care.agrees_to(PURPOSE)


def test_it_is_in_the_clients_language(client_in_care, browser):
    Client.objects.filter(pk=client_in_care.pk).update(language="es")
    assert '<html lang="es"' in browser.get(address(client_in_care)).text


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("change", [lambda a: a[:-3] + "AA/", lambda a: "/stop/x/", lambda a: a.replace("/A", "/B", 1)])
def test_a_link_that_was_not_signed_here_opens_what_every_other_does(client_in_care, browser, method, change):
    response = getattr(browser, method)(change(address(client_in_care)), {"choice": "stop"})
    assert (response.status_code, client_in_care.agrees_to(PURPOSE)) == (404, True)
    assert "This link does not open anything" in response.text


def test_it_takes_few_queries(client_in_care, browser, django_assert_num_queries):
    with django_assert_num_queries(2):
        browser.get(address(client_in_care))
