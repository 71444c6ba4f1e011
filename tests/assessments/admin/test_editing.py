from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from assessments.actions.versions import edit_draft, publish_version
from assessments.drafting import laid_out
from assessments.models import Instrument, InstrumentVersion
from tests.assessments.admin.people import of_instrument, of_version
from tests.assessments.factories import NOW, small

pytestmark = pytest.mark.django_db

EDITED = laid_out(small(notice={"en": "Edited."}))
WRONG = EDITED.replace('"minimum": 1', '"minimum": 9')


def stored(version) -> InstrumentVersion:
    return InstrumentVersion.objects.get(pk=version.pk)


def post(author, draft, text, **button):
    return author.post(
        of_version(draft, "edit"), {"definition": text, "digest": draft.digest, **(button or {"save": 1})}
    )


def test_the_draft_is_shown_laid_out_with_the_digest_it_was_read_with(author, draft):
    page = author.get(of_version(draft, "edit"))
    assert (page.context["text"], page.context["digest"]) == (laid_out(draft.definition), draft.digest)
    assert page.context["checked"].faults == ()


def test_saving_a_text_without_faults_saves_it(author, draft):
    answer = post(author, draft, EDITED.replace("\n", "\r\n"))
    assert (answer.status_code, answer.url) == (302, of_version(draft, "edit"))
    assert stored(draft).definition == small(notice={"en": "Edited."})
    assert [(entry.user.username, entry.change_message) for entry in LogEntry.objects.all()] == [("author", "Edited.")]


def test_saving_what_is_there_already_leaves_no_entry(author, draft):
    post(author, draft, laid_out(draft.definition))
    assert LogEntry.objects.count() == 0


def test_a_text_with_faults_is_kept_on_the_page_and_not_saved(author, draft):
    page = post(author, draft, WRONG)
    (fault,) = page.context["checked"].faults
    assert (page.status_code, page.context["text"], fault.path) == (200, WRONG, "$.scales[0].minimum")
    assert f'data-line="{fault.line}"' in page.text
    assert stored(draft).digest == draft.digest


@pytest.mark.parametrize("text", ["", "no JSON at all <script>", "[" * 5000, '{"slug": "small"}', "\x00"])
def test_whatever_is_typed_comes_back_as_it_was(author, draft, text):
    page = post(author, draft, text)
    assert (page.status_code, page.context["text"], bool(page.context["checked"].faults)) == (200, text, True)


def test_the_check_button_checks_and_saves_nothing(author, draft):
    page = post(author, draft, EDITED, check=1)
    assert (page.status_code, page.context["text"], page.context["checked"].faults) == (200, EDITED, ())
    assert stored(draft).digest == draft.digest


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(author, draft):
    edit_draft(stored(draft), definition=small(notice={"en": "Theirs."}), digest=draft.digest)
    page = post(author, draft, EDITED)
    assert (page.status_code, page.context["text"]) == (409, EDITED)
    assert "moved on since you opened the page" in page.text
    assert stored(draft).definition == small(notice={"en": "Theirs."})


def test_what_was_published_meanwhile_is_not_changed_and_the_text_not_lost(author, draft):
    publish_version(stored(draft), now=NOW)
    page = post(author, draft, EDITED)
    assert (page.status_code, page.context["text"]) == (409, EDITED)
    assert (stored(draft).digest, LogEntry.objects.count()) == (draft.digest, 0)


def test_a_version_stays_one_of_its_questionnaire(author, draft):
    page = post(author, draft, laid_out(small(slug="other")))
    assert [fault.path for fault in page.context["checked"].faults] == ["$.slug"]


# --- Checking while writing ------------------------------------------------------------------------


def check(author, text, **more):
    return author.post(of_instrument("check"), {"definition": text, **more}).text


def test_a_text_is_checked_without_being_saved(author, db):
    assert "data-valid" in check(author, EDITED, slug="small")
    assert "data-valid" in check(author, EDITED)
    wrong = check(author, WRONG)
    assert ["data-valid" in wrong, "$.scales[0].minimum" in wrong] == [False, True]
    assert "$.slug" in check(author, EDITED, slug="other")
    assert Instrument.objects.count() == 0


def test_a_fault_s_words_cannot_become_markup(author, db):
    assert "<b>" not in check(author, EDITED.replace('"kind": "gate"', '"kind": "<b>"'))


def test_checking_is_posted(author, db):
    assert author.get(of_instrument("check")).status_code == 405


# --- Writing a new one -----------------------------------------------------------------------------


def test_a_new_one_begins_with_an_example_that_has_no_faults(author, db):
    page = author.get(of_instrument("add"))
    assert page.context["checked"].faults == ()


def test_a_new_one_is_kept_as_a_draft(author, db):
    answer = author.post(of_instrument("add"), {"definition": EDITED, "save": 1})
    version = InstrumentVersion.objects.get()
    assert (answer.url, version.status, version.number) == (of_version(version, "edit"), "draft", 1)
    assert [entry.change_message for entry in LogEntry.objects.all()] == ["Written."]


def test_a_new_one_takes_nobody_s_name(author, version):
    page = author.post(of_instrument("add"), {"definition": EDITED, "save": 1})
    assert (page.status_code, page.context["text"], "There is a questionnaire of that name" in page.text) == (
        409,
        EDITED,
        True,
    )
    assert InstrumentVersion.objects.count() == 1


def test_a_new_one_with_faults_or_only_checked_is_not_kept(author, db):
    for posted in ({"definition": WRONG, "save": 1}, {"definition": EDITED, "check": 1}):
        page = author.post(of_instrument("add"), posted)
        assert (page.status_code, page.context["text"]) == (200, posted["definition"])
    assert Instrument.objects.count() == 0
