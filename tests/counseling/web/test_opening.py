from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Response
from counseling.enums import FollowUpStatus
from counseling.links import new_link
from counseling.models import FollowUp
from counseling.tokens import short_ref
from counseling.web.misses import TRIES
from tests.counseling.web.visitor import Visitor, link_path

pytestmark = pytest.mark.django_db


def introduction(follow_up: FollowUp) -> str:
    return f"/q/{short_ref(follow_up.token_digest)}/"


# --- The link ------------------------------------------------------------------------------------


def test_the_link_is_exchanged_for_a_cookie_and_a_clean_address(follow_up, clock):
    browser = Client()
    response = browser.get(link_path(follow_up))
    assert (response.status_code, response["Location"]) == (302, introduction(follow_up))
    cookie = response.cookies["form"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["max-age"]) == (
        introduction(follow_up),
        True,
        "Lax",
        "",
        86400,
    )


def test_over_https_the_cookie_never_leaves_it(follow_up, clock):
    response = Client().get(link_path(follow_up), secure=True)
    assert response.cookies["form"]["secure"] is True


def test_scanners_change_nothing_however_often_they_come(follow_up, clock):
    browser = Client()
    before = FollowUp.objects.filter(pk=follow_up.pk).values().get()
    with CaptureQueriesContext(connection) as queries:
        for _ in range(10):
            browser.get(link_path(follow_up), follow=True)
            browser.head(link_path(follow_up), follow=True)
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert FollowUp.objects.filter(pk=follow_up.pk).values().get() == before
    assert not Response.objects.exists()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_sent_to_the_link_itself(follow_up, clock, method):
    assert getattr(Client(), method)(link_path(follow_up)).status_code == 405


def test_an_answered_form_says_thanks_and_lets_nobody_in(visitor):
    visitor.start()
    visitor.skip_to("check/")
    visitor.press()
    stranger = Visitor(visitor.follow_up)
    page = stranger.open()
    assert (page.status_code, stranger.browser.cookies.get("form")) == (200, None)
    assert "Already received, thank you" in page.text


# --- What opens nothing --------------------------------------------------------------------------


def expired(follow_up):
    FollowUp.objects.filter(pk=follow_up.pk).update(expires_at=follow_up.due_at + timedelta(hours=1))
    return Client().get(link_path(follow_up))


def marked_expired(follow_up):
    FollowUp.objects.filter(pk=follow_up.pk).update(status=FollowUpStatus.EXPIRED, ended_at=follow_up.due_at)
    return Client().get(link_path(follow_up))


def cancelled(follow_up):
    FollowUp.objects.filter(pk=follow_up.pk).update(status=FollowUpStatus.CANCELLED, ended_at=follow_up.due_at)
    return Client().get(link_path(follow_up))


def revoked(follow_up):
    """A new link was made: the old one is worth nothing, also in a browser that came through it."""
    FollowUp.objects.filter(pk=follow_up.pk).update(**new_link(follow_up.pk))
    return Client().get(link_path(follow_up))


def revoked_while_open(follow_up):
    visitor = Visitor(follow_up)
    visitor.start()
    FollowUp.objects.filter(pk=follow_up.pk).update(**new_link(follow_up.pk))
    return visitor.browser.get(visitor.address)


def expired_while_open(follow_up):
    visitor = Visitor(follow_up)
    visitor.start()
    expired(follow_up)
    return visitor.fill()


def guessed(follow_up):
    return Client().get("/f/" + "A" * 43 + "/")


def malformed(follow_up):
    return Client().get("/f/é%00.../")


def without_a_cookie(follow_up):
    return Client().get(introduction(follow_up))


def with_a_made_up_cookie(follow_up):
    browser = Client()
    browser.cookies["form"] = "A" * 43
    return browser.get(introduction(follow_up))


def with_a_made_up_ref(follow_up):
    browser = Client()
    browser.get(link_path(follow_up))
    return browser.get("/q/é/")


@pytest.mark.parametrize(
    "knock",
    [
        expired,
        marked_expired,
        cancelled,
        revoked,
        revoked_while_open,
        expired_while_open,
        guessed,
        malformed,
        without_a_cookie,
        with_a_made_up_cookie,
        with_a_made_up_ref,
    ],
)
def test_whatever_does_not_open_looks_the_same(follow_up, clock, knock):
    reference = Client().get("/f/nothing/")
    response = knock(follow_up)
    assert (response.status_code, response.content) == (404, reference.content)
    assert "This link does not open anything" in response.text


def test_one_forms_cookie_opens_no_other(couple, clock):
    mine, theirs = couple
    browser = Client()
    browser.get(link_path(mine))
    browser.cookies["form"]["path"] = "/"
    response = browser.get(introduction(theirs))
    assert response.status_code == 404


def test_guesses_are_slowed_down_and_told_so(clock):
    browser = Client()
    statuses = [browser.get(f"/f/{number}/").status_code for number in range(TRIES + 2)]
    assert statuses == [404] * TRIES + [429, 429]
    assert browser.get("/f/again/")["Retry-After"] == "600"


def test_a_link_that_opens_is_never_refused_for_others_guesses(follow_up, clock):
    browser = Client()
    for number in range(TRIES + 1):
        browser.get(f"/f/{number}/")
    assert browser.get(link_path(follow_up)).status_code == 302


def test_guesses_from_elsewhere_count_apart(clock):
    for number in range(TRIES + 1):
        Client(REMOTE_ADDR="192.0.2.1").get(f"/f/{number}/")
    assert Client(REMOTE_ADDR="192.0.2.2").get("/f/one/").status_code == 404


def test_a_count_that_runs_out_meanwhile_starts_anew(clock, monkeypatch):
    def forgotten(key):
        raise ValueError(key)

    monkeypatch.setattr(cache, "incr", forgotten)
    assert Client().get("/f/one/").status_code == 404


# --- The introduction ----------------------------------------------------------------------------


def test_it_says_what_this_is_before_anything_is_asked(visitor):
    page = visitor.open()
    assert (page.status_code, page.context["minutes"]) == (200, 7)
    assert "sees neither your answers nor whether you answered" in page.text
    assert "March 10, 2026, 9 a.m." in page.text  # in the client's own time zone
    assert reverse("client:stop", args=["x"]).removesuffix("x/") in page.text


def test_it_is_read_in_the_clients_language(visitor):
    client = visitor.follow_up.client
    client.language = "es"
    client.save()
    page = visitor.open()
    assert (page["Content-Language"], page.context["language"]) == ("es", "es")


def test_another_language_can_be_chosen_before_starting(visitor):
    visitor.open()
    page = visitor.visit(f"{visitor.address}?language=es")
    assert (page["Content-Language"], page.context["language"]) == ("es", "es")
    assert not Response.objects.exists()
    visitor.press({"language": "es"})
    assert Response.objects.get().language == "es"


@pytest.mark.parametrize("language", ["xx", "", "<script>"])
def test_a_language_that_is_not_offered_is_ignored(visitor, language):
    visitor.open()
    page = visitor.visit(f"{visitor.address}?language={language}")
    assert page.context["language"] == "en"
    visitor.press({"language": language})
    assert Response.objects.get().language == "en"


def test_starting_leads_to_the_first_part(visitor):
    page = visitor.start()
    assert (visitor.address, page.context["part"].position) == (f"{introduction(visitor.follow_up)}1/", 1)


def test_starting_twice_makes_one_draft(visitor):
    visitor.start()
    visitor.start()
    assert Response.objects.count() == 1


def test_coming_back_goes_on_where_it_stopped(visitor):
    visitor.start()
    visitor.fill()
    elsewhere = Visitor(visitor.follow_up)
    page = elsewhere.open()
    assert page.context["go_on_address"] == f"{introduction(visitor.follow_up)}2/"


def test_it_takes_few_queries(visitor, django_assert_num_queries):
    with django_assert_num_queries(2):  # the link, the introduction
        visitor.open()
    with django_assert_num_queries(15):
        # cookie; transaction (2); follow-up; its emails (5); draft; follow-up; ledger; audit chain (3)
        visitor.browser.post(visitor.address, {"language": "en"})
