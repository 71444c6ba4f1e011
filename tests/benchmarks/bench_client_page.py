"""What it costs to show a page of thirty questions to a client, and to store what they chose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django.utils import timezone

from assessments.definition import Definition
from counseling.actions.answering import start_answering
from counseling.links import form_link
from counseling.tokens import short_ref
from tests.assessments.factories import published, small, words
from tests.benchmarks.databases import throwaway_database
from tests.benchmarks.registry import Measurement, benchmark
from tests.benchmarks.timing import compare
from tests.load import due_follow_ups

QUESTIONS = [f"q{number}" for number in range(30)]
BARE = "/bare/"
AGAINST = "a bare Django view behind the same middleware"


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path(BARE.removeprefix("/"), bare), path("", include("counseling.web.urls"))]


@benchmark("client_page_get", unit="ms", against=AGAINST)
def client_page_get() -> Measurement:
    with page_of_thirty() as (browser, address):
        assert browser.get(address).content.count(b'type="radio"') == 4 * len(QUESTIONS)
        seconds = compare(lambda: browser.get(address), lambda: browser.get(BARE))
    return Measurement(figure=1000 * seconds.ours, reference=1000 * seconds.reference)


@benchmark("client_page_submit", unit="ms", against=AGAINST)
def client_page_submit() -> Measurement:
    with page_of_thirty() as (browser, address):
        revisions = count()

        def submit() -> None:
            revision = next(revisions)
            sent = urlencode({"revision": revision, **dict.fromkeys(QUESTIONS, 1 + revision % 3)})
            response = browser.post(address, sent, content_type="application/x-www-form-urlencoded")
            assert response.status_code == 302

        seconds = compare(submit, lambda: browser.get(BARE))
    return Measurement(figure=1000 * seconds.ours, reference=1000 * seconds.reference)


@contextmanager
def page_of_thirty() -> Iterator[tuple[Client, str]]:
    """A browser that came through a link, and the address of the page with all the questions."""
    with throwaway_database(), override_settings(ROOT_URLCONF=__name__):
        published(thirty_questions())
        follow_up = due_follow_ups(1, now=timezone.now())[0]
        start_answering(follow_up, language="en", now=timezone.now())
        browser = Client()
        browser.get(urlsplit(form_link(follow_up)).path)
        yield browser, f"/q/{short_ref(follow_up.token_digest)}/1/"


def thirty_questions() -> Definition:
    items = [
        {"id": item_id, "kind": "choice", "options": "agree", "text": words(f"{{Other}} and I, {item_id}")}
        for item_id in QUESTIONS
    ]
    blocks = [{"id": "all", "title": words("All"), "items": items}]
    return small(blocks=blocks, scales=[], mirrors=[], alerts=[])
