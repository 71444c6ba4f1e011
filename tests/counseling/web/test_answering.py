from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from assessments.models import Response
from counseling.actions.answering import submit_follow_up
from counseling.exceptions import StaleState
from counseling.models import Finding, FollowUp
from tests.assessments.factories import full_answers, published, small, small_data
from tests.counseling.web.visitor import Visitor

pytestmark = pytest.mark.django_db

FIRST_PART = ["n1", "n2", "n3", "n4"]


def held(page: Any, item: str) -> tuple[str, ...]:
    """What the inputs of a question on the screen hold."""
    return page.context["form"][item].value().values


def stored() -> dict[str, object]:
    return Response.objects.get().answers


# --- Page by page --------------------------------------------------------------------------------


def test_the_whole_form_page_by_page(visitor):
    visitor.start()
    seen = [list(visitor.page.context["form"].fields)]
    while "form" in visitor.fill().context:
        seen.append(list(visitor.page.context["form"].fields))
    assert [len(part) for part in seen] == [4, 4, 4, 4, 5, 4, 5, 5, 2, 6, 2, 3]
    assert "Your answers have arrived" in visitor.press().text
    assert stored() == full_answers()


def test_each_page_asks_one_block_and_says_how_far_it_is(visitor):
    page = visitor.start()
    assert list(page.context["form"].fields) == FIRST_PART
    assert "Part 1 of 11" in page.text
    page = visitor.fill()
    assert list(page.context["form"].fields) == ["e1", "e2", "e3", "e4"]
    assert "Part 2 of 11" in page.text


def test_questions_speak_of_the_other_person_in_the_clients_words(visitor):
    visitor.follow_up.other_role = "mother"
    visitor.follow_up.save()
    assert "when my mother is away" in visitor.start().text


def test_every_page_is_saved_on_the_server(visitor):
    visitor.start()
    visitor.fill({"n2": 4, "n3": None})
    assert stored() == {"n1": 2, "n2": 4, "n3": None, "n4": 2}


def test_a_limit_that_was_set_opens_the_page_about_it_and_only_its_own_questions(visitor):
    visitor.start()
    visitor.visit(visitor.below("9/"))
    page = visitor.fill({"limit": 1, "partner_limit": 0})
    assert list(page.context["form"].fields) == ["p1", "p2", "p3"]
    assert "Part 10 of 12" in page.text


def test_without_a_limit_that_page_is_not_there(visitor):
    visitor.start()
    visitor.visit(visitor.below("9/"))
    page = visitor.fill({"limit": 2, "partner_limit": 0})
    assert list(page.context["form"].fields) == ["alone", "visible"]
    page = visitor.visit(visitor.below("10/"))
    assert list(page.context["form"].fields) == FIRST_PART  # where the first answer is missing


@pytest.mark.parametrize("number", [0, 99])
def test_a_part_that_does_not_exist_leads_to_the_one_to_go_on_with(visitor, number):
    visitor.start()
    visitor.fill()
    visitor.visit(visitor.below(f"{number}/"))
    assert list(visitor.page.context["form"].fields) == ["e1", "e2", "e3", "e4"]


def test_before_starting_a_part_leads_to_the_introduction(visitor):
    visitor.open()
    page = visitor.visit(visitor.below("3/"))
    assert page.context["go_on_address"] == ""


# --- What is missing -----------------------------------------------------------------------------


def test_what_is_missing_is_named_and_what_was_chosen_is_kept_and_saved(visitor):
    visitor.start()
    page = visitor.press({"revision": 0, "n1": 3, "n4": "declined"})
    assert page.status_code == 200
    assert sorted(page.context["form"].errors) == ["n2", "n3"]
    assert '<a href="#id_n2_0">' in page.text
    assert "<title> Something is missing: Part 1 of 11 </title>" in " ".join(page.text.split())
    assert stored() == {"n1": 3, "n4": None}
    visitor.fill()
    assert sorted(stored()) == FIRST_PART


@pytest.mark.parametrize("answer", ["7", "-1", "x", "<script>", "1.5"])
def test_an_answer_that_was_not_offered_is_refused(visitor, answer):
    visitor.start()
    page = visitor.press({"revision": 0, "n1": answer, "n2": 1, "n3": 1, "n4": 1})
    assert list(page.context["form"].errors) == ["n1"]
    assert sorted(stored()) == ["n2", "n3", "n4"]


def test_answers_to_other_pages_are_not_taken_from_this_one(visitor):
    visitor.start()
    visitor.fill(None, e1=4, fear=4)
    assert sorted(stored()) == FIRST_PART


# --- Back, and other windows ---------------------------------------------------------------------


def test_back_loses_nothing(visitor):
    visitor.start()
    visitor.fill({"n1": 4})
    page = visitor.press({"revision": 1, "e1": 3, "go": "back"})
    assert page.context["part"].position == 1
    assert held(page, "n1") == ("4",)
    page = visitor.fill({"n1": 4})
    assert held(page, "e1") == ("3",)


def test_back_from_the_first_part_leads_to_the_introduction(visitor):
    visitor.start()
    page = visitor.fill(go="back")
    assert "go_on_address" in page.context


def test_another_device_sees_the_same_draft(visitor):
    visitor.start()
    visitor.fill({"n1": 4})
    elsewhere = Visitor(visitor.follow_up)
    elsewhere.open()
    page = elsewhere.visit(elsewhere.below("1/"))
    assert held(page, "n1") == ("4",)


def test_two_windows_overwrite_nothing_unseen_and_lose_nothing(visitor):
    visitor.start()
    other = Visitor(visitor.follow_up)
    other.open()
    other.visit(visitor.address)
    visitor.fill({"n1": 0})
    page = other.fill({"n1": 4})
    assert page.status_code == 409
    assert "You also answered in another window" in page.text
    assert (stored()["n1"], held(page, "n1")) == (0, ("4",))
    other.fill({"n1": 4})
    assert stored()["n1"] == 4


def test_the_same_page_sent_twice_is_no_conflict(visitor):
    visitor.start()
    address, page = visitor.address, visitor.page
    visitor.fill()
    visitor.address, visitor.page = address, page
    assert visitor.fill().context["part"].position == 2


@pytest.mark.parametrize("revision", ["", "x", "-1", "9", "9" * 5000])
def test_a_page_that_does_not_say_what_it_was_shown_with_overwrites_nothing(visitor, revision):
    visitor.start()
    visitor.fill()
    page = visitor.press({"revision": revision, "e1": 1, "e2": 1, "e3": 1, "e4": 1})
    assert (page.status_code, sorted(stored())) == (409, FIRST_PART)


def test_a_window_left_open_after_sending_leads_to_the_receipt(visitor):
    visitor.start()
    late = Visitor(visitor.follow_up)
    late.open()
    late.visit(visitor.address)
    visitor.skip_to("check/")
    visitor.press()
    page = late.fill({"n1": 4})
    assert late.address == visitor.address
    assert "Your answers have arrived" in page.text
    assert stored()["n1"] == 2


def test_sent_in_another_window_while_this_page_was_being_saved(visitor, monkeypatch):
    visitor.start()

    def save_too_late(follow_up, *_, **__):
        Visitor(follow_up).skip_to("check/")
        submit_follow_up(FollowUp.objects.get(pk=follow_up.pk), now=timezone.now())
        raise StaleState

    monkeypatch.setattr("counseling.web.answering.save_block", save_too_late)
    assert "Your answers have arrived" in visitor.fill().text


# --- Language ------------------------------------------------------------------------------------


def test_changing_the_language_keeps_the_page_and_what_it_holds(visitor):
    visitor.start()
    page = visitor.press({"revision": 0, "n1": 3, "language": "es"})
    assert (page["Content-Language"], page.context["form"].title) == ("es", "El día a día")
    assert held(page, "n1") == ("3",)
    assert "mi pareja" in page.text
    page = Visitor(visitor.follow_up).open()
    assert page["Content-Language"] == "es"


def test_enter_means_continue_not_another_language(visitor):
    page = visitor.start()
    first = page.text.index('<button form="answers" hidden')
    assert first < page.text.index('name="language"')


# --- Private pages -------------------------------------------------------------------------------


SAFETY = {"fear": 3, "hurt": None, "contact": 1}


@pytest.fixture
def private(visitor: Visitor) -> Visitor:
    """On the private page again, after it was saved."""
    visitor.start_at("12/")
    visitor.fill(SAFETY)
    visitor.visit(visitor.below("12/"))
    return visitor


def shown(visitor: Visitor) -> dict[str, tuple[str, ...]]:
    return {name: held(visitor.page, name) for name in visitor.page.context["form"].fields}


def test_the_private_part_says_to_answer_privately(visitor):
    assert "Answer privately" in visitor.start_at("12/").text


def test_a_private_page_opens_blank_on_every_device(private):
    elsewhere = Visitor(private.follow_up)
    elsewhere.open()
    for visitor in (private, elsewhere):
        page = visitor.visit(visitor.below("12/"))
        assert shown(visitor) == dict.fromkeys(SAFETY, ())
        assert "checked" not in page.text
        assert "is not shown here again" in " ".join(page.text.split())


def test_other_pages_say_nothing_about_being_blank(visitor):
    assert "is not shown here again" not in visitor.start().text


def test_a_private_page_left_open_keeps_what_was_saved(private):
    private.save()
    assert (private.address, stored()) == (private.below("check/"), SAFETY)


def test_a_new_choice_on_a_private_page_replaces_that_answer_only(private):
    private.save(fear=0)
    assert stored() == {**SAFETY, "fear": 0}


def test_back_and_another_language_keep_it_and_show_it_no_more(private):
    private.save(fear=1, language="es")
    assert (private.page["Content-Language"], shown(private)) == ("es", dict.fromkeys(SAFETY, ()))
    private.save(go="back")
    assert stored() == {**SAFETY, "fear": 1}


def test_half_a_private_page_asks_for_the_rest_and_shows_only_what_was_just_chosen(visitor):
    visitor.start_at("12/")
    visitor.save(fear=3, go="back")
    visitor.visit(visitor.below("12/"))
    page = visitor.save(hurt=0)
    assert sorted(page.context["form"].errors) == ["contact"]
    assert shown(visitor) == {"fear": (), "hurt": ("0",), "contact": ()}
    visitor.save(contact=0)
    assert stored() == {"fear": 3, "hurt": 0, "contact": 0}


def test_guessing_a_private_answer_looks_the_same_right_or_wrong(private):
    statuses = [private.browser.post(private.address, {"revision": "-1", "fear": fear}).status_code for fear in (3, 2)]
    assert statuses == [302, 302]


def test_a_text_on_a_private_page_is_kept_too(visitor):
    first, second = small_data()["blocks"]
    visitor.follow_up.version = published(small(blocks=[first, {**second, "private": True}]))
    visitor.follow_up.save()
    visitor.start()
    visitor.save(a=1, gate=1)
    visitor.save(b=2, note="Yes")
    visitor.visit(visitor.below("2/"))
    assert shown(visitor) == {"b": (), "note": ()}
    visitor.save()
    assert stored() == {"a": 1, "gate": 1, "b": 2, "note": "Yes"}


def test_a_page_with_an_answer_that_raises_an_alert_is_private_too(visitor):
    """As on an imported form, whose author knew nothing of private pages: whoever holds the link must not read it."""
    visitor.follow_up.version = published(small())
    visitor.follow_up.save()
    visitor.start()
    visitor.save(a=3, gate=0)
    visitor.visit(visitor.below("check/"))
    assert "Option 3" not in visitor.page.text
    visitor.visit(visitor.below("1/"))
    assert shown(visitor) == {"a": (), "gate": ()}


def test_a_question_about_risk_that_is_sent_without_an_answer_is_a_soft_signal_from_then_on(visitor):
    """As on an imported form, where it may not be declined and need not be answered."""
    [first, second] = small_data()["blocks"]
    first["items"][0].update(required=False, declinable=False)
    visitor.follow_up.version = published(small(blocks=[first, second]))
    visitor.follow_up.save()
    visitor.start()
    visitor.save(gate=0)
    assert not Finding.objects.exists()
    visitor.visit(visitor.below("check/"))
    visitor.press()
    finding = Finding.objects.get()
    assert (finding.pattern, finding.strength) == ("safety", "signal")
    assert [row["kind"] for row in finding.evidence["items"]] == ["left_open"]


# --- Cost ----------------------------------------------------------------------------------------


def test_it_takes_few_queries(visitor, django_assert_num_queries):
    visitor.start()
    with django_assert_num_queries(1):
        page = visitor.browser.get(visitor.address)
    sent = {"revision": page.context["revision"], "n1": 1, "n2": 1, "n3": 1, "n4": 1}
    with django_assert_num_queries(7):  # cookie; two savepoints (4); lock; save
        visitor.browser.post(visitor.address, sent)
