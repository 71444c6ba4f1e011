"""The shipped questionnaire says what the design says, in both languages and about anybody."""

from __future__ import annotations

import re

import pytest

from assessments.definition import ChoiceItem, text_for
from assessments.enums import OtherRole
from assessments.terms import fill, other_term
from tests.assessments.factories import two_way_check_in

TWC = two_way_check_in()
ITEMS = list(TWC.items())


def numbered(letter: str, count: int) -> list[str]:
    return [f"{letter}{number}" for number in range(1, count + 1)]


def english(item_id: str) -> str:
    return fill(text_for(TWC.item(item_id).text, "en"), "my partner")


def test_item_ids_are_the_stable_ones():
    letters = {"n": 4, "e": 4, "o": 4, "c": 4, "d": 4, "s": 3, "g": 5, "v": 5, "p": 3, "q": 3}
    stable = [item for letter, count in letters.items() for item in numbered(letter, count)]
    others = ["limit", "partner_limit", "balance", "attention", "alone", "visible", "fear", "hurt", "contact"]
    assert sorted(item.id for item in ITEMS) == sorted(stable + others)


def test_scale_ids_are_the_stable_ones():
    assert [scale.id for scale in TWC.scales] == [
        *("need", "boundaries", "outside", "blur", "carrying", "carried", "growth"),
        *("giving", "receiving", "pushback", "own_pushback"),
    ]


def test_reversed_items_are_those_marked_so():
    assert {item for scale in TWC.scales for item in scale.reversed} == {
        *("n3", "n4", "e3", "e4", "o1", "o2", "c3", "d3", "s2", "g5", "v5", "p3", "q3")
    }


def test_the_answers_are_five_frequencies_or_none():
    assert [(option.value, option.text["en"]) for option in TWC.option_sets["frequency"]] == [
        (0, "Never"),
        (1, "Rarely"),
        (2, "Sometimes"),
        (3, "Often"),
        (4, "Almost always"),
    ]
    assert TWC.declined["en"] == "Does not apply / prefer not to say"
    assert all(item.declinable and item.required for item in ITEMS)


def test_the_notice_stands_as_written():
    assert TWC.notice["en"] == (
        "New and not yet validated. Thresholds are editable judgements, not norms. Not a diagnosis."
    )


@pytest.mark.parametrize(
    ("item", "wording"),
    [
        ("n1", "An ordinary day feels unmanageable when my partner is away."),
        ("o3", "I cancel plans with others because of how my partner may take it."),
        ("c3", "I leave my partner's responsibilities to my partner."),
        ("d4", "My partner feels responsible for how my choices turn out."),
        ("g1", "I make time to listen to what is on my partner's mind."),
        ("v5", "My partner puts off things I need from them."),
        ("p1", "My partner kept pressing until I gave in."),
        ("q3", "I respected their limit."),
        ("limit", "Did you ask for space, say no or set a limit?"),
        ("partner_limit", "Did your partner set a limit?"),
        ("visible", "Could your partner see these answers?"),
        ("fear", "I have felt afraid of what my partner might do."),
    ],
)
def test_english_wording(item, wording):
    assert english(item) == wording


def test_mirrored_pairs_ask_the_same_from_both_sides():
    assert TWC.mirror("giving_receiving").pairs == tuple(zip(numbered("g", 5), numbered("v", 5), strict=True))
    assert TWC.mirror("carrying_carried").pairs == tuple(zip(numbered("c", 4), numbered("d", 4), strict=True))
    assert TWC.mirror("limits").counterpart("q2") == "p2"


def test_safety_comes_last_on_a_page_of_its_own_with_advice():
    last = TWC.blocks[-1]
    assert [item.id for item in last.items] == ["fear", "hurt", "contact"]
    advice = last.advice or {}
    assert (last.private, "privately" in advice["en"], "en privado" in advice["es"]) == (True, True, True)
    assert [item.id for item in ITEMS if item.sensitive] == ["fear", "hurt", "contact"]
    assert [block.id for block in TWC.blocks if block.private] == ["safety"]


def test_the_attention_check_is_failed_by_anything_else():
    expected = {item.id: item.expected for item in ITEMS if isinstance(item, ChoiceItem) and item.expected is not None}
    assert expected == {"attention": 2}
    assert "attention" not in {item for scale in TWC.scales for item in scale.items}


@pytest.mark.parametrize("role", OtherRole.values)
@pytest.mark.parametrize("language", TWC.languages)
def test_nothing_is_left_open_about_anybody(role, language):
    texts = [item.text for item in ITEMS] + [block.title for block in TWC.blocks]
    filled = [fill(text_for(text, language), other_term(role, language)) for text in texts]
    assert [text for text in filled if re.search(r"[{}]|partner|pareja", text) and role != "partner"] == []
    assert all(text[0].isupper() or text[0] == "¿" for text in filled)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_both_languages_ask_about_the_same_people(item):
    """Spanish may name the other person where English says "us" or "they", never the other way round."""
    english, spanish = (bool(re.search(r"\{\w+\}", item.text[language])) for language in ("en", "es"))
    assert spanish >= english


def test_spanish_addresses_the_person_formally():
    texts = [text["es"] for block in TWC.blocks for text in (block.title, block.intro, block.advice) if text]
    texts += [item.text["es"] for item in ITEMS] + [TWC.period["es"]]
    assert [
        text for text in texts if re.search(r"\b(tú|tu|tus|te|ti|contigo|puedes|elige|responde)\b", text, re.IGNORECASE)
    ] == []
