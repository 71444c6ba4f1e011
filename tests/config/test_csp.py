from __future__ import annotations

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory

from config import csp

SHOWN = (
    "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("path", ["/healthz", "/accounts/login/", "/nothing/"])
@pytest.mark.django_db
def test_every_page_carries_the_policy(client: Client, path: str):
    assert client.get(path).headers[csp.HEADER] == SHOWN


def test_the_policy_allows_nothing_inline():
    assert "unsafe" not in csp.render_policy(csp.POLICY, "n0nce")


def answer_through_middleware(render: str = "", headers: dict[str, str] | None = None) -> HttpResponse:
    """Run the middleware for Django 5.2 around a view that renders the template source it is given."""

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(engines["django"].from_string(render).render(csp.csp(request)), headers=headers)

    return csp.PolicyMiddleware(view)(RequestFactory().get("/"))


def test_a_page_without_a_nonce_shows_none():
    assert answer_through_middleware("<p>").headers[csp.HEADER] == SHOWN


def test_a_nonce_that_a_page_asked_for_is_in_its_policy():
    response = answer_through_middleware("{{ csp_nonce }} {{ csp_nonce }}")
    first, second = response.content.decode().split()
    assert first == second
    assert re.findall(r"'nonce-([^']+)'", response.headers[csp.HEADER]) == [first, first]


def test_each_request_has_a_nonce_of_its_own():
    answers = {answer_through_middleware("{{ csp_nonce }}").content for _ in range(3)}
    assert len(answers) == 3


def test_a_view_keeps_the_policy_it_set_itself():
    response = answer_through_middleware(headers={csp.HEADER: "default-src 'none'"})
    assert response.headers[csp.HEADER] == "default-src 'none'"
