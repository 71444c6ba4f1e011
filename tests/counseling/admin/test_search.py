"""What is looked for names people: it stays out of every address and ends with the sign-in."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from counseling.admin.scoped import PAGE_SIZE
from tests.counseling.admin.work import browser_of, couple
from tests.factories import CaseFactory, ClientFactory, RelationshipFactory

pytestmark = pytest.mark.django_db
CASELOAD = "/admin/counseling/case/"
CLIENTS = "/admin/counseling/client/"
RELATIONSHIPS = "/admin/counseling/relationship/"
LISTS = (CASELOAD, CLIENTS, RELATIONSHIPS)


def shown(page):
    rows = page.context["page"] if "page" in page.context else page.context["cl"].result_list
    return [str(row) for row in rows]


@pytest.fixture
def others(work):
    return couple(work.counselor, "Iris", "Finn")


@pytest.mark.parametrize("url", LISTS)
def test_what_is_looked_for_is_posted_kept_and_shown_until_it_is_cleared(url, others, counselor):
    everything = shown(counselor.get(url))
    answer = counselor.post(url, {"q": " Iris "})
    assert (answer.status_code, answer.url) == (302, url)
    page = counselor.get(url)
    assert len(shown(page)) == 1
    assert "Only what fits “Iris” is shown." in page.text
    assert 'name="clear"' in page.text
    assert counselor.post(url, {"q": "Iris", "clear": "1"}).url == url
    page = counselor.get(url)
    assert (shown(page), 'name="clear"' in page.text) == (everything, False)


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize("text", ["", " ", "\0", "x" * 101])
def test_what_cannot_be_looked_for_shows_everything(text, url, others, counselor):
    everything = shown(counselor.get(url))
    assert shown(counselor.post(url, {"q": text}, follow=True)) == everything


@pytest.mark.parametrize("url", LISTS)
def test_an_address_looks_for_nothing(url, others, counselor):
    assert shown(counselor.get(url, {"q": "Iris"})) == shown(counselor.get(url))
    answer = counselor.post(f"{url}?q=Iris&p=2", {"q": "Finn"})
    assert answer.url == url


def test_each_list_is_searched_by_itself(others, counselor):
    counselor.post(CLIENTS, {"q": "Iris"})
    assert shown(counselor.get(CLIENTS)) == ["Iris Zwart"]
    assert len(shown(counselor.get(CASELOAD))) == 2


def test_the_filters_of_the_address_stay_and_the_pages_begin_anew(work, counselor):
    answer = counselor.post(f"{CASELOAD}?status=all&p=3", {"q": "Zwart"})
    assert answer.url == f"{CASELOAD}?status=all"


@pytest.mark.parametrize("url", [CASELOAD, CLIENTS])
def test_every_page_of_what_was_found_is_of_what_was_found(url, work, counselor):
    for _ in range(PAGE_SIZE + 1):
        person = ClientFactory(registered_by=work.counselor, given_name="Iris")
        CaseFactory(lead=work.counselor, relationship=RelationshipFactory(first=person))
    counselor.post(url, {"q": "Iris"})
    pages = [counselor.get(url, {"p": number}) for number in (1, 2)]
    assert [len(shown(page)) for page in pages] == [PAGE_SIZE, 1]
    assert not any("Anouk" in page.text for page in pages)
    assert "?p=2" in pages[0].text
    assert "q=" not in pages[0].text


def test_it_ends_with_the_sign_in(work, counselor):
    counselor.post(CLIENTS, {"q": "Anouk"})
    counselor.post("/accounts/logout/")
    counselor.force_login(work.supervisor.user)
    assert dict(counselor.session).get("sought") is None
    assert len(shown(counselor.get(CLIENTS))) == 2


def test_nobody_else_sees_it(others, work, counselor):
    counselor.post(CLIENTS, {"q": "Iris"})
    assert len(shown(browser_of(work.counselor).get(CLIENTS))) == 4


@pytest.mark.parametrize("url", ["/admin/", *LISTS])
def test_another_site_cannot_post_it(url, work):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(work.counselor.user)
    assert browser.post(url, {"q": "Anouk"}).status_code == 403
    page = browser.get(url)
    assert page.text.count('name="csrfmiddlewaretoken"') >= 1
    token = browser.cookies["csrftoken"].value
    assert browser.post(url, {"q": "Anouk", "csrfmiddlewaretoken": token}).status_code == 302


@pytest.mark.parametrize("url", LISTS)
def test_whoever_may_not_see_the_list_cannot_search_it(url, work):
    assert browser_of(work.admin).post(url, {"q": "Anouk"}).status_code == 404
