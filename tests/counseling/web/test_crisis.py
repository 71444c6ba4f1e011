from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.web import crisis
from tests.assessments.factories import published, small
from tests.counseling.web.visitor import Visitor

pytestmark = pytest.mark.django_db

HELP = "555-0100"


@pytest.fixture
def private(visitor: Visitor) -> Visitor:
    """On the private page, everything answered and nothing to worry about."""
    visitor.start()
    visitor.skip_to("12/")
    return visitor


def elsewhere(visitor: Visitor) -> Visitor:
    """Another browser that has the link and nothing else."""
    other = Visitor(visitor.follow_up)
    other.open()
    return other


def pages_with_help(visitor: Visitor) -> list[str]:
    ends = ("", "1/", "12/", "check/", "done/")
    return [end for end in ends if HELP in visitor.visit(visitor.below(end)).text]


# --- At once -------------------------------------------------------------------------------------


def test_help_is_shown_at_once_without_naming_the_answer(private):
    assert HELP not in private.page.text
    page = private.fill({"fear": 1})
    assert "If you need help now" in page.text
    assert HELP in page.text
    assert "afraid" not in page.text


def test_the_address_of_the_page_that_shows_it_tells_nothing(private):
    private.fill({"fear": 1})
    assert private.address == private.below("check/")


def test_help_is_shown_also_when_the_page_is_not_complete(visitor):
    visitor.start_at("12/")
    page = visitor.save(hurt=1)
    assert sorted(page.context["form"].errors) == ["contact", "fear"]
    assert HELP in page.text


@pytest.mark.parametrize("button", [{"go": "back"}, {"language": "es"}])
def test_help_is_shown_whichever_button_was_pressed(private, button):
    assert HELP in private.fill({"fear": 1}, **button).text


def test_help_is_shown_on_the_introduction_to_whom_back_leads_there(visitor):
    visitor.follow_up.version = published(small())
    visitor.follow_up.save()
    visitor.start()
    page = visitor.save(a=3, go="back")
    assert "go_on_address" in page.context
    assert HELP in page.text


@pytest.mark.parametrize("answers", [{}, {"fear": None}, {"contact": 1}])
def test_help_is_not_pressed_on_people_who_did_not_say_so(private, answers):
    assert HELP not in private.fill(answers).text
    assert crisis.NAME not in private.browser.cookies


def test_a_clinic_without_resources_of_its_own_still_shows_where_to_turn(private):
    private.follow_up.clinic.crisis_text = ""
    private.follow_up.clinic.save()
    assert "call the emergency services" in private.fill({"hurt": 2}).text


# --- And not later -------------------------------------------------------------------------------


def test_help_is_gone_from_every_later_page(private):
    private.fill({"fear": 1})
    assert pages_with_help(private) == []


def test_another_browser_never_sees_help(private):
    other = elsewhere(private)
    private.fill({"fear": 1})
    assert pages_with_help(other) == []


@pytest.mark.parametrize("sent", [{}, {"contact": 0}, {"go": "back"}, {"language": "es"}])
def test_another_browser_cannot_ask_for_it_by_sending_the_private_page(private, sent):
    private.fill({"fear": 1})
    other = elsewhere(private)
    other.visit(other.below("12/"))
    assert HELP not in other.save(**sent).text


def test_the_cookie_is_for_this_form_and_no_script(private):
    cookie = private.browser.post(private.address, {"fear": 1}).cookies[crisis.NAME]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (private.below(""), True, "Lax")
    assert cookie["max-age"] == timedelta(hours=1).total_seconds()


@pytest.mark.parametrize("fear", [0, 3])
def test_a_cookie_made_up_tells_nothing(private, fear):
    private.fill({"fear": fear})
    other = elsewhere(private)
    other.browser.cookies[crisis.NAME] = crisis.NEXT_PAGE
    assert HELP in other.visit(other.below("check/")).text


# --- On the receipt ------------------------------------------------------------------------------


def test_the_receipt_shows_help_once_more_and_only_once(private):
    private.fill({"fear": 3})
    page = private.press()
    assert HELP in page.text
    assert "afraid" not in page.text
    assert HELP not in private.visit(private.address).text


def test_the_receipt_shows_help_also_after_other_pages_and_to_whom_the_page_was_incomplete(visitor):
    visitor.start_at("12/")
    visitor.save(fear=3)
    visitor.skip_to("check/", fear=3)
    assert HELP not in visitor.page.text
    assert HELP in visitor.press().text


def test_the_receipt_shows_no_help_to_another_browser_that_sends(private):
    private.fill({"fear": 3})
    other = elsewhere(private)
    other.visit(other.below("check/"))
    assert HELP not in other.press().text


@pytest.mark.parametrize(("then", "shown"), [({}, True), ({"contact": 0}, True), ({"fear": 0}, False)])
def test_only_taking_it_back_keeps_help_off_the_receipt(private, then, shown):
    private.fill({"fear": 3})
    private.visit(private.below("12/"))
    private.save(**then)
    assert (HELP in private.press().text) is shown
