from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from assessments.actions.versions import draft_version, edit_draft, publish_version
from assessments.models import Instrument, InstrumentVersion
from tests.assessments.admin.people import of_instrument, of_version
from tests.assessments.factories import NOW, small

pytestmark = pytest.mark.django_db


def states() -> list[tuple[int, str]]:
    return list(InstrumentVersion.objects.order_by("number").values_list("number", "status"))


def noted() -> list[tuple[str, str, str]]:
    entries = LogEntry.objects.values_list("object_id", "user__username", "change_message")
    return [tuple(entry) for entry in entries.order_by("pk")]


def post(author, version, move, **changes):
    """Press the button of the page as it is shown now."""
    page = author.get(of_version(version, move))
    current = page.context["current"]
    shown = {"seen": page.context["version"].digest, "current": str(current.pk) if current else ""}
    return author.post(of_version(version, move), {**shown, **changes})


def test_publishing_shows_what_changes_and_takes_over(author, version, draft):
    page = author.get(of_version(draft, "publish"))
    assert [str(each) for each in page.context["differences"]] == [
        "Questionnaire: period asked about (en): Today. → Yesterday."
    ]
    answer = post(author, draft, "publish")
    assert (answer.url, states()) == (of_version(draft), [(1, "retired"), (2, "published")])
    assert noted() == [(str(draft.pk), "author", "Published.")]


def test_the_first_version_is_published_without_a_comparison(author, db):
    draft = draft_version(small())
    assert "the first version to be published" in author.get(of_version(draft, "publish")).text
    post(author, draft, "publish")
    assert states() == [(1, "published")]


def test_a_version_is_retired(author, version):
    assert post(author, version, "retire").url == of_version(version)
    assert (states(), noted()) == ([(1, "retired")], [(str(version.pk), "author", "Retired.")])


def test_a_draft_is_discarded_and_its_entry_stays(author, version, draft):
    assert post(author, draft, "discard").url == of_instrument("change", version.instrument_id)
    assert (states(), noted()) == ([(1, "published")], [(str(draft.pk), "author", "Discarded.")])


def test_with_its_only_draft_the_questionnaire_goes(author, db):
    assert post(author, draft_version(small()), "discard").url == of_instrument("changelist")
    assert Instrument.objects.count() == 0


def test_a_copy_is_opened_to_be_edited(author, version):
    answer = post(author, version, "copy")
    copy = InstrumentVersion.objects.get(status="draft")
    assert (answer.url, copy.definition, copy.number) == (of_version(copy, "edit"), version.definition, 2)


@pytest.mark.parametrize("move", ["publish", "discard"])
def test_a_draft_that_was_edited_after_the_page_was_shown_stays(author, draft, move):
    seen = draft.digest
    edit_draft(draft, definition=small(notice={"en": "Other."}), digest=draft.digest)
    answer = post(author, draft, move, seen=seen)
    assert "moved on since" in author.get(answer.url).text
    assert (states(), noted()) == ([(1, "published"), (2, "draft")], [])


def test_publishing_against_another_version_than_was_shown_is_refused(author, version, draft):
    shown = {"seen": draft.digest, "current": str(version.pk)}
    publish_version(draft_version(small(notice={"en": "Other."})), now=NOW)
    author.post(of_version(draft, "publish"), shown)
    assert states() == [(1, "retired"), (2, "draft"), (3, "published")]


@pytest.mark.parametrize(("move", "state"), [("publish", "published"), ("discard", "published"), ("retire", "draft")])
def test_a_move_from_where_it_does_not_lead_changes_nothing(author, version, draft, move, state):
    row = {"published": version, "draft": draft}[state]
    current = "" if state == "published" else str(version.pk)
    answer = author.post(of_version(row, move), {"seen": row.digest, "current": current})
    assert answer.url == of_version(row)
    assert (states(), noted()) == ([(1, "published"), (2, "draft")], [])


def test_what_was_posted_twice_happens_once(author, draft):
    shown = {"seen": draft.digest, "current": str(draft.instrument.versions.published().get().pk)}
    for _ in range(2):
        author.post(of_version(draft, "publish"), shown)
    assert (states(), len(noted())) == ([(1, "retired"), (2, "published")], 1)


def test_publishing_tells_what_is_worth_a_second_look(author, db):
    draft = draft_version(small())
    assert "where an answer can raise an alert, beside other questions" in author.get(of_version(draft, "publish")).text
    assert "second look" not in author.get(of_version(draft, "discard")).text
    post(author, draft, "publish")
    assert states() == [(1, "published")]
