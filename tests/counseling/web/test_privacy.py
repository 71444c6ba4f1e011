"""What no client page may do: name anybody, be kept, lead to staff, run what somebody typed."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser

from counseling.links import stop_link
from counseling.models import FollowUp
from tests.counseling.web.visitor import Visitor, link_path

pytestmark = pytest.mark.django_db

CANARY = "Kanarienvogel<script>alert(1)</script>"
OURS = re.compile(r"^(\?language=|#|/static/|/q/[\w-]{16}/|/stop/[\w-]{64}/$)")


@pytest.fixture
def named(couple: list[FollowUp]) -> list[FollowUp]:
    """Everything that has a name carries the canary."""
    case = couple[0].case
    for person in case.members:
        person.given_name = person.family_name = CANARY
        person.email = person.phone = CANARY
        person.save()
    case.clinic.name = case.clinic.sender_name = CANARY
    case.clinic.crisis_text = "Call 555-0100 <img src=x onerror=alert(1)>\nor come by."
    case.clinic.save()
    case.lead.display_name = CANARY
    case.lead.save()
    user = case.lead.user
    user.username = user.first_name = user.last_name = CANARY
    user.save()
    return couple


@pytest.fixture
def screens(named: list[FollowUp], clock: Any) -> dict[str, Any]:
    """Every page a client can come across, by what it is."""
    visitor, partner = Visitor(named[0]), Visitor(named[1])
    partner.start()
    partner.skip_to("check/", n1=4)
    partner.press()
    found = {"introduction": visitor.open(), "part": visitor.start(), "missing": visitor.press({"revision": 0})}
    found["conflict"] = visitor.press({"revision": 9, "n1": 1})
    found["private part"] = visitor.visit(visitor.below("12/"))
    found["unfinished check"] = visitor.visit(visitor.below("check/"))
    found["refused"] = visitor.press()
    visitor.skip_to("12/")
    found["help"] = visitor.fill({"fear": 4})
    found["check"] = visitor.visit(visitor.below("check/"))
    found["receipt"] = visitor.press()
    found["received"] = Browser().get(link_path(named[0]))
    found["closed"] = Browser().get("/f/unknown/")
    stop = urlsplit(stop_link(named[0])).path
    found["stop"] = Browser().get(stop)
    found["plan stopped"] = Browser().post(stop, {"choice": "stop_plan"}, follow=True)
    found["stopped"] = Browser().post(stop, {"choice": "stop"}, follow=True)
    found["moved on"] = visitor.browser.get(link_path(named[1]))
    return found


def test_nobody_is_named_and_nothing_typed_is_run(screens):
    for name, page in screens.items():
        assert "Kanarienvogel" not in page.text, name
        assert "<script>" not in page.text, name
        assert "<img" not in page.text, name
    assert "555-0100 &lt;img src=x onerror=alert(1)&gt;" in screens["help"].text


def test_no_page_is_kept_or_indexed_and_none_tells_where_one_came_from(screens):
    for name, page in screens.items():
        assert "no-store" in page["Cache-Control"], name
        assert page["X-Robots-Tag"] == "noindex, nofollow", name
        assert page["Referrer-Policy"] in {"no-referrer", "same-origin"}, name
        assert "Content-Security-Policy" in page, name


def test_pages_that_stand_under_a_secret_address_send_no_referrer(screens):
    for name in ("received", "closed", "stop", "stopped", "moved on"):
        assert screens[name]["Referrer-Policy"] == "no-referrer", name


def test_every_page_has_its_way_out_and_says_that_history_stays(screens):
    for name in set(screens) - {"moved on"}:
        text = " ".join(screens[name].text.split())
        assert re.search(r'<a class="exit" href="https://www.wikipedia.org/" rel="noreferrer"', text), name
        assert "does not erase your browser’s history" in text, name


def test_no_page_leads_to_staff_or_elsewhere(screens):
    for name, page in screens.items():
        links = set(re.findall(r'(?:href|src|action)="([^"]*)"', page.text)) - {"https://www.wikipedia.org/"}
        public = "https://clinic.example"
        astray = {link for link in links if not OURS.match(link.removeprefix(public))}
        assert astray == set(), name


def test_titles_are_neutral(screens):
    titles = {re.search(r"<title>(.*?)</title>", page.text, re.DOTALL)[1] for page in screens.values() if page.text}
    assert not re.search(r"clinic|counsel|check-in|partner|safety|help", " ".join(titles), re.IGNORECASE)


def test_the_session_and_the_account_are_never_asked_for(screens):
    for name, page in screens.items():
        assert "sessionid" not in page.cookies, name


def test_posts_from_elsewhere_are_refused(named, clock):
    browser = Browser(enforce_csrf_checks=True)
    browser.get(link_path(named[0]))
    visitor = Visitor(named[0])
    assert browser.post(visitor.below(""), {"language": "en"}).status_code == 403


def test_a_post_with_the_pages_own_token_is_taken(named, clock):
    browser = Browser(enforce_csrf_checks=True)
    page = browser.get(link_path(named[0]), follow=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    response = browser.post(Visitor(named[0]).below(""), {"csrfmiddlewaretoken": token})
    assert response.status_code == 302


def test_what_a_partner_did_changes_nothing(couple, clock):
    mine, theirs = couple
    before = Visitor(mine).open()
    partner = Visitor(theirs)
    partner.start()
    partner.skip_to("check/", hurt=4)
    partner.press()
    strip = re.compile(r'value="[^"]{40,}"')  # the token against forged posts is new each time
    assert strip.sub("", Visitor(mine).open().text) == strip.sub("", before.text)
