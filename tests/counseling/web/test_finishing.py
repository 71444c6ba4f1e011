from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest

from assessments.models import Response, Score
from counseling.models import AuditEvent, FollowUp
from counseling.web.summary import summarize
from tests.assessments.factories import draft_response, published, small
from tests.counseling.web.visitor import Visitor

pytestmark = pytest.mark.django_db

EVALUATION = "counseling.evaluate_after_submit"


@pytest.fixture
def checking(visitor: Visitor) -> Visitor:
    """On the check page, everything answered."""
    visitor.start()
    visitor.skip_to("check/", n1=4, n2=None)
    return visitor


def lines(visitor: Visitor) -> dict[str, str]:
    return {line.question: line.answer for section in visitor.page.context["sections"] for line in section.lines}


# --- Check ---------------------------------------------------------------------------------------


def test_the_check_page_shows_every_answer_in_the_words_it_was_chosen_by(checking):
    shown = lines(checking)
    assert len(shown) == 48
    assert shown["An ordinary day feels unmanageable when my partner is away."] == "Almost always"
    assert shown["I count on my partner for nearly all my emotional support."] == "Does not apply / prefer not to say"
    assert shown["Who is putting more in just now?"] == "Both about equally"


def test_a_text_is_shown_as_it_was_written_and_an_optional_one_left_out_is_not_missing(follow_up):
    version = published(small())
    follow_up.version, follow_up.response = version, draft_response(version)
    shown = {}
    for note in ("<b>Yes</b>", ""):
        follow_up.response.answers = {"a": 1, "gate": 1, "b": 2, "note": note}
        line = summarize(follow_up, follow_up.response)[1].lines[1]
        shown[line.answer] = line.is_missing
    assert shown == {"<b>Yes</b>": False, "": False}


def test_private_answers_and_questions_are_not_shown_there(checking):
    assert "For your privacy, these answers are not shown here." in checking.page.text
    assert "hurt or forced" not in checking.page.text


def test_change_leads_to_the_part_and_continue_back_to_the_check_page(checking):
    section = checking.page.context["sections"][1]
    checking.visit(section.address)
    assert list(checking.page.context["form"].fields) == ["e1", "e2", "e3", "e4"]
    page = checking.fill({"e1": 0})
    assert lines(checking)["When my partner has a bad day, I lose track of how I was feeling."] == "Never"
    assert page.context["missing"] == []


def test_back_from_a_change_leads_to_the_check_page_too(checking):
    checking.visit(checking.page.context["sections"][1].address)
    assert "sections" in checking.fill(go="back").context


def test_a_change_that_opens_questions_asks_them_before_returning(visitor):
    visitor.start()
    visitor.skip_to("check/", limit=0, partner_limit=0)
    limits = next(s for s in visitor.page.context["sections"] if s.heading == "Limits")
    visitor.visit(limits.address)
    page = visitor.fill({"limit": 1, "partner_limit": 0})
    assert list(page.context["form"].fields) == ["p1", "p2", "p3"]
    assert "sections" in visitor.fill().context


def test_what_is_missing_is_linked_and_the_private_part_not_quoted(visitor):
    visitor.start()
    page = visitor.visit(visitor.below("check/"))
    assert len(page.context["missing"]) == 42
    assert "#id_n1" in page.context["missing"][0][1].address
    assert "hurt or forced" not in page.text
    assert 'role="alert"' not in page.text


def test_the_check_pages_language_can_be_changed(checking):
    page = checking.press({"language": "es"})
    assert page["Content-Language"] == "es"
    assert "Casi siempre" in lines(checking).values()


def test_before_starting_there_is_nothing_to_check(visitor):
    visitor.open()
    page = visitor.visit(visitor.below("check/"))
    assert "go_on_address" in page.context


# --- Send ----------------------------------------------------------------------------------------


def test_sending_ends_in_a_receipt_without_answers(checking, follow_up):
    page = checking.press()
    assert (page.status_code, checking.address.endswith("/done/")) == (200, True)
    assert "Your answers have arrived" in page.text
    assert "March 3, 2026, 11 a.m." in page.text  # in the client's own time zone
    assert "Almost always" not in page.text
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.response.status) == ("completed", "submitted")
    assert Score.objects.filter(response=follow_up.response).count() == 11


def test_sending_twice_gives_the_same_receipt_and_one_response(checking):
    address = checking.address
    first = checking.press()
    checking.address = address
    second = checking.press()
    assert second.content == first.content
    assert (Response.objects.count(), Score.objects.count()) == (1, 11)
    assert AuditEvent.objects.filter(action="follow_up.completed").count() == 1


def test_sending_too_early_names_what_is_missing_and_sends_nothing(visitor, follow_up):
    visitor.start()
    visitor.visit(visitor.below("check/"))
    page = visitor.press()
    assert (page.status_code, len(page.context["missing"])) == (200, 42)
    assert 'role="alert"' in page.text
    follow_up.refresh_from_db()
    assert (follow_up.status, Response.objects.get().status) == ("opened", "draft")


def test_after_sending_no_page_shows_an_answer(checking):
    checking.press()
    for end in ("", "1/", "12/", "check/"):
        page = checking.visit(checking.below(end))
        assert checking.address == checking.below("done/")
        assert "Almost always" not in page.text


def test_the_receipt_outlives_the_time_to_answer(checking, clock):
    first = checking.press()
    clock.shift(timedelta(days=30))
    assert checking.visit(checking.address).content == first.content


def test_expired_while_on_the_check_page_sends_nothing(checking, follow_up, clock):
    clock.move_to(follow_up.expires_at)
    assert checking.press().status_code == 404
    assert Response.objects.get().status == "draft"


def test_before_sending_there_is_no_receipt(visitor):
    visitor.start()
    visitor.visit(visitor.below("done/"))
    assert "go_on_address" in visitor.page.context


def test_two_partners_answer_apart(couple, clock):
    for number, follow_up in enumerate(couple):
        visitor = Visitor(follow_up)
        visitor.start()
        visitor.skip_to("check/", n1=number)
        visitor.press()
    answers = [FollowUp.objects.get(pk=follow_up.pk).response.answers["n1"] for follow_up in couple]
    assert answers == [0, 1]


def test_looking_takes_one_query(checking, django_assert_num_queries):
    with django_assert_num_queries(1):
        checking.browser.get(checking.address)
    checking.press()
    with django_assert_num_queries(1):
        checking.browser.get(checking.below("done/"))


def test_sending_takes_thirteen_queries_with_scores_patterns_and_audit(couple, clock, django_assert_num_queries):
    """The couple's second wave, as nearly all are; the first of a clinic adopts its thresholds besides."""
    for follow_up, first in zip(couple, (True, False), strict=True):
        visitor = Visitor(follow_up)
        visitor.start()
        visitor.skip_to("check/")
        with django_assert_num_queries(13 + 2) if not first else nullcontext():
            # cookie; follow-up; answers (2); scores; case; history (2); findings; ledger; audit chain (3);
            # and the savepoint that the test makes of the transaction (2)
            visitor.browser.post(visitor.address)
