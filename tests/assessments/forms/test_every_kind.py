"""Each kind of question: what is shown is what was answered, and what cannot be an answer is told and kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.answers import clean_page
from assessments.definition import Definition, DisplayItem
from assessments.forms import DECLINED, BlockForm, block_form
from tests.assessments.browser import controls, posted
from tests.assessments.factories import every_kind, words
from tests.assessments.fhir.any_definition import answers_to, definitions

EVERY = every_kind()
OPEN = {"yes": 1, "gate": 1}
"""Answers that open every page."""
PAGE_OF = {item.id: number for number, block in enumerate(EVERY.blocks) for item in block.items}


def page(number: int, definition: Definition = EVERY, language: str = "en", **data: Any) -> BlockForm:
    data = {"initial": OPEN, **data}
    return block_form(definition, definition.blocks[number], language=language, other_term="my partner", **data)


def asked(item: str, definition: Definition = EVERY, **sent: Any) -> BlockForm:
    """The page of a question with just this sent for it; names are written with "_" for "-"."""
    data = {name.replace("__", "-"): value for name, value in sent.items()}
    return page(PAGE_OF[item], definition, data=data)


def changed(item: str, **facts: Any) -> Definition:
    data = EVERY.model_dump(mode="json", exclude_defaults=True)
    for block in data["blocks"]:
        for each in block["items"]:
            if each["id"] == item:
                each.update(facts)
    return every_kind(blocks=data["blocks"])


# --- What is shown is what was answered -----------------------------------------------------------


@settings(max_examples=50)
@given(data=st.data())
def test_a_page_sent_as_it_was_shown_says_what_was_answered(data):
    definition = data.draw(definitions())
    answers = data.draw(answers_to(definition))
    language = definition.languages[0]
    for block in definition.blocks:
        ask = {"language": language, "other_term": "my partner", "initial": answers}
        shown = block_form(definition, block, **ask)
        form = block_form(definition, block, **ask, data=posted(str(shown)))
        form.is_valid()
        given_there = {item: answers[item] for item in form.fields if item in answers}
        kept = {item: value for item, value in form.answers.items() if value != ""}
        assert kept == {item: value for item, value in given_there.items() if value not in ("", [])}


anything = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.floats().map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.sampled_from(["1e9999", "NaN", "-0", "-0.0", "9" * 5000, "٤٢", "1 000", "−3", "1,5", "", DECLINED, "\x00"]),
)


@settings(max_examples=50)
@given(data=st.data(), language=st.sampled_from(["en", "es"]))
def test_whatever_is_sent_becomes_an_answer_or_a_fault_and_the_page_can_be_shown(data, language):
    for number in range(len(EVERY.blocks)):
        names = dict(controls(str(page(number))))
        names |= dict.fromkeys(page(number).fields) | {f"{name}-declined": "" for name in page(number).fields}
        sent = {name: data.draw(st.lists(anything, max_size=2)) for name in names}
        with override(language):
            form = page(number, data=_Received(sent))
            form.is_valid()
            assert clean_page(EVERY, form.answers) == form.answers
            assert "questions" in str(form)
            assert all(str(fault) for found in form.errors.values() for fault in found)


class _Received(dict[str, list[str]]):
    """Like a request's own: the last of several, or all of them."""

    def getlist(self, name: str) -> list[str]:
        return self.get(name, [])


def test_a_declined_question_of_every_kind_is_shown_as_declined_and_read_so():
    declined = {item.id: None for item in EVERY.questions()}
    for number, block in enumerate(EVERY.blocks):
        shown = page(number, initial={**OPEN, **{i: None for i in declined if i not in OPEN}})
        form = page(number, data=posted(str(shown)))
        assert form.is_valid(), form.errors
        expected = {item.id: OPEN.get(item.id) for item in block.items if not isinstance(item, DisplayItem)}
        assert form.answers == expected


# --- What is not an answer ------------------------------------------------------------------------

BOTH = "There is an answer, and “Prefer not to say” is chosen too. Keep one of them."
WHOLE = "Write a whole number with digits, such as 12."
NUMBER = "Write a number with digits, such as 12.5."
IN_DIGITS = "Write the day, the month and the year in digits."
NO_SUCH_DAY = "There is no such day. Look at the day and the month."


def day(year: str, month: str, day: str) -> dict[str, str]:
    return {"day__year": year, "day__month": month, "day__day": day}


@pytest.mark.parametrize(
    ("item", "sent", "fault"),
    [
        ("one", {"one": ["1", "2"]}, "Choose only one answer."),
        ("one", {"one": ["declined", "2"]}, BOTH),
        ("one", {"one": "7"}, "Choose one of the answers shown."),
        ("one", {"one": "１"}, "Choose one of the answers shown."),  # noqa: RUF001 - not the digit that was offered
        ("one", {}, "Choose an answer. If none fits, choose the last one."),
        ("yes", {"yes": "2"}, "Choose one of the answers shown."),
        ("some", {"some": ["1", "9"]}, "“None of these” cannot be chosen with others."),
        ("some", {"some": ["1", "5"]}, "Choose one of the answers shown."),
        ("some", {"some": ["1", "declined"]}, BOTH),
        ("some", {"some": ""}, "Choose an answer. If none fits, choose the last one."),
        ("count", {"count": ""}, "Write a number, or choose the box below it."),
        ("count", {"count": "41"}, "Write a number: from 0 to 40."),
        ("count", {"count": "9" * 400}, WHOLE),
        ("count", {"count": "1.5"}, WHOLE),
        ("count", {"count": "four"}, WHOLE),
        ("count", {"count": "²"}, WHOLE),
        ("count", {"count": "3", "count__declined": "declined"}, BOTH),
        ("amount", {"amount": "-1"}, "Write a number: 0 or more."),
        ("amount", {"amount": "1e9999"}, NUMBER),
        ("amount", {"amount": "NaN"}, NUMBER),
        ("amount", {"amount": "."}, NUMBER),
        ("amount", {"amount": "1.25"}, "Write at most 1 decimal."),
        ("amount", {"amount": "1,234"}, "Write the number without a mark between thousands."),
        ("rating", {"rating": "1"}, "Choose one of the answers shown."),
        ("day", {}, "Write a date, or choose the box below it."),
        ("day", {"day__year": "2026", "day__month": "2"}, IN_DIGITS),
        ("day", day("2026", "May", "1"), IN_DIGITS),
        ("day", day("26", "2", "1"), "Write the year with four digits."),
        ("day", day("2026", "2", "30"), NO_SUCH_DAY),
        ("day", day("2019", "2", "3"), "Write a date: from Jan. 1, 2020 to Dec. 31, 2026."),
        ("line", {"line": "x" * 2001}, "Use at most 2000 characters."),
    ],
)
def test_a_fault_is_told_in_words_and_what_was_sent_stays_on_the_page(item, sent, fault):
    form = asked(item, **sent)
    assert form.errors[item] == [fault]
    assert item not in form.answers
    held = controls(str(form))
    for name, value in sent.items():
        if isinstance(value, str) and form.fields[item].style in {"number", "date", "text"}:
            assert (name.replace("__", "-"), value) in held


@pytest.mark.parametrize(
    ("item", "sent", "answer"),
    [
        ("some", {"some": ["", "3", "1"]}, [3, 1]),
        ("yes", {"yes": "0"}, 0),
        ("count", {"count": " 7 "}, 7),
        ("count", {"count": "-0"}, 0),
        ("count", {"count": "٣٧"}, 37),
        ("amount", {"amount": "2,5"}, 2.5),
        ("amount", {"amount": "1 000.5"}, 1000.5),
        ("amount", {"amount": "-0.0"}, 0.0),
        ("amount", {"amount": ".5"}, 0.5),
        ("rating", {"rating": "9"}, 9),
        ("day", day("2024", "02", "29"), "2024-02-29"),
        ("line", {"line": "two\r\nlines\x00"}, "two\nlines"),
        ("count", {"count": "", "count__declined": "declined"}, None),
        ("day", {"day__declined": "declined"}, None),
    ],
)
def test_an_answer_is_read_as_people_write_it(item, sent, answer):
    form = asked(item, **sent)
    form.is_valid()
    assert form.answers[item] == answer
    assert str(form.answers[item]) == str(answer)  # no negative zero


def test_only_the_languages_own_mark_tells_three_decimals_from_thousands():
    definition = changed("amount", places=3)
    assert asked("amount", definition, amount="1.234").errors.get("amount") is None
    with override("es"):
        assert asked("amount", definition, amount="1,234").errors.get("amount") is None
        assert asked("amount", definition, amount="1.234").errors["amount"] == [
            "Escriba el número sin signos entre los miles."
        ]


def test_more_choices_than_allowed():
    definition = changed("some", at_most=1)
    assert asked("some", definition, some=["1", "2"]).errors["some"] == ["Choose fewer answers."]
    assert "Choose up to 1." in str(page(0, definition))


def test_declining_is_refused_where_it_is_no_option():
    definition = changed("count", declinable=False)
    form = asked("count", definition, count="", count__declined="declined")
    assert form.errors["count"] == ["Choose one of the answers shown."]
    assert asked("count", definition, count="").errors["count"] == ["Write a number."]
    assert "declined" not in str(page(1, definition)).split('name="count"')[1]


@pytest.mark.parametrize(("item", "fault"), [("day", "Write a date."), ("line", "Write an answer.")])
def test_where_nothing_can_be_declined_only_the_answer_is_asked_for(item, fault):
    definition = changed(item, declinable=False, required=True)
    assert asked(item, definition).errors[item] == [fault]


# --- What was left open ---------------------------------------------------------------------------


OPTIONAL = {"some": {"some": ""}, "count": {"count": ""}, "day": {"day__day": "", "day__month": "", "day__year": ""}}


@pytest.mark.parametrize(("item", "sent"), OPTIONAL.items())
def test_an_optional_question_emptied_again_is_left_open(item, sent):
    form = asked(item, changed(item, required=False), **sent)
    form.is_valid()
    assert form.answers[item] == ""


@pytest.mark.parametrize("item", ["one", "some", "count", "day", "line"])
def test_an_optional_question_that_was_not_on_the_page_sent_keeps_its_answer(item):
    form = asked(item, changed(item, required=False))
    form.is_valid()
    assert item not in form.answers


# --- How it looks and is heard --------------------------------------------------------------------


def test_headings_begin_where_groups_begin_and_go_down_one_level_at_a_time():
    html = str(page(1))
    assert page(1).title == "Numbers"
    assert '<h2 class="group">Counts</h2>' in html
    assert "Numbers" not in html
    titled = every_kind(blocks=[{**block, "title": words("Part")} for block in _blocks()])
    html = str(page(1, titled))
    assert ('<h2 class="group">Numbers</h2>' in html, '<h3 class="group">Counts</h3>' in html) == (True, True)


def _blocks() -> list[dict[str, Any]]:
    return EVERY.model_dump(mode="json", exclude_defaults=True)["blocks"]


def test_groups_and_questions_go_by_their_numbers_and_bring_their_help():
    groups = [
        {"id": "numbers", "prefix": "A.", "help": words("In litres."), "title": words("Numbers")},
        {"id": "counts", "within": "numbers", "help": words("Whole ones.")},
    ]
    html = str(page(1, every_kind(groups=groups, blocks=[{**b, "title": words("Part")} for b in _blocks()])))
    assert '<h2 class="group"><span class="prefix">A.</span> Numbers</h2><p class="group__help">In litres.</p>' in html
    assert html.count("<h") == 1
    assert "Whole ones." in html
    assert '<span class="prefix">3.</span> How far?' in str(page(2))


def test_words_to_read_stand_in_their_place_and_are_not_answered():
    form = page(2)
    assert str(form).index("Almost done.") < str(form).index("How far?")
    assert list(form.fields) == ["rating", "day", "line"]


def test_a_scale_names_its_ends_and_a_long_one_is_written():
    assert "<span>0 = Not at all</span> <span>9 = Fully</span>" in str(page(2))
    assert 'aria-describedby="id_rating_ends"' in str(page(2))
    long = str(page(2, changed("rating", maximum=100, step=1)))
    assert "From 0 = Not at all to 100 = Fully." in long
    assert 'inputmode="numeric"' in long


@pytest.mark.parametrize(
    ("facts", "hint"),
    [
        ({"minimum": 1, "maximum": None}, "1 or more."),
        ({"minimum": None, "maximum": 9}, "9 or less."),
        ({"minimum": None, "maximum": None}, ""),
    ],
)
def test_a_number_says_its_range(facts, hint):
    assert page(1, changed("count", **facts)).fields["count"].hint == hint


@pytest.mark.parametrize(
    ("facts", "hint"),
    [
        ({"latest": None}, "Jan. 1, 2020 or later."),
        ({"earliest": None}, "Dec. 31, 2026 or earlier."),
        ({"earliest": None, "latest": None}, ""),
    ],
)
def test_a_date_says_its_range(facts, hint):
    assert page(2, changed("day", **facts)).fields["day"].hint == hint


def test_below_zero_a_phone_needs_a_keyboard_with_a_minus():
    assert 'name="count" id="id_count" inputmode="text"' in str(page(1, changed("count", minimum=-5)))


def test_a_date_is_asked_in_the_order_of_the_language():
    def order(language: str) -> list[str]:
        with override(language):
            return [name for name, _ in controls(str(page(2))) if name.startswith("day-")]

    assert order("en") == ["day-month", "day-day", "day-year"]
    assert order("es") == ["day-day", "day-month", "day-year"]
    assert order("ja") == ["day-year", "day-month", "day-day"]


def test_yes_and_no_are_in_the_questionnaires_language_and_our_own_words_in_the_pages():
    german = every_kind(languages=["de"], **_in_german())
    with override("en"):
        html = str(page(0, german, "de"))
        wrong = str(page(1, german, "de", data={"count": "x"}))
    assert html.startswith('<div class="questions" lang="de" dir="ltr">')
    assert (">Ja<" in html, ">Nein<" in html) == (True, True)
    assert '<p class="question__help" id="id_some_hint" lang="en" dir="ltr">Choose all that apply.</p>' in html
    assert 'id="id_count_error" lang="en" dir="ltr"' in wrong
    with override("de"):
        assert str(page(0, german, "de")).startswith('<div class="questions">')


def _in_german() -> dict[str, Any]:
    """The same questions in German and no English: only the language is looked at."""

    def translated(value: Any) -> Any:
        if isinstance(value, dict):
            return {"de": value["en"]} if value.keys() == {"en"} else {k: translated(v) for k, v in value.items()}
        return [translated(each) for each in value] if isinstance(value, list) else value

    data = translated(EVERY.model_dump(mode="json", exclude_defaults=True))
    return {name: data[name] for name in ("title", "declined", "option_sets", "groups", "blocks")}


def test_what_is_written_from_right_to_left_says_so():
    arabic = {name: _arabic(value) for name, value in _in_german().items()}
    html = str(page(0, every_kind(languages=["ar"], **arabic), "ar"))
    assert html.startswith('<div class="questions" lang="ar" dir="rtl">')


def _arabic(value: Any) -> Any:
    if isinstance(value, dict):
        return {"ar": value["de"]} if value.keys() == {"de"} else {k: _arabic(v) for k, v in value.items()}
    return [_arabic(each) for each in value] if isinstance(value, list) else value


def test_the_summary_tells_apart_what_is_missing_and_what_is_wrong():
    missing, wrong = str(page(1, data={})), str(page(1, data={"amount": "x"}))
    assert ("Some questions still need an answer" in missing, "such as 12.5" in missing) == (True, False)
    assert "Some answers need another look" in wrong
    summary = wrong[: wrong.index("</ul>")]
    assert '<a href="#id_amount">How many litres?</a>' in summary
    assert "<span>Write a number with digits, such as 12.5.</span>" in summary
    assert '<a href="#id_day-month">' in str(page(2, data={}))


def test_questions_of_a_shuffled_page_come_in_the_persons_own_order():
    choice = {"kind": "choice", "options": "levels", "text": words("?")}
    block = {
        "id": "all",
        "title": words("All"),
        "shuffle": True,
        "items": [{"id": f"q{n}", **choice} for n in range(9)],
    }
    definition = every_kind(blocks=[block], groups=[])

    def order(seed: str) -> list[str]:
        return list(page(0, definition, seed=seed, initial={}).fields)

    assert order("a") == order("a")
    assert order("a") != order("b")
    assert sorted(order("a")) == [f"q{n}" for n in range(9)]
