from __future__ import annotations

import pytest

from assessments.fhir.codes import CONCEPT_ORDER
from assessments.fhir.terminology import MOST_ANSWERS
from tests.assessments.fhir.forms import MOODS, choice, form, item, mood, notes, read, refusals, translated, weight

URL = "http://clinic.example/ValueSet/moods"
ASKED = item("a", "choice", answerValueSet="#v")
SET = "Questionnaire.contained[0]"
NO_SYSTEM = "takes a whole code system, which is not in the file; give the expansion or the CodeSystem"
TOO_MANY = "has more than 250 answers: a list to search, not to choose from; shorten it"
NOT_THERE = "is not in the file, and nothing is fetched: give the ValueSet as terminology, or list the answers"


def value_set(**fields):
    return {"resourceType": "ValueSet", "id": "v", "url": URL, **fields}


def expanded(*concepts, **fields):
    return value_set(expansion={"contains": list(concepts), **fields})


def composed(*includes, **fields):
    return value_set(compose={"include": list(includes), **fields})


def concept(code, score=None, **fields):
    scores = {} if score is None else {"extension": [weight(score)]}
    return {"code": code, "display": f"Mood {code}", **scores, **fields}


def coded(code, score=None, **fields):
    return concept(code, score, system=MOODS, **fields)


def code_system(*concepts, **fields):
    return {"resourceType": "CodeSystem", "id": "c", "url": MOODS, "concept": list(concepts), **fields}


def answers(questionnaire, **options):
    definition = read(questionnaire, **options)
    return [(o.coding.code, o.points) for o in definition.options(definition.item("a"))]


SCORED = [("x", 5.0), ("y", 7.0)]


@pytest.mark.parametrize(
    "contained",
    [
        [expanded(coded("x", 5), coded("y", 7))],
        [composed({"system": MOODS, "concept": [concept("x", 5), concept("y", 7)]})],
        [
            composed({"system": MOODS, "concept": [concept("x"), concept("y")]}),
            code_system(concept("x", 5), concept("y", 7)),
        ],
        [composed({"system": MOODS}), code_system(concept("x", 5, concept=[concept("y", 7)]))],
        [
            expanded(coded("x"), coded("y")),
            code_system(
                concept("x", property=[{"code": "itemWeight", "valueDecimal": 5}]),
                concept(
                    "y", property=[{"code": "other", "valueInteger": 1}, {"code": "ordinalValue", "valueInteger": 7}]
                ),
            ),
        ],
    ],
    ids=["expansion", "compose", "concepts scored by their system", "whole system", "properties"],
)
def test_sets_and_their_scores_are_read_in_every_notation(contained):
    assert answers(form(ASKED, contained=contained)) == SCORED


@pytest.mark.parametrize("name", ["#v", URL, f"{URL}|2"])
def test_a_set_in_the_file_is_found_by_id_or_address(name):
    contained = [{**expanded(coded("x", 5), coded("y", 7)), "version": "2"}]
    assert answers(form(item("a", "choice", answerValueSet=name), contained=contained)) == SCORED


@pytest.mark.parametrize("name", [URL, f"{URL}|2", "ValueSet/v"])
def test_a_set_beside_the_file_is_found_by_address(name):
    supplied = expanded(coded("x", 5), coded("y", 7))
    assert answers(form(item("a", "choice", answerValueSet=name)), terminology=[supplied]) == SCORED


def test_a_set_in_the_file_comes_before_one_beside_it():
    inside, beside = expanded(coded("x", 5), coded("y", 7)), expanded(coded("z", 1))
    questionnaire = form(item("a", "choice", answerValueSet=URL), contained=[inside])
    assert answers(questionnaire, terminology=[beside]) == SCORED


def test_a_bundle_brings_its_sets_along():
    questionnaire = form(item("a", "choice", answerValueSet=URL))
    entries = [{"resource": questionnaire}, {"resource": expanded(coded("x", 5), coded("y", 7))}]
    assert answers({"resourceType": "Bundle", "entry": entries}) == SCORED


def test_stu3_names_a_set_by_reference():
    questionnaire = form(item("a", "choice", options={"reference": "#v"}), contained=[expanded(coded("x", 5))])
    assert answers(questionnaire) == [("x", 5.0)]


@pytest.mark.parametrize(
    "name",
    [
        "#other",
        "http://clinic.example/ValueSet/other",
        f"{URL}|1",
        "ValueSet/v",
        "file:///etc/passwd",
        "http://169.254.169.254/latest",
    ],
)
def test_a_set_that_is_not_there_is_refused_and_never_fetched(name):
    questionnaire = form(item("a", "choice", answerValueSet=name), contained=[{**expanded(coded("x")), "version": "2"}])
    assert refusals(questionnaire) == [
        f'Questionnaire.item[0].answerValueSet: names the set "{name}", which {NOT_THERE}'
    ]


def test_a_set_may_be_made_of_another():
    other = {**expanded(coded("x", 5), coded("y", 7)), "id": "w", "url": f"{URL}-2"}
    assert answers(form(ASKED, contained=[composed({"valueSet": [f"{URL}-2"]}), other])) == SCORED


def test_sets_that_include_each_other_are_refused():
    other = {**composed({"valueSet": [URL]}), "id": "w", "url": f"{URL}-2"}
    contained = [composed({"valueSet": [f"{URL}-2"]}), other]
    assert refusals(form(ASKED, contained=contained)) == [f"{SET}: includes itself; list its codes"]


def test_sets_that_double_each_other_are_expanded_once_each():
    """A hundred sets that each include the one before twice would be 2^100 codes."""
    contained = [expanded(coded("x", 5))]
    for number in range(100):
        before = URL if number == 0 else f"{URL}-{number}"
        contained.append({**composed({"valueSet": [before]}, {"valueSet": [before]}), "id": f"w{number}"})
        contained[-1]["url"] = f"{URL}-{number + 1}"
    assert answers(form(item("a", "choice", answerValueSet=f"{URL}-100"), contained=contained)) == [("x", 5.0)]


def test_a_code_that_is_listed_twice_is_one_answer():
    assert answers(form(ASKED, contained=[expanded(coded("x", 5), coded("y", 7), coded("x", 5))])) == SCORED


def test_headings_in_an_expansion_are_no_answers():
    heading = {"display": "Bad", "contains": [coded("x", 5)]}
    abstract = coded("top", abstract=True, contains=[coded("y", 7)])
    assert answers(form(ASKED, contained=[expanded(heading, abstract)])) == SCORED


@pytest.mark.parametrize(("places", "order"), [((2, 1), ["y", "x"]), ((1, 1), ["x", "y"]), ((2, None), ["x", "y"])])
def test_concepts_may_say_their_order(places, order):
    concepts = [
        coded(code, extension=[] if place is None else [{"url": CONCEPT_ORDER, "valueInteger": place}])
        for code, place in zip("xy", places, strict=True)
    ]
    assert [code for code, _ in answers(form(ASKED, contained=[expanded(*concepts)]))] == order


def test_words_may_come_from_the_code_system_and_be_translated_in_two_ways():
    system = code_system(
        {
            "code": "x",
            "display": "Good",
            "_display": translated(es="Bien"),
            "designation": [
                {"language": "de", "value": "Gut"},
                {"language": "fr", "value": "B", "use": {"code": "short"}},
                {"value": "?"},
            ],
        }
    )
    coding = {"valueCoding": mood("x")}
    questionnaire = form(
        item("a", "choice", answerOption=[coding], _text=translated(es="A", de="A", fr="A")),
        _title=translated(es="A", de="A", fr="A"),
        contained=[system],
    )
    assert read(questionnaire).option_sets["answers_1"][0].text == {"en": "Good", "es": "Bien", "de": "Gut"}


def test_what_else_is_in_the_file_is_noted():
    assert notes(form(item("a"), contained=[{"resourceType": "Patient", "id": "p"}])) == [
        f"{SET}: is no ValueSet or CodeSystem; it is left out"
    ]


TWO_CODES = [coded("x"), coded("y")]


@pytest.mark.parametrize(
    ("contained", "reason"),
    [
        (value_set(), f"{SET}: lists no codes; add them, or its expansion"),
        (expanded(*TWO_CODES, total=3), f"{SET}.expansion: holds only a part of the set; give all of it"),
        (
            expanded(*TWO_CODES, extension=[{"url": "http://hl7.org/fhir/StructureDefinition/valueset-unclosed"}]),
            f"{SET}.expansion: holds only a part of the set; give all of it",
        ),
        (
            composed({"system": MOODS, "concept": TWO_CODES}, exclude=[{"system": MOODS}]),
            f"{SET}.compose.exclude: leaves codes out again; give the expansion",
        ),
        (
            composed(*[{"valueSet": [f"{URL}-2"]}] * (MOST_ANSWERS + 1)),
            f"{SET}: is made of more than 250 parts; give the expansion",
        ),
        (
            composed({"system": MOODS, "filter": [{"property": "a"}]}),
            f"{SET}.compose.include[0].filter: chooses codes by a rule; give the expansion",
        ),
        (
            composed({"valueSet": [URL, "http://clinic.example/2"]}),
            f"{SET}.compose.include[0].valueSet: takes what several sets share; give the expansion",
        ),
        (
            composed({"valueSet": ["http://clinic.example/2"]}),
            f'{SET}.compose.include[0].valueSet: names the set "http://clinic.example/2", which {NOT_THERE}',
        ),
        (
            composed({"system": MOODS}),
            f"{SET}.compose.include[0]: {NO_SYSTEM}",
        ),
        (
            expanded(*(coded(f"m{number}") for number in range(MOST_ANSWERS + 3))),
            f"Questionnaire.item[0].answerValueSet: {TOO_MANY}",
        ),
    ],
)
def test_a_set_that_cannot_be_listed_in_full_is_refused(contained, reason):
    assert refusals(form(ASKED, contained=[contained])) == [reason]


def test_a_part_of_a_code_system_is_not_the_whole_of_it():
    contained = [composed({"system": MOODS}), code_system(concept("x"), content="fragment")]
    assert "takes a whole code system" in refusals(form(ASKED, contained=contained))[0]


def test_an_option_takes_its_score_from_its_code_system():
    questionnaire = form(choice("a", {"valueCoding": mood("x")}), contained=[code_system(concept("x", 5))])
    assert answers(questionnaire) == [("x", 5.0)]


def test_a_supplement_scores_the_codes_of_a_system_that_is_elsewhere():
    supplement = {**code_system(concept("x", 5), content="supplement"), "url": "urn:s", "supplements": f"{MOODS}|1"}
    questionnaire = form(choice("a", {"valueCoding": {**mood("x"), "display": "X"}}), contained=[supplement])
    assert answers(questionnaire) == [("x", 5.0)]
    assert answers({**questionnaire, "contained": [code_system(concept("x")), supplement]}) == [("x", 5.0)]
    whole = form(ASKED, contained=[composed({"system": MOODS}), supplement])
    assert refusals(whole) == [f"{SET}.compose.include[0]: {NO_SYSTEM}"]


def test_a_score_of_a_code_system_must_be_a_number():
    scored = concept("x", property=[{"code": "itemWeight", "valueString": "5"}])
    questionnaire = form(choice("a", {"valueCoding": mood("x")}), contained=[code_system(scored)])
    assert refusals(questionnaire) == [f"{SET}.concept[0].property[0]: must hold a number as the score; correct it"]


def test_a_code_that_its_system_does_not_know_counts_nothing():
    questionnaire = form(
        choice("a", {"valueCoding": {**mood("z"), "display": "Z"}}), contained=[code_system(concept("x", 5))]
    )
    assert read(questionnaire).item("a").kind == "gate"
