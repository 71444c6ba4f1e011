from __future__ import annotations

import pytest

from assessments.actions.versions import draft_version, retire_version
from assessments.definition import Origin
from tests.assessments.admin.people import of_version
from tests.assessments.differences.rich import load, rich_data
from tests.assessments.factories import NOW, published, small, two_way_check_in

pytestmark = pytest.mark.django_db

MOVES = ("edit", "publish", "discard", "retire", "copy")


def test_a_version_shows_its_words_and_its_scoring(reader):
    version = published()
    page = reader.get(of_version(version)).text
    shown = [
        "I count on my partner for nearly all my emotional support.",
        "n1, n2, n3 (R), n4 (R)",
        "0 Never · 1 Rarely",
    ]
    assert [text in page for text in shown] == [True, True, True]
    assert [version.digest in page, two_way_check_in().notice["en"] in page] == [True, True]


def test_it_says_what_nobody_knows_of_its_scores(reader, version):
    page = reader.get(of_version(version))
    assert page.context["unknowns"]["sum"] == [
        "the error of measurement and a reliable change: no change category is computed",
        "a cut-off",
        "bands",
        "norms",
    ]
    assert "Nobody has said" in page.text


def test_it_says_which_key_scores_it(reader):
    page = reader.get(of_version(draft_version(load(rich_data()))))
    assert (page.context["key"].slug, "Scored by the key of <strong>PHQ-9</strong>" in page.text) == ("phq-9", True)


def test_it_says_where_it_came_from(reader):
    origin = Origin(
        standard="fhir", release="R4", url="http://a.example/q", version="2", publisher="A", copyright="© B"
    )
    page = reader.get(of_version(draft_version(small(origin=origin.model_dump(mode="json"))))).text
    assert ["FHIR R4" in page, "http://a.example/q|2" in page, "© B" in page] == [True, True, True]


@pytest.mark.parametrize(
    ("state", "offered"),
    [("draft", {"edit", "publish", "discard", "copy"}), ("published", {"retire", "copy"}), ("retired", {"copy"})],
)
def test_it_offers_an_author_what_can_be_done_and_nobody_else(author, reader, version, draft, state, offered):
    row = {"draft": draft, "published": version, "retired": None}[state] or retire_version(version, now=NOW)
    pages = [browser.get(of_version(row)).text for browser in (author, reader)]
    assert [{move for move in MOVES if of_version(row, move) in page} for page in pages] == [offered, set()]


def test_what_was_done_is_told_with_who(author, reader, version):
    author.post(of_version(version, "copy"), {"seen": version.digest, "current": ""})
    page = reader.get(of_version(version.instrument.versions.get(status="draft"))).text
    assert ["Copied from another version." in page, "author" in page] == [True, True]
    assert "nobody changed it here" in reader.get(of_version(version)).text
