from __future__ import annotations

import pytest

from assessments.wording import Words, answer_in_words
from tests.assessments.factories import every_kind, two_way_check_in, words

EVERY = every_kind()
TWC = two_way_check_in()


@pytest.mark.parametrize(
    ("item", "answer", "in_words"),
    [
        ("one", 2, "Much"),
        ("one", 7, "7"),
        ("some", [2, 1], "Food; Sleep"),
        ("some", 2, "Food"),  # an alert carries the one value that raised it
        ("some", [], ""),
        ("yes", 1, "Yes"),
        ("yes", 0, "No"),
        ("gate", 0, "No"),
        ("count", 3, "3"),
        ("amount", 2.5, "2.5 litres"),
        ("amount", 3.0, "3 litres"),
        ("rating", 6, "6 (0 = Not at all – 9 = Fully)"),
        ("day", "2026-11-24", "Nov. 24, 2026"),
        ("day", "someday", "someday"),
        ("line", "<b>fine</b>", "<b>fine</b>"),
        ("line", "", ""),
        ("line", None, "Prefer not to say"),
    ],
)
def test_every_kind_of_answer(item, answer, in_words):
    assert answer_in_words(EVERY, EVERY.item(item), answer, "en") == in_words


def test_in_the_language_it_was_asked_in_whatever_language_the_page_is_in():
    assert answer_in_words(TWC, TWC.item("n1"), 4, "es-MX") == "Casi siempre"
    assert answer_in_words(EVERY, EVERY.item("yes"), 1, "es") == "Yes"
    both = _in_both_languages()
    assert answer_in_words(both, both.item("amount"), 2.5, "es") == "2,5 litros"
    assert answer_in_words(both, both.item("yes"), 1, "es") == "Sí"
    assert answer_in_words(both, both.item("day"), "2026-11-24", "es") == "24 de noviembre de 2026"


def _in_both_languages():
    def doubled(value):
        if isinstance(value, dict):
            if value.keys() == {"en"}:
                return {"en": value["en"], "es": "litros" if value["en"] == "litres" else value["en"]}
            return {name: doubled(each) for name, each in value.items()}
        return [doubled(each) for each in value] if isinstance(value, list) else value

    data = doubled(EVERY.model_dump(mode="json", exclude_defaults=True))
    return every_kind(languages=["en", "es"], **{k: v for k, v in data.items() if k not in {"languages", "slug"}})


def test_about_the_person_it_was_asked_about():
    assert answer_in_words(TWC, TWC.item("balance"), 4, "en", "mother") == "Mostly my mother"
    assert answer_in_words(TWC, TWC.item("balance"), 3, "es", "brother") == "Mi hermano más que yo"


def test_where_declining_has_no_words_it_is_no_answer():
    definition = every_kind(declined=None, blocks=_nothing_declinable())
    assert answer_in_words(definition, definition.item("one"), None, "en") == "No answer"


def _nothing_declinable():
    blocks = EVERY.model_dump(mode="json", exclude_defaults=True)["blocks"]
    for block in blocks:
        for item in block["items"]:
            if item["kind"] != "display":
                item["declinable"] = False
    return blocks


def test_a_question_goes_by_its_number():
    assert Words.about(EVERY, "en").question(EVERY.item("rating")) == "3. How far?"
    assert Words.about(TWC, "en", "father").question(TWC.item("c2")) == "I cover for my father with other people."


def test_a_scale_without_words_has_its_numbers():
    blocks = [{"id": "b", "items": [{"id": "s", "kind": "scale", "minimum": 1, "maximum": 4, "text": words("?")}]}]
    definition = every_kind(blocks=blocks, groups=[])
    assert answer_in_words(definition, definition.item("s"), 2, "en") == "2 (1 – 4)"
