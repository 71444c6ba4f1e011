from __future__ import annotations

from assessments.forms import preview_forms
from tests.assessments.browser import posted
from tests.assessments.factories import every_kind, full_answers, small, two_way_check_in


def asked(forms) -> list[list[str]]:
    return [list(form.fields) for form in forms]


def test_every_question_is_shown_whatever_it_depends_on():
    assert asked(preview_forms(small(), "en")) == [["a", "gate"], ["b", "note"]]


def test_with_answers_it_is_what_that_person_sees():
    assert asked(preview_forms(small(), "en", answers={})) == [["a", "gate"]]
    pages = list(preview_forms(small(), "en", answers={"a": 2, "gate": 1, "b": 3}))
    assert asked(pages) == [["a", "gate"], ["b", "note"]]
    assert 'value="3" checked' in str(pages[1])


def test_all_pages_can_be_sent_at_once():
    shown = "".join(map(str, preview_forms(two_way_check_in(), "es", answers=full_answers())))
    forms = list(preview_forms(two_way_check_in(), "es", data=posted(shown)))
    assert all(form.is_valid() for form in forms)
    assert {name: value for form in forms for name, value in form.answers.items()} == full_answers()


def test_a_page_of_words_only_is_shown_too():
    assert [form.title for form in preview_forms(every_kind(), "en")] == ["Choices", "Numbers", "Every kind"]
    assert '<h4 class="group">Counts</h4>' in "".join(map(str, preview_forms(every_kind(), "en")))


def test_it_speaks_of_whom_it_is_asked_about():
    assert "My mother and I" in str(next(preview_forms(small(), "en", role="mother")))
