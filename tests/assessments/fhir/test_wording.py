from __future__ import annotations

import pytest

from assessments.fhir.wording import language_code
from tests.assessments.fhir.forms import choice, form, group, item, notes, option, read, reading, refusals, translated

OPTION = "Questionnaire.item[2].answerOption[0].valueCoding"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("EN_us", "en-US"),
        ("zh-hans", "zh-Hans"),
        ("zh-Hant-TW", "zh-Hant"),
        (" gsw ", "gsw"),
        ("english", None),
        ("", None),
        ("en-", None),
    ],
)
def test_language_tags_are_brought_into_one_form(tag, code):
    assert language_code(tag) == code


def test_a_language_that_every_text_is_in_is_offered():
    yes = {"valueCoding": {"code": "y", "display": "Yes", "_display": translated(es="Sí", fr="Oui")}}
    questionnaire = form(
        group(
            "g",
            item("a", "choice", answerOption=[yes], _text=translated(es="Palabras", fr="Mots")),
            _text=translated(es="Grupo"),
        ),
        _title=translated(es="Ánimo"),
    )
    definition = read(questionnaire)
    assert definition.languages == ("en", "es")
    assert definition.title == {"en": "Weekly mood", "es": "Ánimo"}
    assert definition.groups[0].title == {"en": "Words of g", "es": "Grupo"}
    assert definition.option_sets["answers_1"][0].text == {"en": "Yes", "es": "Sí"}
    told = [note.message for note in reading(questionnaire).notes]
    assert 'is not offered in "fr": 2 of 4 texts have no translation' in told


def test_the_files_own_text_wins_over_a_translation_into_its_language():
    assert read(form(item("a", _text=translated(en="Other")))).item("a").text == {"en": "Words of a"}


@pytest.mark.parametrize(
    "broken", [{"es": ""}, {"no language": "x"}, {"": "x"}], ids=["without words", "no tag", "empty tag"]
)
def test_a_translation_without_language_or_words_is_noted(broken):
    questionnaire = form(item("a", _text=translated(**broken)))
    assert notes(questionnaire) == [
        "Questionnaire.item[0]._text.extension[0]: is a translation without a language or a text; it is left out"
    ]
    assert read(questionnaire).languages == ("en",)


def test_a_form_without_a_language_takes_the_one_given():
    questionnaire = form(item("a"))
    del questionnaire["language"]
    found = reading(questionnaire, language="de")
    assert (found.definition.languages, found.definition.title) == (("de",), {"de": "Weekly mood"})
    assert found.notes[0].message == 'names no language; its texts are taken to be "de"'


def test_what_is_no_language_is_refused():
    told = "Questionnaire.language: is no language tag, such as en or de-CH; correct it"
    assert refusals(form(item("a"), language="english")) == [told]


def test_a_text_that_cannot_be_shown_as_it_stands_is_refused():
    questionnaire = form(item("a", text="Do you {love} it?"), item("b", text="x" * 5001), choice("c", option("{x}")))
    assert refusals(questionnaire) == [
        "Questionnaire.item[0].text: has braces, which mark placeholders here; write round brackets",
        "Questionnaire.item[1].text: is longer than 5000 characters; shorten it",
        f"{OPTION}.display: has braces, which mark placeholders here; write round brackets",
    ]


def test_a_placeholder_of_ours_means_nothing_in_a_form_from_elsewhere():
    assert len(refusals(form(item("a", text="I trust {other}.")))) == 1


def test_markup_is_words_like_any_other():
    assert read(form(item("a", text="<script>alert(1)</script>"))).item("a").text == {"en": "<script>alert(1)</script>"}
