from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.views import LoginView
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error
from rest_framework.authtoken.views import ObtainAuthToken

from counseling.admin.site import CounselingAdminSite


def every_pattern(within: URLResolver) -> Iterator[URLPattern]:
    for entry in within.url_patterns:
        if isinstance(entry, URLResolver):
            yield from every_pattern(entry)
        else:
            yield entry


def class_of(pattern: URLPattern) -> type:
    callback = pattern.callback
    found = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    return found if isinstance(found, type) else object


def test_no_page_but_allauths_takes_a_password():
    doors = (LoginView, ObtainAuthToken)
    patterns = list(every_pattern(get_resolver("config.urls")))
    assert [str(pattern.pattern) for pattern in patterns if issubclass(class_of(pattern), doors)] == []


def test_the_admins_site_is_counselings():
    assert isinstance(admin.site._wrapped, CounselingAdminSite)  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_the_first_page_leads_to_the_work(client: Client):
    assert client.get("/").headers["Location"] == "/admin/"


ERRORS = {
    bad_request: "This request could not be read",
    permission_denied: "You may not open this page",
    page_not_found: "There is no such page",
}


@pytest.fixture
def request_for_error() -> HttpRequest:
    return RequestFactory().get("/q/Anna/")


@pytest.mark.parametrize("view", ERRORS)
def test_errors_have_pages_that_repeat_nothing(request_for_error: HttpRequest, view):
    page = view(request_for_error, Exception("Anna")).content.decode()
    assert f"<h1>{ERRORS[view]}</h1>" in page.replace("\n", "").replace("  ", "")
    assert "Anna" not in page


def test_an_error_of_ours_has_a_page(request_for_error: HttpRequest):
    assert b"it has been recorded" in server_error(request_for_error).content


@pytest.mark.django_db
def test_a_forged_post_gets_a_page():
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "Anna"})
    assert response.status_code == 403
    assert b"This page was open too long" in response.content


@pytest.mark.django_db
def test_errors_speak_the_browsers_language(client: Client):
    page = client.get("/nothing/", headers={"Accept-Language": "es"}).content.decode()
    assert '<html lang="es">' in page
    assert "Esta página no existe" in page
