"""What holds for each shipped questionnaire: it can be asked, answered, sent and scored, and speaks plainly."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.actions.responses import save_answers, submit_response
from assessments.answers import clean_answers, clean_page, unanswered
from assessments.conf import SHIPPED_CATALOG
from assessments.definition import Definition, TextItem, load_definition, text_for
from assessments.enums import OtherRole
from assessments.exceptions import InvalidAnswers
from assessments.sample_answers import LEVELS, sample_answers
from assessments.scoring import score_response
from assessments.terms import fill, other_term
from tests.assessments.factories import NOW, draft_response, published
from tests.assessments.fhir.any_definition import answers_to

FILES = sorted(SHIPPED_CATALOG.glob("*.json"))
SHIPPED = [load_definition(file.read_bytes()) for file in FILES]
MOST_WORDS = 24
"""In one sentence."""
FAMILIAR = re.compile(r"\b(tú|tu|tus|te|ti|contigo|puedes|elige|responde|piensa|escribe|marca)\b", re.IGNORECASE)

each = pytest.mark.parametrize("definition", SHIPPED, ids=lambda one: one.slug)


def for_clients(definition: Definition) -> list[dict[str, str]]:
    """Every text that a person who answers reads."""
    found: list[dict[str, str]] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if value.keys() == set(definition.languages):
                found.append(value)
            else:
                for key, inner in value.items():
                    walk(inner) if key != "scales" else None
        elif isinstance(value, list | tuple):
            for inner in value:
                walk(inner)

    walk(definition.model_dump())
    return found


def everything(definition: Definition, level: str) -> dict[str, Any]:
    """The sample answers, and a line wherever somebody has to write."""
    answers = sample_answers(definition, level)
    return answers | {item.id: "A line." for item in definition.questions() if isinstance(item, TextItem)}


def test_they_are_named_after_their_files():
    assert [file.stem for file in FILES] == [definition.slug for definition in SHIPPED]
    assert {"two-way-pulse", "session-feedback", "wellbeing-pulse", "intake-goals"} < {one.slug for one in SHIPPED}


@each
def test_it_is_labelled_as_new_and_not_validated(definition):
    notice = definition.notice or {}
    assert ("not yet validated" in notice["en"], "sin validar" in notice["es"]) == (True, True)
    assert ("Not a diagnosis" in notice["en"], "No es un diagnóstico" in notice["es"]) == (True, True)


@each
def test_every_error_is_said_to_be_an_assumption(definition):
    sources = [scale.uncertainty.source for scale in definition.scales if scale.uncertainty]
    assert all(source["en"].startswith("An assumption, not yet estimated from data") for source in sources)
    assert all(source["es"].startswith("Un supuesto, aún no estimado a partir de datos") for source in sources)


@each
def test_nothing_is_claimed_that_no_data_tell(definition):
    assert [scale.id for scale in definition.scales if scale.bands or scale.cutoffs or scale.norms] == []


@each
@pytest.mark.django_db
@pytest.mark.parametrize("level", LEVELS)
def test_it_can_be_asked_answered_sent_and_scored(definition, level):
    draft = draft_response(published(definition))
    saved = save_answers(draft, answers=everything(definition, level), revision=0, now=NOW)
    sent = submit_response(saved, now=NOW)
    scores = {score.scale: score for score in sent.scores.all()}
    assert scores.keys() == {scale.id for scale in definition.scales}
    assert [score.scale for score in scores.values() if score.value is None] == []


@each
@settings(max_examples=25)
@given(data=st.data())
def test_whatever_is_answered_is_scored_within_its_ends_or_not_at_all(definition, data):
    drawn = {
        item: answer for item, answer in data.draw(answers_to(definition)).items() if fits(definition, item, answer)
    }
    given_there = {**everything(definition, "middle"), **drawn}
    declined = dict.fromkeys((item.id for item in unanswered(definition, given_there)), None)
    answers = clean_answers(definition, {**given_there, **declined})
    for score in score_response(definition, answers):
        assert score.value is None or 0 <= score.value <= 100


def fits(definition: Definition, item: str, answer: Any) -> bool:
    try:
        return clean_page(definition, {item: answer}) != {item: ""}
    except InvalidAnswers:
        return False


@each
def test_a_private_page_holds_what_raises_an_alarm_and_says_to_answer_privately(definition):
    alarming = {alert.item for alert in definition.alerts}
    private = [block for block in definition.blocks if block.private]
    assert {item.id for block in private for item in block.items} == alarming
    assert all("Answer privately" in (block.advice or {})["en"] for block in private)
    assert {item.id for item in definition.questions() if item.sensitive} == alarming


@each
@pytest.mark.parametrize("role", OtherRole.values)
@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_is_left_open_about_anybody(definition, role, language):
    filled = [fill(text_for(text, language), other_term(role, language)) for text in for_clients(definition)]
    assert [text for text in filled if re.search(r"[{}]|\bmy partner\b|pareja", text) and role != "partner"] == []
    assert all(text[0].isupper() or text[0] in "¿A" for text in filled if text not in {"sessions", "sesiones"})


@each
def test_both_languages_are_there_and_say_something_else(definition):
    assert definition.languages == ("en", "es")
    same = [text["en"] for text in for_clients(definition) if text["en"] == text["es"]]
    assert same in ([], ["No"])


@each
def test_sentences_are_short(definition):
    texts = [text[language] for text in for_clients(definition) for language in ("en", "es")]
    sentences = [sentence for text in texts for sentence in re.split(r"[.:;!?]", text)]
    assert [sentence for sentence in sentences if len(sentence.split()) > MOST_WORDS] == []


@each
def test_spanish_addresses_the_person_formally(definition):
    assert [text["es"] for text in for_clients(definition) if FAMILIAR.search(text["es"])] == []


def test_no_two_are_called_the_same():
    titles = sorted(text_for(definition.title, language) for definition in SHIPPED for language in ("en", "es"))
    assert [one for one, other in pairwise(titles) if one == other] == []
