"""What a collector would keep: nothing that a person typed, nothing that opens a form."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path, resolve

from config import logs

SECRET = "Anna said she is afraid"
TOKEN = "c2VjcmV0LXRva2VuLXRoYXQtb3BlbnMtYS1mb3Jt"
ROW = UUID("0190a1b2-c3d4-7abc-8def-0123456789ab")


def broken(_request: HttpRequest, pk: UUID) -> HttpResponse:
    answer = SECRET
    raise ValueError(f"cannot read {answer} for {pk}")


def missing(_request: HttpRequest, token: str) -> HttpResponse:
    raise Http404(f"no form behind {token}")


urlpatterns = [
    path("broken/<uuid:pk>/", broken),
    path("f/<str:token>/", missing),
    path("", include("config.urls")),
]


@pytest.fixture
def written() -> Iterator[Callable[[bool], str]]:
    """Everything logged during the test, as ``written(json)`` would show it in production or on a console."""
    buffers: dict[bool, io.StringIO] = {}
    handlers = []
    root = logging.getLogger()
    level = root.level
    for as_json in (True, False):
        options = dict(logs.configure(json=as_json)["formatters"]["structured"])
        buffers[as_json] = io.StringIO()
        handler = logging.StreamHandler(buffers[as_json])
        handler.setFormatter(options.pop("()")(**options))
        handlers.append(handler)
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda as_json: buffers[as_json].getvalue()
    root.setLevel(level)
    for handler in handlers:
        root.removeHandler(handler)


@pytest.fixture
def visitor(settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.django_db
def test_an_error_tells_where_it_happened_and_not_what_was_in_hand(visitor: Client, written: Callable[[bool], str]):
    assert visitor.get(f"/broken/{ROW}/", {"q": SECRET}).status_code == 500
    [event] = [event for event in events(written(True)) if event["event"] == "request_failed"]
    [stack] = event["exception"]
    assert (event["request"], stack["exc_type"], stack["frames"][-1]["name"]) == (
        f"GET /broken/{ROW}/",
        "ValueError",
        "broken",
    )
    assert SECRET not in written(True)
    assert "locals" not in written(True)


@pytest.mark.django_db
def test_on_a_console_a_traceback_shows_its_message_but_no_variables(visitor: Client, written: Callable[[bool], str]):
    visitor.get(f"/broken/{ROW}/")
    console = written(False)
    assert f"ValueError: cannot read {SECRET} for {ROW}" in console
    assert "answer = 'Anna" not in console


@pytest.mark.django_db
def test_a_link_is_logged_without_its_token(visitor: Client, written: Callable[[bool], str]):
    assert visitor.get(f"/f/{TOKEN}/", {"name": "Anna"}).status_code == 404
    assert [event["request"] for event in events(written(True))] == ["GET /f/<token>/"]
    for as_json in (True, False):
        assert TOKEN not in written(as_json)
        assert "Anna" not in written(as_json)


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_is_not_repeated(visitor: Client, written: Callable[[bool], str]):
    visitor.get(f"/wp-login.php/{TOKEN}")
    assert [event["request"] for event in events(written(True))] == ["GET (no route)"]


@pytest.mark.django_db
def test_a_forged_post_is_logged_without_its_token(settings, written: Callable[[bool], str]):
    settings.ROOT_URLCONF = __name__
    Client(enforce_csrf_checks=True).post(f"/f/{TOKEN}/")
    assert "Forbidden (CSRF cookie not set.): /f/…" in [event["event"].rstrip("/") for event in events(written(True))]
    assert TOKEN not in written(True)


def test_what_other_libraries_say_about_a_link_is_cut(written: Callable[[bool], str]):
    logging.getLogger("somebody.else").warning("slow: %s", f"https://clinic.example/stop/{TOKEN}/?from=Anna")
    [event] = events(written(True))
    assert event["event"] == "slow: https://clinic.example/stop/…/"


@pytest.mark.parametrize(
    ("address", "route"),
    [
        ("/admin/auth/user/7/change/", "/admin/auth/user/7/change/"),
        ("/admin/auth/user/Anna/change/", "/admin/auth/user/<object_id>/change/"),
        (f"/api/v1/cases/{ROW}/", f"/api/v1/cases/{ROW}/"),
        ("/api/v1/cases/Anna/", "/api/v1/cases/<pk>/"),
        (f"/stop/{TOKEN}/", "/stop/<signed>/"),
        (f"/accounts/password/reset/key/1-{TOKEN}/", "/accounts/password/reset/key/1-<key>/"),
    ],
)
def test_row_ids_stay_and_everything_else_in_an_address_goes(address: str, route: str):
    request = RequestFactory().get(address)
    request.resolver_match = resolve(address, urlconf="config.urls")
    assert logs.describe_route(request) == route


def test_a_failed_task_is_logged_without_its_exceptions_words(written: Callable[[bool], str]):
    log = structlog.get_logger("django_structlog.celery.receivers")
    log.error("task_failed", error=SECRET, exception=ValueError(SECRET), task_id="1")
    [event] = events(written(True))
    assert (event["event"], event["exception"], event.get("error")) == ("task_failed", "ValueError", None)
    assert SECRET not in written(True)
