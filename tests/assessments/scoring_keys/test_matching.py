from __future__ import annotations

import pytest

from assessments.scoring_keys import check_key, key_slugs, match_key, scoring_key, suggested_keys
from tests.assessments.factories import two_way_check_in, words
from tests.assessments.scoring_keys.toy_forms import coding, form, form_data, items_of, question, turned

OPTIONS = "option_sets"


def problems(data):
    return match_key(form(data)).problems


# --- Finding a key -----------------------------------------------------------------------------


@pytest.mark.parametrize("slug", key_slugs())
def test_a_form_that_fits_is_matched_item_by_item(slug):
    match = match_key(form(form_data(slug)))
    assert (match.key.slug, match.found_by, match.problems, match.usable) == (slug, "url", (), True)
    assert match.items == {number: f"q{number}" for number in range(1, len(match.key.items) + 1)}


@pytest.mark.parametrize(
    ("origin", "found"),
    [
        ({"url": "http://loinc.org/q/44249-1|2.78"}, ("url", "http://loinc.org/q/44249-1")),
        ({"codes": [coding("44249-1")]}, ("code", "44249-1")),
        ({"identifiers": [coding("44249-1")]}, ("code", "44249-1")),
        ({"codes": [coding("44249-1", "urn:oid:2.16.840.1.113883.6.1")]}, ("code", "44249-1")),
    ],
)
def test_a_key_is_found_by_url_without_its_version_or_by_loinc_code(origin, found):
    data = form_data("phq-9")
    data["origin"] = {"standard": "fhir", "release": "4.0.1", **origin}
    match = match_key(form(data))
    assert (match.key.slug, match.found_by, match.found) == ("phq-9", *found)


@pytest.mark.parametrize(
    "origin",
    [
        None,
        {"standard": "fhir", "release": "4.0.1"},
        {"standard": "fhir", "release": "4.0.1", "codes": [coding("44249-1", "http://example.org/codes")]},
        {"standard": "fhir", "release": "4.0.1", "url": "http://example.org/phq-9", "name": "PHQ-9"},
    ],
)
def test_a_name_or_a_code_of_another_system_finds_no_key(origin):
    assert match_key(form({**form_data("phq-9"), "title": words("PHQ-9"), "origin": origin})) is None


def test_a_name_suggests_a_key_for_a_person_to_choose():
    data = {**form_data("phq-9"), "title": words("Patient  Health Questionnaire-9"), "origin": None}
    assert suggested_keys(form(data)) == (scoring_key("phq-9"),)
    assert suggested_keys(two_way_check_in()) == ()
    chosen = check_key(form(data), scoring_key("phq-9"))
    assert (chosen.found_by, chosen.found, chosen.usable) == ("chosen", "phq-9", True)


def test_a_form_that_names_two_instruments_is_scored_as_neither():
    data = form_data("phq-9")
    data["origin"]["codes"] = [coding("69737-5")]
    match = match_key(form(data))
    assert (match.key.slug, match.usable) == ("phq-9", False)
    assert match.problems == ("its URL and codes name PHQ-9, GAD-7; leave one of them",)


# --- Questions ---------------------------------------------------------------------------------


def test_questions_that_are_not_scored_may_stand_beside_those_of_the_key():
    data = form_data("phq-9")
    data[OPTIONS]["difficulty"] = [{"value": value, "text": words(f"Hard {value}")} for value in range(4)]
    difficulty = {"id": "hard", "kind": "choice", "options": "difficulty", "text": words("Hard?")}
    extras = [
        {"id": "intro", "kind": "display", "text": words("Read this")},
        {"id": "note", "kind": "text", "text": words("Anything else?")},
        {"id": "day", "kind": "date", "text": words("When?")},
        {"id": "total", "kind": "decimal", "minimum": 0, "maximum": 27, "text": words("Sum")}
        | {"codes": [coding("44261-6")]},
        {"id": "count", "kind": "integer", "text": words("How many?")},
        {"id": "why", "kind": "gate", "options": "difficulty", "text": words("Why?")},
        {**difficulty, "codes": [coding("69722-7")]},
    ]
    items_of(data).extend(extras)
    assert match_key(form(data)).usable


def test_another_scored_question_is_too_many():
    data = form_data("phq-9")
    items_of(data).append({**question(scoring_key("gad-7").items[0]), "id": "extra", "link_id": "/extra"})
    assert problems(data) == ('10 questions with points where PHQ-9 has 9; not of PHQ-9: question "/extra"',)


def test_a_missing_question_is_too_few():
    data = form_data("core-10")
    items_of(data).pop()
    match = match_key(form(data))
    assert (match.problems, match.pairings) == (("9 questions with points where CORE-10 has 10",), ())


def test_questions_in_another_order_are_noticed_by_their_codes():
    data = form_data("phq-9")
    items = items_of(data)
    items[0], items[1] = items[1], items[0]
    assert problems(data) == (
        'question "/2" has the code 44255-8 where item 1 has 44250-9',
        'question "/1" has the code 44250-9 where item 2 has 44255-8',
    )


def test_another_form_under_this_code_is_not_scored_by_it():
    """Real files of the GAD-7 carry the code of the PHQ-9."""
    data = form_data("gad-7")
    data["origin"] = {"standard": "fhir", "release": "4.0.1", "codes": [coding("44249-1")]}
    assert match_key(form(data)).usable is False
    items_of(data).extend({**question(item), "id": f"x{item.number}"} for item in scoring_key("gad-7").items[:2])
    assert len(problems(data)) == 9


def test_questions_without_codes_are_taken_in_order():
    data = form_data("phq-9")
    for item in items_of(data):
        item["codes"] = []
    assert match_key(form(data)).usable


# --- Answers -----------------------------------------------------------------------------------


def test_an_answer_too_many_is_noticed():
    data = form_data("gad-7")
    data[OPTIONS]["days"].append({"value": 5, "text": words("More")})
    assert problems(data)[0] == 'question "/1" has 5 answers where item 1 has 4'


def test_points_that_run_the_other_way_in_some_questions_only_are_refused():
    data = form_data("audit")
    data[OPTIONS]["five"] = turned(data[OPTIONS]["five"])
    assert problems(data) == (
        "items 1, 2, 3, 4, 5, 6, 7, 8: points in the other order than those of the other items; make them alike",
    )


def test_answers_listed_in_another_order_fit_where_their_codes_say_what_they_count():
    data = form_data("phq-9")
    data[OPTIONS]["days"].reverse()
    assert match_key(form(data)).usable


def test_points_that_contradict_the_answers_codes_are_refused():
    """A file that counts "none of the time" 5 and "all of the time" 1, as the K10 was first coded."""
    data = form_data("k10")
    data[OPTIONS]["times"] = turned(data[OPTIONS]["times"])
    assert len(problems(data)) == 10


def test_other_points_are_refused():
    data = form_data("csi-4")
    data[OPTIONS]["rising"][-1]["score"] = 6
    assert problems(data)[0] == (
        'question "/2" counts 0, 1, 2, 3, 4, 6 where item 2 counts 0, 1, 2, 3, 4, 5, in the order of the form'
    )


def test_answers_without_points_get_them_by_their_codes():
    match = match_key(form(form_data("phq-9", unscored=True)))
    assert (match.problems, match.pairings[8].points) == ((), {1: 0, 2: 1, 3: 2, 4: 3})


def test_an_answer_may_have_one_of_several_codes_but_only_one_option_may_have_it():
    data = form_data("gad-7", unscored=True)
    days = data[OPTIONS]["days"]
    days[2]["coding"] = coding("LA18938-3")
    assert match_key(form(data)).pairings[1].points == {1: 0, 2: 1, 3: 2, 4: 3}
    days[3]["coding"] = coding("LA6570-1")
    assert problems(data)[0] == 'question "/1" has answers with neither points nor codes that the key knows'


def with_codes(data, codes):
    for options in data[OPTIONS].values():
        for place, option in enumerate(options):
            option["coding"] = coding(codes[place], "http://example.org/answers")
    return data


def test_answers_without_points_get_them_where_their_codes_are_numbers():
    match = match_key(form(with_codes(form_data("core-10", unscored=True), "01234")))
    assert (match.problems, match.pairings[0].points) == ((), {1: 0, 2: 1, 3: 2, 4: 3, 5: 4})
    assert [pairing.number for pairing in match.pairings if pairing.reversed] == [2, 3]


def test_answers_without_points_and_known_codes_are_not_counted_by_their_place():
    data = with_codes(form_data("phq-9", unscored=True), "abcd")
    assert problems(data)[0] == 'question "/1" has answers with neither points nor codes that the key knows'
    assert problems(with_codes(form_data("core-10", unscored=True), "abcde")) == (
        "0 questions with points where CORE-10 has 10",
    )


def test_an_unscored_question_is_only_one_of_the_key_by_its_code_or_its_answers():
    data = form_data("phq-9", unscored=True)
    for item in items_of(data):
        item["codes"] = []
    assert match_key(form(data)).usable
    for option in data[OPTIONS]["days"]:
        option.pop("coding")
    assert problems(data) == ("0 questions with points where PHQ-9 has 9",)


def test_several_answers_to_one_question_are_refused():
    data = form_data("kmss")
    items_of(data)[1]["kind"] = "multiple_choice"
    assert problems(data) == ('question "/2" is not answered with one of the item\'s answers',)


# --- Numbers -----------------------------------------------------------------------------------


def numbers(data, kind, minimum, maximum, **more):
    for item in items_of(data):
        item.pop("options")
        item.update({"kind": kind, "minimum": minimum, "maximum": maximum, **more})
    return data


@pytest.mark.parametrize("kind", ["integer", "scale"])
def test_numbers_of_the_same_range_fit(kind):
    match = match_key(form(numbers(form_data("kmss"), kind, 1, 7)))
    assert (match.problems, match.notes) == ((), ())


@pytest.mark.parametrize(("kind", "ends"), [("integer", (0, 6)), ("scale", (1, 7))])
def test_numbers_of_another_range_or_step_do_not(kind, ends):
    more = {"step": 2} if kind == "scale" else {}
    said = problems(numbers(form_data("kmss"), kind, *ends, **more))[0]
    assert said == 'question "/1" does not run from 1 to 7 like item 1'


def test_a_reversed_number_is_turned_and_a_person_asked_to_check():
    match = match_key(form(numbers(form_data("ras"), "scale", 1, 5)))
    assert [pairing.number for pairing in match.pairings if pairing.reversed] == [4, 7]
    assert match.notes == tuple(
        f"Item {number} is a reversed one and is counted from the other end. Check that against the form."
        for number in (4, 7)
    )


def test_numbers_that_are_printed_falling_ask_a_person_to_check():
    match = match_key(form(numbers(form_data("who-5"), "scale", 0, 5)))
    assert (match.usable, len(match.notes)) == (True, 5)
    assert match.notes[0] == "Item 1 is printed from 5 down. Check which end its numbers mean."


# --- Reversed items ----------------------------------------------------------------------------


def reversed_numbers(match):
    return [pairing.number for pairing in match.pairings if pairing.reversed]


def test_a_reversed_item_with_plain_points_is_turned():
    match = match_key(form(form_data("core-10")))
    assert (match.problems, match.notes, reversed_numbers(match)) == ((), (), [2, 3])


def test_a_reversed_item_that_the_file_has_turned_is_not_turned_again():
    data = form_data("core-10")
    data[OPTIONS]["turned"] = turned(data[OPTIONS]["frequency"])
    items_of(data)[1]["options"] = items_of(data)[2]["options"] = "turned"
    match = match_key(form(data))
    assert (match.problems, match.notes, reversed_numbers(match)) == ((), (), [])


def test_the_same_words_in_another_order_are_still_understood():
    """Points that rise look plain; the words say that they were turned, and listed from the other end."""
    data = form_data("core-10")
    data[OPTIONS]["turned"] = turned(data[OPTIONS]["frequency"])[::-1]
    items_of(data)[1]["options"] = "turned"
    match = match_key(form(data))
    assert (match.problems, reversed_numbers(match)) == ((), [3])


def test_where_only_the_order_tells_a_person_is_asked_to_check():
    data = form_data("ras")
    low_first = [{"value": value, "text": words(f"Other {value}")} for value in range(1, 6)]
    data[OPTIONS]["other"], data[OPTIONS]["turned"] = low_first, turned(low_first)
    items_of(data)[3]["options"], items_of(data)[6]["options"] = "other", "turned"
    match = match_key(form(data))
    assert (match.problems, reversed_numbers(match)) == ((), [4])
    assert match.notes == (
        "Item 4 is a reversed one and is counted from the other end. Check that against the form.",
        "Item 7 is a reversed one and its points are taken as turned round already. Check that against the form.",
    )


# --- Alerts ------------------------------------------------------------------------------------


def test_an_alert_needs_values_that_rise_with_its_points():
    data = form_data("phq-9")
    for option, value in zip(data[OPTIONS]["days"], (4, 3, 2, 1), strict=True):
        option["value"] = value
    assert problems(data) == ("item 9 raises an alert, and its stored values do not rise with its points",)
