from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.exceptions import UnreadableQuestionnaire
from assessments.fhir.codes import DEFINITION, ENABLE_WHEN_EXPRESSION, HIDDEN
from assessments.fhir.leftovers import as_text, difference, flat, leftovers, merged, patched, split
from tests.assessments.factories import every_kind, two_way_check_in
from tests.assessments.fhir.any_definition import definitions, tried

VALUES = st.recursive(
    st.booleans() | st.integers(-3, 3) | st.floats(-2, 2, allow_nan=False) | st.text("ab", max_size=2),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text("abc", max_size=1), part, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text("abc", max_size=1), VALUES, max_size=4)


def data_of(definition):
    return json.loads(definition.canonical())


@pytest.mark.parametrize(
    ("old", "patch", "new"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_patches_are_merged_as_in_rfc_7396(old, patch, new):
    """The test cases of the RFC's appendix A."""
    assert merged(old, patch) == new


@given(OBJECTS, OBJECTS)
def test_a_difference_leads_from_one_to_the_other(old, new):
    patch = difference(old, new)
    assert as_text(merged(old, patch)) == as_text(new)
    assert bool(patch) is (as_text(old) != as_text(new))


@tried(40)
@given(definitions())
def test_flattening_loses_nothing(definition):
    data = data_of(definition)
    assert patched(data, {}) == {"groups": [], **data, "option_sets": data.get("option_sets", {})}


@tried(40)
@given(definitions(), definitions())
def test_leftovers_make_any_definition_of_any_other(read, exported):
    changed = patched(data_of(read), leftovers(data_of(read), data_of(exported)))
    assert changed == patched(data_of(exported), {})


def test_the_flat_form_is_the_documented_one():
    shape = flat(data_of(every_kind()))
    assert shape["block_order"] == ["choices", "page2", "page3"]
    assert shape["blocks"]["page2"] == {"id": "page2", "items": ["amount", "count"]}
    assert shape["group_order"] == ["numbers", "counts"]
    assert shape["items"]["some"]["options"] == "2"
    assert shape["option_names"] == {"1": "levels", "2": "several", "3": "yes_no"}
    assert [option["value"] for option in shape["option_sets"]["3"]] == [1, 0]
    assert shape["slug"] == "every-kind"


def test_a_different_word_alone_is_all_that_is_left_over():
    data = data_of(two_way_check_in())
    changed = json.loads(as_text(data))
    changed["blocks"][0]["items"][1]["text"]["en"] = "Other words"
    assert leftovers(data, changed) == {"items": {"n2": {"text": {"en": "Other words"}}}}


def questionnaire(value, **fields):
    return {"resourceType": "Questionnaire", "extension": [{"url": DEFINITION, "valueString": value}], **fields}


def test_a_foreign_questionnaire_is_left_as_it_is():
    foreign = {"resourceType": "Questionnaire", "extension": [{"url": HIDDEN, "valueBoolean": True}, 7]}
    assert split(foreign) == (foreign, None)
    assert split({"extension": "wrong"}) == ({"extension": "wrong"}, None)


def test_ours_is_taken_apart():
    expression = {"url": ENABLE_WHEN_EXPRESSION, "valueExpression": {"expression": "true"}}
    hidden = {"url": HIDDEN, "valueBoolean": True}
    items = [{"linkId": "a", "extension": [expression]}, {"linkId": "b", "extension": [expression, hidden]}]
    plain = [{"linkId": "a"}, {"linkId": "b", "extension": [hidden]}]
    assert split(questionnaire('{"slug":"a"}', item=items, description="a", _description={})) == (
        {"resourceType": "Questionnaire", "item": plain},
        {"slug": "a"},
    )


@pytest.mark.parametrize(
    "value", ["{", 7, "", "[]", "[" * 100_000, '{"a":' * 200 + "1" + "}" * 200, '{"a":1,"a":2}', '{"a":"\\u0000"}']
)
def test_an_extension_that_no_export_wrote_is_refused(value):
    with pytest.raises(UnreadableQuestionnaire) as caught:
        split(questionnaire(value))
    message = "is not what an export writes; export the questionnaire again"
    assert caught.value.problems == (("Questionnaire.extension[0].valueString", message),)


@pytest.mark.parametrize(
    "patch",
    [
        {"items": None},
        {"items": {"one": None}},
        {"items": {"one": {"options": "9"}}},
        {"items": {"one": {"options": ["1"]}}},
        {"items": {"one": 1}},
        {"items": 1},
        {"blocks": {"page2": None}},
        {"blocks": {"page2": {"items": None}}},
        {"block_order": 1},
        {"group_order": ["nowhere"]},
        {"option_sets": 1},
        {"option_names": {"1": None}},
    ],
)
def test_a_patch_that_does_not_fit_is_refused(patch):
    with pytest.raises(UnreadableQuestionnaire, match="does not fit the questionnaire; export it again"):
        patched(data_of(every_kind()), patch)
