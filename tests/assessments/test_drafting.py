"""An author's text: laid out to be edited, and every fault told with its line."""

from __future__ import annotations

import json

import pytest

from assessments.definition import load_definition
from assessments.drafting import LONGEST_TEXT, check_text, laid_out
from tests.assessments.differences.rich import load, rich_data
from tests.assessments.factories import small, small_data, two_way_check_in


@pytest.mark.parametrize(
    "definition", [small(), two_way_check_in(), load(rich_data())], ids=["small", "shipped", "rich"]
)
def test_a_laid_out_definition_reads_as_the_same(definition):
    text = laid_out(definition)
    assert load_definition(text).digest() == definition.digest()
    assert laid_out(load_definition(text)) == text
    assert check_text(text) == (definition, ())


def test_what_fits_on_a_line_stands_on_one():
    lines = laid_out(small()).splitlines()
    assert lines[:3] == ["{", '  "slug": "small",', '  "title": {"en": "Small"},']
    assert max(map(len, lines)) <= 112


def faults(text, **known):
    return [tuple(fault) for fault in check_text(text, **known).faults]


def test_a_fault_is_told_with_its_path_and_line():
    data = small_data()
    data["scales"][0]["minimum"] = 3
    data["alerts"][0]["at_or_above"] = 9
    text = json.dumps(data, indent=1)
    lines = text.splitlines()
    found = check_text(text).faults
    assert [fault.path for fault in found] == ["$.scales[0].minimum", "$.alerts[0].at_or_above"]
    assert [lines[fault.line - 1].strip() for fault in found] == ['"minimum": 3,', '"at_or_above": 9,']


def test_a_fault_in_something_missing_stands_where_it_should_be():
    assert faults('{"slug": "a",\n"title": {"en": "A"}, "languages": ["en"],\n"blocks": [\n{"id": "first"}]}') == [
        ("$.blocks[0].items", "is missing; add it", 4)
    ]


def test_a_fault_of_all_items_stands_at_the_nearest_part_that_is_there():
    data = small_data()
    data["blocks"][1]["items"][0]["id"] = "a"
    text = json.dumps(data, indent=1)
    (fault,) = [fault for fault in check_text(text).faults if "twice" in fault.message]
    assert text.splitlines()[fault.line - 1].strip() == '"blocks": ['


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ('{\n"slug": "a"\n"title"', 3), ("[" * 200_000, 1), ('{"slug": "a"', 1), ("nonsense", 1)],
    ids=["empty", "comma", "deep", "open", "no JSON"],
)
def test_what_is_no_json_is_told_where_it_stops_being_it(text, line):
    ((path, message, told),) = faults(text)
    assert (path, "is not valid JSON" in message, told) == ("$", True, line)


def test_a_text_that_is_too_long_is_not_read():
    assert faults(" " * (LONGEST_TEXT + 1)) == [("$", "is longer than 1,000,000 characters; shorten it", 1)]


def test_a_key_that_is_written_twice_is_told_although_json_allows_it():
    text = laid_out(small()).replace('  "title"', '  "slug": "small",\n  "title"', 1)
    assert faults(text) == [("$.slug", "is written twice, and only the last counts; remove one", 3)]


def test_the_same_key_in_two_objects_is_no_repetition():
    assert check_text('{"slug": "small", "title": {"title": "x"}}').definition is None
    assert check_text(laid_out(small())).faults == ()


def test_a_version_keeps_the_name_of_its_questionnaire():
    assert faults(laid_out(small()), slug="small") == []
    assert faults(laid_out(small()), slug="other") == [
        ("$.slug", 'must stay "other"; write another questionnaire to use another name', 2)
    ]


def test_quotes_brackets_and_escapes_inside_texts_are_no_structure():
    data = small_data()
    data["title"] = {"en": 'A "quoted" {other} [list], \\ and: more'}
    data["scales"][0]["minimum"] = 9
    text = json.dumps(data, indent=1)
    (fault,) = check_text(text).faults
    assert text.splitlines()[fault.line - 1].strip() == '"minimum": 9,'
