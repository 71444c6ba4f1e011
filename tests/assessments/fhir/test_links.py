from __future__ import annotations

import json

from hypothesis import given

from assessments.definition import Coding, Option
from assessments.fhir.links import codings, links_of, unique_links
from tests.assessments.factories import every_kind
from tests.assessments.fhir.any_definition import definitions, tried


def option(value, **coding):
    return Option(value=value, text={"en": "x"}, coding=Coding(**coding) if coding else None)


def test_parts_keep_the_names_they_came_with():
    taken = set()
    assert unique_links([("a", "/1"), ("b", None)], taken) == {"a": "/1", "b": "b"}
    assert taken == {"/1", "b"}


def test_a_name_that_is_taken_is_numbered():
    assert unique_links([("a", None), ("b", "a"), ("c", "a")], {"x"}) == {"a": "a", "b": "a-2", "c": "a-3"}


def test_items_come_before_groups_and_groups_before_pages():
    data = json.loads(every_kind().canonical())
    data["groups"][0]["link_id"] = "one"
    links = links_of(every_kind(groups=data["groups"]))
    assert links.items["one"] == "one"
    assert links.groups == {"numbers": "one-2", "counts": "counts"}
    assert links.pages == {"choices": "choices"}


@tried(50)
@given(definitions())
def test_no_two_parts_have_the_same_link(definition):
    links = [link for part in links_of(definition) for link in part.values()]
    assert len(set(links)) == len(links)


def test_an_answer_has_its_own_code_or_one_of_ours():
    assert codings([option(3), option(4, system="http://loinc.org", code="LA4-1"), option(5, code="y")]) == {
        3: {"system": "https://interdepend.example/fhir/CodeSystem/answers", "code": "3"},
        4: {"system": "http://loinc.org", "code": "LA4-1"},
        5: {"code": "y"},
    }


def test_two_answers_never_share_a_code():
    shared = codings([option(3, code="y"), option(4, code="y")])
    assert shared[3] == {"code": "y"}
    assert shared[4] == {"system": "https://interdepend.example/fhir/CodeSystem/answers", "code": "4"}
