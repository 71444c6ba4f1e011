"""Every address: who may open it, what the others get, and that looking changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, reverse

from assessments.actions.versions import draft_version
from assessments.models import InstrumentVersion
from tests.assessments.admin.people import AUTHOR, browser_of, of_instrument, of_version
from tests.assessments.factories import draft_response, published, small

pytestmark = pytest.mark.django_db

READING = {
    "assessments_instrument_changelist",
    "assessments_instrument_change",
    "assessments_instrumentversion_change",
    "assessments_instrumentversion_preview",
    "assessments_instrumentversion_form",
    "assessments_instrumentversion_try",
    "assessments_instrumentversion_compare",
    "assessments_instrumentversion_download",
}
AUTHORING = {
    "assessments_instrument_add",
    "assessments_instrument_upload",
    "assessments_instrument_check",
    "assessments_instrument_form",
    "assessments_instrumentversion_edit",
    "assessments_instrumentversion_publish",
    "assessments_instrumentversion_retire",
    "assessments_instrumentversion_discard",
    "assessments_instrumentversion_copy",
}
POSTED_ONLY = {"assessments_instrument_check", "assessments_instrument_form"}


def names_in(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names_in(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


def test_the_tables_above_name_every_address_of_the_app():
    addresses = {name for name in names_in(admin.site.get_urls()) if name.startswith("assessments_")}
    assert addresses == READING | AUTHORING


@pytest.fixture
def addresses(version, draft) -> dict[str, str]:
    """Every address, of the published version where it takes one and of the draft where it must be one."""
    of_instruments = {name: name.rpartition("_")[2] for name in READING | AUTHORING if "_instrument_" in name}
    found = {name: of_instrument(page) for name, page in of_instruments.items() if page != "change"}
    found["assessments_instrument_change"] = of_instrument("change", version.instrument_id)
    for name in (READING | AUTHORING) - of_instruments.keys():
        page = name.rpartition("_")[2]
        row = draft if page in {"edit", "publish", "discard"} else version
        found[name] = of_version(row, page, *(["json"] if page == "download" else []))
    return found


def test_staff_open_what_is_to_read_and_authors_everything(addresses, reader, author):
    for name, url in addresses.items():
        if name not in POSTED_ONLY:
            assert author.get(url).status_code == 200, name
            assert reader.get(url).status_code == (200 if name in READING else 404), name


def test_who_may_not_author_finds_no_such_page_to_post_to_either(addresses, reader, draft):
    for name in AUTHORING:
        posted = {"definition": draft.definition_json, "digest": draft.digest, "seen": draft.digest, "current": ""}
        assert reader.post(addresses[name], posted).status_code == 404, name
    assert list(InstrumentVersion.objects.values_list("status", flat=True)) == ["draft", "published"]


@pytest.mark.parametrize("facts", [None, {"is_staff": False}, {"is_active": False}])
def test_others_are_sent_to_sign_in(addresses, facts):
    browser = Browser() if facts is None else browser_of(AUTHOR, **facts)
    for name, url in addresses.items():
        for answer in (browser.get(url), browser.post(url)):
            assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("admin:login")), name


def test_looking_changes_nothing(addresses, author):
    before = list(InstrumentVersion.objects.order_by("pk").values())
    for url in addresses.values():
        author.get(url)
    assert list(InstrumentVersion.objects.order_by("pk").values()) == before
    assert LogEntry.objects.count() == 0


def test_nothing_is_posted_without_a_token(addresses, author):
    guarded = Browser(enforce_csrf_checks=True)
    guarded.cookies = author.cookies
    for name in AUTHORING | {"assessments_instrumentversion_try"}:
        assert guarded.post(addresses[name], {"seen": ""}).status_code == 403, name


@pytest.mark.parametrize("path", ["history/", "delete/", "change/"])
def test_what_django_would_offer_beyond_them_does_not_exist(version, author, path):
    assert author.get(of_version(version) + path).status_code == 404
    assert author.get(of_instrument("change", version.instrument_id) + path).status_code == 404


def test_a_version_that_is_not_there_is_not_found(author, version):
    unknown = of_version(version).replace(str(version.pk), "019a0000-0000-7000-8000-000000000000")
    pages = ["", "edit/", "preview/", "form/", "try/", "compare/", "publish/", "download/json/"]
    assert {author.get(unknown + page).status_code for page in pages} == {404}


def test_moves_are_offered_only_from_where_they_lead_on(author, version, draft):
    impossible = [(version, "publish"), (version, "discard"), (version, "edit"), (draft, "retire")]
    assert [author.get(of_version(row, page)).status_code for row, page in impossible] == [404] * 4


def test_each_page_takes_as_many_queries_for_three_rows_as_for_one(addresses, author, version, draft):
    def queries() -> dict[str, int]:
        taken = {}
        for name in READING:
            author.get(addresses[name])
            with CaptureQueriesContext(connection) as captured:
                author.get(addresses[name])
            taken[name] = len(captured)
        return taken

    with_one = queries()
    for number in range(2):
        published(small(slug=f"other-{number}"))
        draft_version(small(slug=f"other-{number}"))
        draft_version(small(notice={"en": f"Notice {number}"}))
        draft_response(version)
    assert queries() == with_one


def test_each_page_takes_few_queries(addresses, author, django_assert_max_num_queries):
    for url in addresses.values():
        with django_assert_max_num_queries(12):
            author.get(url)
