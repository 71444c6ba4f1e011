from __future__ import annotations

import pytest

from assessments.actions.responses import save_answers, submit_response
from assessments.models import Instrument
from tests.assessments.admin.people import of_instrument, of_version
from tests.assessments.factories import NOW, draft_response, published, small

pytestmark = pytest.mark.django_db


def answered(version) -> None:
    response = draft_response(version)
    save_answers(response, answers={"a": 1, "gate": 0}, revision=0, now=NOW)
    submit_response(response, now=NOW)


def test_the_list_shows_what_is_asked_now_the_drafts_and_how_often_it_was_answered(reader, version, draft):
    answered(version)
    draft_response(version)
    html = reader.get(of_instrument("changelist")).text
    assert [of_version(version) in html, of_version(draft) in html, "Small" in html] == [True, True, True]
    assert reader.get(of_instrument("changelist")).context["instruments"][0].current[0].answered == 1


def test_an_empty_list_says_where_questionnaires_come_from(reader, db):
    assert "There is no questionnaire yet" in reader.get(of_instrument("changelist")).text


def test_only_authors_are_offered_to_add(reader, author, version):
    pages = [browser.get(of_instrument("changelist")).text for browser in (reader, author)]
    assert [of_instrument("upload") in page for page in pages] == [False, True]
    assert [of_instrument("add") in page for page in pages] == [False, True]


def test_a_questionnaire_s_page_lists_its_versions_the_newest_first(reader, version, draft):
    answered(version)
    published(small(slug="other"))
    page = reader.get(of_instrument("change", Instrument.objects.get(slug="small").pk))
    assert [(each.number, each.status, each.answered) for each in page.context["versions"]] == [
        (2, "draft", 0),
        (1, "published", 1),
    ]
