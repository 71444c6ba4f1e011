"""One page as a form: what it asks, takes, and says to somebody who can't see it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.utils.translation import override

from assessments.definition import Block, Definition
from assessments.forms import DECLINED, BlockForm, block_form
from assessments.terms import other_term
from tests.assessments.factories import small, small_data, two_way_check_in

TWC = two_way_check_in()
SMALL = small()


def block(block_id: str, definition: Definition = TWC) -> Block:
    return next(found for found in definition.blocks if found.id == block_id)


def page(block_id: str, definition: Definition = TWC, language: str = "en", role: str = "partner", **data) -> BlockForm:
    term = other_term(role, language)
    return block_form(definition, block(block_id, definition), language=language, other_term=term, **data)


def labels(form: BlockForm) -> list[str]:
    return [str(field.label) for field in form]


def choices(form: BlockForm, item: str) -> list[tuple[str, str]]:
    field = form.fields[item]
    return [*field.choices, *([(DECLINED, field.declined)] if field.declined else [])]


class Tags(HTMLParser):
    """Every start tag with its attributes, and the text inside legends and links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


# --- What it asks ---------------------------------------------------------------------------------


def test_a_page_asks_in_the_language_and_about_the_person_pinned():
    form = page("carried", language="es", role="mother")
    assert labels(form)[:2] == [
        "Mi madre interviene para resolver problemas en los que me metí yo.",
        "Mi madre me cubre ante otras personas.",
    ]
    assert page("receiving", language="es", role="brother").title == "Lo que hace su hermano"


def test_every_answer_of_the_set_and_the_way_out_are_choices():
    assert choices(page("need"), "n1") == [
        ("0", "Never"),
        ("1", "Rarely"),
        ("2", "Sometimes"),
        ("3", "Often"),
        ("4", "Almost always"),
        (DECLINED, "Does not apply / prefer not to say"),
    ]


def test_where_declining_is_no_option_it_is_not_offered():
    form = page("second", SMALL, initial={"gate": 1})
    assert [value for value, _ in choices(form, "b")] == ["1", "2", "3"]


def test_the_draft_decides_what_is_visible():
    assert list(page("after_limits").fields) == []
    assert list(page("after_limits", initial={"partner_limit": 1}).fields) == ["q1", "q2", "q3"]


def test_a_private_page_carries_its_advice():
    form = page("safety", role="father")
    assert (form.private, form.advice.split(":")[0]) == (True, "Answer privately")
    assert form.intro.endswith("never shown to your father.")
    assert (page("need").private, page("need").advice) == (False, "")


# --- What it takes --------------------------------------------------------------------------------


def test_declining_is_none_and_never_a_missing_answer():
    form = page("need", data={"n1": "0", "n2": "4", "n3": DECLINED, "n4": "1"})
    assert form.is_valid()
    assert form.answers == {"n1": 0, "n2": 4, "n3": None, "n4": 1}


def test_an_open_question_is_told():
    form = page("need", data={"n1": "0", "n2": "4", "n3": DECLINED})
    assert not form.is_valid()
    assert form.errors == {"n4": ["Choose an answer. If none fits, choose the last one."]}


def test_an_answer_that_is_not_offered_is_refused():
    form = page("second", SMALL, data={"b": DECLINED}, initial={"gate": 1})
    assert form.errors == {"b": ["Choose one of the answers shown."]}
    assert page("second", SMALL, data={}, initial={"gate": 1}).errors == {"b": ["Choose an answer."]}


def test_an_optional_text_may_stay_empty():
    form = page("second", SMALL, data={"b": "2", "note": ""}, initial={"gate": 1})
    assert form.is_valid()
    assert form.answers == {"b": 2, "note": ""}


def test_an_optional_choice_left_open_is_not_answered():
    data = small_data()
    data["blocks"][0]["items"][0]["required"] = False
    form = page("first", small(blocks=data["blocks"]), data={"gate": "1"})
    assert form.is_valid()
    assert form.answers == {"gate": 1}


def test_a_saved_page_shows_what_was_chosen():
    html = Tags(str(page("need", initial={"n1": 3, "n2": None})))
    assert [tag["id"] for tag in html.all("input") if "checked" in tag] == ["id_n1_3", "id_n2_5"]


# --- How it is heard ------------------------------------------------------------------------------


def test_each_question_is_a_fieldset_with_its_legend_and_labelled_radios():
    html = Tags(str(page("need")))
    assert (len(html.all("fieldset")), len(html.all("legend")), len(html.all("input"))) == (4, 4, 24)
    assert [tag["for"] for tag in html.all("label")] == [tag["id"] for tag in html.all("input")]


def test_a_missing_answer_is_tied_to_its_question_and_linked_from_the_summary():
    html = Tags(str(page("need", data={"n1": "0", "n2": "4", "n3": DECLINED})))
    assert [tag.get("aria-describedby") for tag in html.all("fieldset")] == [None, None, None, "id_n4_error"]
    ids = {tag["id"] for _, tag in html.tags if "id" in tag}
    assert {"id_n4_error", "id_n4_0"} <= ids
    assert [tag["href"] for tag in html.all("a")] == ["#id_n4_0"]
    assert [tag["role"] for tag in html.all("div") if "role" in tag] == ["alert"]


def test_a_page_without_faults_has_no_summary():
    assert "error-summary" not in str(page("need"))


def test_a_text_has_its_label_help_and_limit():
    html = Tags(str(page("second", SMALL, data={"b": "1", "note": "x" * 21}, initial={"gate": 1})))
    (area,) = html.all("textarea")
    assert (area["id"], area["maxlength"]) == ("id_note", "20")
    assert area["aria-describedby"] == "id_note_helptext id_note_error"
    assert "id_note" in [tag["for"] for tag in html.all("label")]
    assert "#id_note" in [tag["href"] for tag in html.all("a")]


def test_ids_are_unique_and_nothing_is_inline():
    html = Tags(str(page("giving", data={})))
    ids = [tag["id"] for _, tag in html.tags if "id" in tag]
    assert len(ids) == len(set(ids))
    assert [name for _, tag in html.tags for name in tag if name == "style" or name.startswith("on")] == []


@pytest.mark.parametrize(
    ("language", "summary", "message"),
    [
        ("en", "Some questions still need an answer", "Choose an answer. If none fits, choose the last one."),
        (
            "es",
            "Faltan respuestas en algunas preguntas",
            "Elija una respuesta. Si ninguna corresponde, elija la última.",
        ),
    ],
)
def test_the_forms_own_words_follow_the_language(language, summary, message):
    with override(language):
        html = str(page("need", language=language, data={}))
    assert (summary in html, message in html) == (True, True)


def test_a_term_is_text_and_never_markup():
    form = block_form(TWC, block("carried"), language="en", other_term="<b>my partner</b>", data={})
    assert "<b>" not in str(form)


def test_a_page_asks_the_database_nothing():
    """No database mark on this test: any query would fail it."""
    assert "fieldset" in str(page("giving"))
