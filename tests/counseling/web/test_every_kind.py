"""A questionnaire with every kind of question, from the link to the scores."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.definition import Definition
from assessments.forms.sent import Sent
from assessments.models import Response, Score
from counseling.models import FollowUp
from tests.assessments.browser import page_sent
from tests.assessments.factories import every_kind, published, small, small_data, words
from tests.counseling.web.visitor import Visitor

pytestmark = pytest.mark.django_db

HELP = "555-0100"
SCALES = [
    {"id": "load", "kind": "sum", "items": ["one", "some", "yes"], "minimum": 3},
    {"id": "rating", "kind": "mean", "items": ["rating"], "minimum": 1},
]
ANSWERS = {
    "one": 2, "some": [1, 2], "yes": 1, "gate": 1, "check": 1,
    "amount": 2.5, "count": 7, "rating": 6, "day": "2026-02-03", "line": "fine",
}  # fmt: skip


def ask(visitor: Visitor, definition: Definition) -> None:
    visitor.follow_up.version = published(definition)
    visitor.follow_up.save()


def stored() -> dict[str, Any]:
    return Response.objects.get().answers


def answer(visitor: Visitor, answers: dict[str, Any], **button: str) -> Any:
    """Fill in the page on the screen as a browser would, and press Continue or the button named."""
    page = visitor.page.context
    sent: dict[str, Any] = {"revision": page["revision"]}
    for name, value in page_sent(page["form"].words.definition, page["part"].number - 1, answers):
        sent.setdefault(name, []).append(value)
    return visitor.press({**sent, **button})


@pytest.fixture
def everything(visitor: Visitor) -> Visitor:
    ask(visitor, every_kind(scales=[{**scale, "title": words("Scale"), "direction": "neutral"} for scale in SCALES]))
    visitor.start()
    return visitor


def shown(visitor: Visitor) -> dict[str, str]:
    return {line.question: line.answer for section in visitor.page.context["sections"] for line in section.lines}


# --- From the link to the scores -----------------------------------------------------------------


def test_every_kind_is_asked_checked_sent_and_scored(everything):
    while "form" in everything.page.context:
        answer(everything, ANSWERS)
    assert shown(everything) == {
        "How much?": "Much",
        "Which?": "Sleep; Food",
        "Well?": "Yes",
        "Go on?": "Yes",
        "Choose Some.": "Some",
        "How many litres?": "2.5 litres",
        "How many?": "7",
        "3. How far?": "6 (0 = Not at all – 9 = Fully)",
        "Since when?": "Feb. 3, 2026",
        "In a word?": "fine",
    }
    assert [line.group for line in everything.page.context["sections"][1].lines] == ["", "Counts"]
    assert "Your answers have arrived" in everything.press().text
    assert stored() == ANSWERS
    assert dict(Score.objects.values_list("scale", "value")) == {"load": 2.5 + 4 + 1, "rating": 6.0}


def test_every_kind_can_be_declined_and_is_then_no_score(everything):
    declined = dict.fromkeys(ANSWERS) | {"gate": 1, "yes": 1}
    while "form" in everything.page.context:
        answer(everything, declined)
    assert set(shown(everything).values()) == {"Prefer not to say", "Yes"}
    everything.press()
    assert stored() == declined
    assert set(Score.objects.values_list("value", flat=True)) == {None}


def test_what_cannot_be_read_is_kept_on_the_page_and_the_rest_is_saved(everything):
    answer(everything, ANSWERS)
    page = everything.save(amount="two or so", count="7")
    assert "<title> Something needs another look: Part 2 of 3 </title>" in " ".join(page.text.split())
    assert 'value="two or so"' in page.text
    assert (stored()["count"], "amount" in stored()) == (7, False)
    everything.save(amount="2,5", count="7")
    assert stored()["amount"] == 2.5


def test_a_number_emptied_again_is_gone(visitor):
    blocks = every_kind().model_dump(mode="json", exclude_defaults=True)["blocks"]
    blocks[1]["items"][1]["required"] = False
    ask(visitor, every_kind(blocks=blocks))
    visitor.start()
    answer(visitor, ANSWERS)
    answer(visitor, ANSWERS)
    visitor.visit(visitor.below("2/"))
    visitor.save(amount="2", count="")
    assert stored()["count"] == ""
    visitor.visit(visitor.below("3/"))
    answer(visitor, ANSWERS)
    visitor.press()
    assert "count" not in stored()


# --- Pages with nothing that must be answered ----------------------------------------------------


READ = {"id": "read", "items": [{"id": "hello", "kind": "display", "text": words("Welcome.")}]}
NOTE = {"id": "extra", "items": [{"id": "more", "kind": "text", "text": words("More?"), "required": False}]}


def walked(visitor: Visitor) -> list[int]:
    """The numbers of the pages that Continue leads through, questions answered on the way."""
    numbers = []
    while "form" in visitor.page.context:
        numbers.append(visitor.page.context["part"].number)
        answer(visitor, {"a": 1, "gate": 1, "b": 1})
    return numbers


def test_pages_to_read_and_optional_ones_are_met_wherever_they_are(visitor):
    first, second = small_data()["blocks"]
    ask(
        visitor,
        small(blocks=[READ, first, second, NOTE, {**READ, "id": "end", "items": [{**READ["items"][0], "id": "bye"}]}]),
    )
    page = visitor.start()
    assert "Welcome." in page.text
    assert walked(visitor) == [1, 2, 3, 4, 5]
    assert [section.heading for section in visitor.page.context["sections"]] == ["First", "Second", "Small"]
    assert "Your answers have arrived" in visitor.press().text


def test_a_questionnaire_of_optional_questions_is_asked_and_may_be_sent_empty(visitor):
    ask(visitor, small(blocks=[READ, NOTE], scales=[], mirrors=[], alerts=[]))
    visitor.start()
    assert walked(visitor) == [1, 2]
    visitor.press()
    assert stored() == {}


def test_whoever_comes_back_goes_on_after_the_last_page_that_was_answered(visitor):
    first, second = small_data()["blocks"]
    ask(visitor, small(blocks=[first, second, NOTE]))
    visitor.start()
    answer(visitor, {"a": 1, "gate": 1})
    answer(visitor, {"a": 1, "gate": 1, "b": 1})
    page = Visitor(visitor.follow_up).open()
    assert page.context["go_on_address"] == visitor.below("3/")
    answer(visitor, {})
    assert Visitor(visitor.follow_up).open().context["go_on_address"] == visitor.below("check/")


def test_a_change_that_opens_a_page_to_read_shows_it_before_returning(visitor):
    first, _ = small_data()["blocks"]
    only_then = {**READ["items"][0], "visible_when": {"item": "gate", "equals": 1}}
    ask(visitor, small(blocks=[first, {"id": "read", "items": [only_then]}], scales=[], mirrors=[]))
    visitor.start()
    answer(visitor, {"a": 1, "gate": 0})
    visitor.visit(visitor.page.context["sections"][0].address)
    assert "Welcome." in answer(visitor, {"a": 1, "gate": 1}).text
    assert "sections" in answer(visitor, {}).context
    visitor.visit(visitor.page.context["sections"][0].address)
    assert "sections" in answer(visitor, {"a": 2, "gate": 1}).context


# --- Alarms and privacy --------------------------------------------------------------------------


def alarming(item: str, at_or_above: int, *, private: bool = False) -> Definition:
    pages = every_kind().model_dump(mode="json", exclude_defaults=True)["blocks"]
    pages = [{**page, "private": private} for page in pages]
    return every_kind(blocks=pages, alerts=[{"item": item, "at_or_above": at_or_above, "kind": "safety"}])


@pytest.mark.parametrize(
    ("item", "at_or_above", "calm", "alarm"),
    [
        ("yes", 1, 0, 1),
        ("some", 3, [1], [1, 3]),
        ("one", 2, 1, 2),
        ("count", 5, 4, 5),
        ("rating", 6, 3, 9),
    ],
)
def test_an_answer_of_any_kind_can_call_for_help(visitor, item, at_or_above, calm, alarm):
    ask(visitor, alarming(item, at_or_above))
    for given, helped in ((calm, False), (alarm, True), (calm, False)):
        found = visitor.start()
        pages = [found]
        for end in ("1/", "2/", "3/"):
            visitor.visit(visitor.below(end))
            pages.append(answer(visitor, {**ANSWERS, item: given}))
        assert (any(HELP in page.text for page in pages)) is helped


def test_a_risk_answer_that_is_a_list_raises_a_finding_from_the_draft(visitor, clock):
    ask(visitor, alarming("some", 3))
    visitor.start()
    answer(visitor, {**ANSWERS, "some": [3]})
    case = FollowUp.objects.get(pk=visitor.follow_up.pk).case
    assert list(case.findings.values_list("pattern", flat=True)) == ["safety"]


def test_private_answers_of_every_kind_are_not_shown_again_and_stay_when_left_open(visitor):
    ask(visitor, alarming("yes", 1, private=True))
    visitor.start()
    for _ in range(3):
        answer(visitor, ANSWERS)
    assert stored() == ANSWERS
    for number in (1, 2, 3):
        form = visitor.visit(visitor.below(f"{number}/")).context["form"]
        assert {field.value() for field in form} == {Sent()}
        names = [name for name, _ in page_sent(form.words.definition, number - 1, ANSWERS)]
        visitor.save(**dict.fromkeys(names, ""))
    assert (visitor.address, stored()) == (visitor.below("check/"), ANSWERS)
    assert ("2.5 litres" in visitor.page.text, "Which?" in visitor.page.text) == (False, False)


# --- Languages -----------------------------------------------------------------------------------


def test_a_questionnaire_in_another_language_stands_on_a_page_in_the_clients_own(visitor):
    ask(visitor, small(languages=["de"], **_in_german()))
    page = visitor.start()
    assert page["Content-Language"] == "en"
    assert '<html lang="en" dir="ltr">' in page.text
    assert '<h1 lang="de" dir="ltr">First</h1>' in page.text
    assert '<div class="questions" lang="de" dir="ltr">' in page.text
    assert "Continue" in page.text
    visitor.visit(visitor.below("check/"))
    assert '<h2 lang="de" dir="ltr">First</h2>' in visitor.page.text
    assert '<span class="answers__given" lang="de" dir="ltr">' not in visitor.page.text  # nothing is answered yet


def _in_german() -> dict[str, Any]:
    def translated(value: Any) -> Any:
        if isinstance(value, dict):
            return {"de": value["en"]} if value.keys() == {"en"} else {k: translated(v) for k, v in value.items()}
        return [translated(each) for each in value] if isinstance(value, list) else value

    return {k: translated(v) for k, v in small_data().items() if k not in {"slug", "languages"}}


def test_each_person_is_asked_a_shuffled_page_in_an_order_of_their_own_that_stays(couple, clock):
    choice = {"kind": "choice", "options": "agree", "text": words("?")}
    items = [{"id": f"q{number}", **choice} for number in range(9)]
    page = [{"id": "all", "title": words("All"), "shuffle": True, "items": items}]
    version = published(small(blocks=page, scales=[], mirrors=[], alerts=[]))
    orders = []
    for follow_up in couple:
        follow_up.version = version
        follow_up.save()
        visitor = Visitor(follow_up)
        orders += [list(visitor.start().context["form"].fields)]
        orders += [list(visitor.visit(visitor.below("1/")).context["form"].fields)]
        visitor.visit(visitor.below("check/"))
        assert [line.address.rpartition("_")[2] for line in visitor.page.context["sections"][0].lines] == orders[-1]
    assert (orders[0] == orders[1], orders[2] == orders[3], orders[0] == orders[2]) == (True, True, False)
