from __future__ import annotations

from base64 import b64encode

import pytest

from tests.factories import SessionFactory

pytestmark = pytest.mark.django_db
SESSIONS = "/api/v1/sessions/"


def walk(api, address):
    """The ids of every page from here on, page by page."""
    pages = []
    while address:
        answer = api.get(address).json()
        pages.append([one["id"] for one in answer["results"]])
        address = answer["next"]
    return pages


def test_pages_follow_each_other_newest_first_without_gap_or_repeat(api, work):
    keys = [str(SessionFactory(case=work.case).pk) for _ in range(6)][::-1]
    pages = walk(api, f"{SESSIONS}?page_size=3")
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sum(pages, []) == [*keys, str(work.session.pk)]  # noqa: RUF017 - three short lists


def test_a_row_that_comes_in_meanwhile_moves_no_page(api, work):
    for _ in range(3):
        SessionFactory(case=work.case)
    whole = sum(walk(api, f"{SESSIONS}?page_size=2"), [])  # noqa: RUF017
    first = api.get(f"{SESSIONS}?page_size=2").json()
    SessionFactory(case=work.case)
    assert [one["id"] for one in first["results"]] + sum(walk(api, first["next"]), []) == whole  # noqa: RUF017


def test_a_page_can_be_walked_back(api, work):
    for _ in range(3):
        SessionFactory(case=work.case)
    first = api.get(f"{SESSIONS}?page_size=2").json()
    second = api.get(first["next"]).json()
    assert api.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize("cursor", ["garbage", "é", b64encode(b"p=garbage").decode(), b64encode(b"o=-1").decode()])
def test_a_cursor_nobody_gave_out_leads_nowhere(cursor, api):
    answer = api.get(SESSIONS, {"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(("asked", "given"), [("0", 2), ("-1", 2), ("x", 2), ("1", 1), ("100000", 2)])
def test_a_page_has_a_sane_size(asked, given, api, work):
    SessionFactory(case=work.case)
    assert len(api.get(SESSIONS, {"page_size": asked}).json()["results"]) == given
