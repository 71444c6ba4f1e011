from __future__ import annotations

import json
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.answers import visible_questions
from assessments.exceptions import UnreadableQuestionnaire
from assessments.fhir import codes
from assessments.fhir.codes import DEFINITION
from assessments.fhir.reading import NO_SCORES, ONLY_POINTS, read_plain
from assessments.fhir.report import MOST_PROBLEMS
from assessments.fhir.writing import write_questionnaire
from assessments.scoring import score_response
from tests.assessments.fhir.forms import (
    choice,
    form,
    group,
    item,
    mood,
    option,
    read,
    reading,
    refusals,
    scored,
    shown_as,
    translated,
    when,
)

PLENTY = form(
    item("intro", "display"),
    group(
        "G/1",
        choice("G/1.1", *scored(0, 1, 2, 3), required=True, code=[{"system": codes.LOINC, "code": "1-1"}]),
        choice("G/1.2", *scored(0, 1, 2, 3), item=[item("h", "display", extension=shown_as("help"))]),
        item("why", "text", enableWhen=[when("G/1.1", answerCoding=mood("m3"))]),
        item("sum", "decimal", readOnly=True, extension=[{"url": codes.CALCULATED}]),
        _text=translated(es="Grupo"),
    ),
    item("from", "choice", answerValueSet="#v"),
    item("n", "integer", extension=[{"url": codes.MAX_VALUE, "valueInteger": 9}]),
    url="http://clinic.example/Questionnaire/weekly",
    version="2",
    name="Weekly",
    publisher="A clinic",
    copyright="Free to use",
    identifier=[{"system": "urn:x", "value": "W-1"}],
    code=[{"system": codes.LOINC, "code": "0-0", "display": "Weekly mood"}],
    contained=[{"resourceType": "ValueSet", "id": "v", "expansion": {"contains": [{"code": "x", "display": "X"}]}}],
)


def test_where_a_form_comes_from_is_kept():
    origin = read(PLENTY).origin
    assert (origin.url, origin.version, origin.name) == ("http://clinic.example/Questionnaire/weekly", "2", "Weekly")
    assert (origin.publisher, origin.copyright) == ("A clinic", "Free to use")
    assert [(each.system, each.code) for each in (*origin.identifiers, *origin.codes)] == [
        ("urn:x", "W-1"),
        (codes.LOINC, "0-0"),
    ]


@pytest.mark.parametrize(
    ("fields", "title", "slug"),
    [
        ({}, "Weekly mood", "weekly-mood"),
        ({"title": "情绪", "name": "Mood"}, "情绪", "mood"),
        ({"title": "情绪", "id": "mood-1"}, "情绪", "mood-1"),
        ({"title": "情绪", "url": "http://clinic.example/Questionnaire/mood|3"}, "情绪", "mood"),
        ({"title": None, "name": "Mood"}, "Mood", "mood"),
        ({"title": "", "code": [{"code": "1"}, {"code": "2", "display": "Mood code"}]}, "Mood code", "mood-code"),
        ({"title": "1 minute"}, "1 minute", "q-1-minute"),
        ({"title": "A" + " long" * 20}, "A" + " long" * 20, ("a" + "-long" * 12)[:60]),
    ],
)
def test_a_form_has_a_title_and_a_slug(fields, title, slug):
    definition = read({**form(item("a")), **fields})
    assert (definition.title, definition.slug) == ({"en": title}, slug)


@pytest.mark.parametrize(
    ("fields", "called", "slug"),
    [
        ({"id": "mood-7"}, "mood-7", "mood-7"),
        ({"url": "http://clinic.example/Questionnaire/mood|2"}, "mood", "mood"),
        ({}, "Questionnaire", "questionnaire"),
    ],
)
def test_a_form_without_a_title_is_called_by_what_there_is_and_a_note_says_so(fields, called, slug):
    untitled = {key: value for key, value in {**form(item("a")), **fields}.items() if key != "title"}
    found = reading(untitled)
    assert (found.definition.title, found.definition.slug) == ({"en": called}, slug)
    assert "Questionnaire.title" in [note.path for note in found.notes]


def test_the_slug_may_be_given():
    assert read(form(item("a")), slug="mine").slug == "mine"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": "x" * 201}, "Questionnaire.title: is longer than 200 characters; shorten it"),
        (
            {"title": "情绪"},
            "Questionnaire: has no title, name, id or url that a name in Latin letters can be made of; give a slug",
        ),
    ],
)
def test_a_form_without_a_usable_name_is_refused(fields, reason):
    assert refusals({**form(item("a")), **fields}) == [reason]


def test_all_that_has_scores_is_one_sum_of_which_nothing_more_is_known():
    found = reading(form(choice("a"), choice("b"), choice("c", option("x"))))
    total = found.definition.scale("total")
    assert (total.items, total.kind, total.minimum, total.prorate, total.direction) == (
        ("a", "b"),
        "sum",
        2,
        False,
        "neutral",
    )
    assert ONLY_POINTS in [note.message for note in found.notes]
    assert [each.value for each in score_response(found.definition, {"a": 2, "b": 1})] == [3.0]


def test_a_form_without_scores_says_so():
    assert NO_SCORES in [note.message for note in reading(form(item("a"))).notes]


def test_names_that_are_too_long_are_cut():
    found = reading(form(item("a"), publisher="p" * 501, status="retired"))
    assert len(found.definition.origin.publisher) == 500
    assert [str(note) for note in found.notes][:2] == [
        "Questionnaire.status: is retired by its publisher; look for the version that took its place",
        "Questionnaire.publisher: is longer than 500 characters; the rest is cut off",
    ]


def test_every_reason_is_told_at_once_and_not_too_many():
    questionnaire = form(*(item(f"a{number}", "time") for number in range(MOST_PROBLEMS + 20)))
    told = refusals(questionnaire)
    assert (len(told), told[-1]) == (MOST_PROBLEMS + 1, "Questionnaire: has 20 more faults")


# --- There and back --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("release", ["R4", "R4B", "R5"])
def test_a_form_that_was_written_back_reads_as_the_same_definition(release):
    definition = read(PLENTY)
    assert read(write_questionnaire(definition, release=release)).digest() == definition.digest()


def test_what_was_written_here_says_natively_all_that_it_can():
    definition = read(PLENTY)
    written = write_questionnaire(definition)
    assert read_plain(written)["blocks"] == json.loads(definition.canonical())["blocks"]


def test_a_slug_may_be_given_to_what_was_written_here_as_well():
    assert read(write_questionnaire(read(PLENTY)), slug="another").slug == "another"


@pytest.mark.parametrize(
    ("patch", "path"),
    [
        ("{", "Questionnaire.extension[0].valueString"),
        ('{"items": 5}', "Questionnaire.extension"),
        ('{"slug": "NO"}', "Questionnaire.slug"),
        ('{"items": {"why": {"kind": "dance"}}}', "Questionnaire.item[1].item[2]"),
        ('{"mirrors": [{"id": "m", "pairs": [["why", "nobody"]]}]}', "Questionnaire.mirrors[0].pairs"),
    ],
)
def test_an_extension_of_ours_that_does_not_fit_is_refused(patch, path):
    broken = {**PLENTY, "extension": [{"url": DEFINITION, "valueString": patch}]}
    assert refusals(broken)[0].startswith(path)


# --- Hostile files ---------------------------------------------------------------------------------------------------


def test_nothing_is_fetched(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    address = "http://127.0.0.1:1/ValueSet/x"
    questionnaire = form(
        item("a", "choice", answerValueSet=address),
        item("b", definition=address, extension=[{"url": codes.SUPPORT_LINK, "valueUri": address}]),
        url=address,
        derivedFrom=[address],
        meta={"profile": [address]},
        contained=[{"resourceType": "ValueSet", "id": "v", "compose": {"include": [{"valueSet": [address]}]}}],
    )
    assert len(refusals(questionnaire)) == 1


def test_no_pattern_of_the_file_is_run():
    """Matching this one against the answer takes longer than anybody lives."""
    asked = item("a", extension=[{"url": codes.REGEX, "valueString": "(a|a)*$"}])
    definition = read(form(asked))
    assert visible_questions(definition, {"a": "a" * 60 + "b"}) == tuple(definition.questions())


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "#v", "x", "a" * 600, "{other}", "en", "choice", codes.DEFINITION]),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just([{}]),
    st.just({"url": [], "value": {}}),
)


@st.composite
def mutilated(draw):
    """The form above with some of its values replaced, added or put in the place of others."""
    data = _copied(PLENTY)
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(data))
        inside, key = places[draw(st.integers(0, len(places) - 1))]
        other, other_key = places[draw(st.integers(0, len(places) - 1))]
        put = _copied(draw(ODD) if draw(st.booleans()) else other[other_key])
        if isinstance(inside, dict):
            inside[key] = put
        else:
            inside.insert(key, put)
    return data


def _copied(part):
    return json.loads(json.dumps(part))


def _places(part):
    keys = part.keys() if isinstance(part, dict) else range(len(part))
    for key in list(keys):
        yield part, key
        if isinstance(part[key], dict | list):
            yield from _places(part[key])


@settings(max_examples=400)
@given(mutilated())
def test_any_data_is_read_or_refused_with_a_place(data):
    try:
        definition = read(data)
    except UnreadableQuestionnaire as error:
        told = [bool(problem.path and problem.message) for problem in error.problems]
        assert set(told) == {True}
    else:
        assert read(write_questionnaire(definition)).digest() == definition.digest()
