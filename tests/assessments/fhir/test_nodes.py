from __future__ import annotations

import pytest

from assessments.fhir.nodes import Node, Value
from assessments.fhir.report import Report


def node(**data) -> Node:
    return Node(data, "Questionnaire", Report())


def told(of: Node) -> list[str]:
    return [str(problem) for problem in of.report.problems]


@pytest.mark.parametrize(
    ("ask", "expected", "empty"),
    [
        (Node.text, "a text", None),
        (Node.flag, "true or false", False),
        (Node.node, "an object", None),
        (Node.nodes, "a list", []),
    ],
)
def test_a_field_of_another_type_is_refused_and_taken_as_missing(ask, expected, empty):
    wrong = node(x=5)
    assert (ask(wrong, "x"), told(wrong)) == (empty, [f"Questionnaire.x: must be {expected}; correct it"])
    assert (ask(node(), "x"), ask(node(x=None), "x")) == (empty, empty)


def test_what_is_inside_a_list_knows_its_place():
    outer = node(item=[{"a": 1}, "odd", {"b": {"c": 2}}])
    first, last = outer.nodes("item")
    assert (first.path, last.node("b").path) == ("Questionnaire.item[0]", "Questionnaire.item[2].b")
    assert told(outer) == ["Questionnaire.item[1]: must be an object; correct it"]


def test_a_value_has_the_type_of_its_name():
    assert node(valueCoding={"code": "x"}, values=1).value() == Value(
        "Coding", {"code": "x"}, "Questionnaire.valueCoding"
    )
    assert (node(valueInteger=3).number(), node(valueBoolean=True).number(), node().number()) == (3, None, None)
    assert (node(valueCoding={}).coding().path, node(valueString="x").coding()) == ("Questionnaire.valueCoding", None)


def test_of_several_extensions_the_one_named_first_is_taken():
    extended = node(extension=[{"url": "a", "n": 1}, {"url": "b"}, {"url": "a", "n": 2}])
    assert extended.extension("b", "a").data == {"url": "b"}
    assert extended.extension("a").data == {"url": "a", "n": 1}
    assert extended.extension("c") is None
    assert [found.path for found in extended.extensions("a")] == [
        "Questionnaire.extension[0]",
        "Questionnaire.extension[2]",
    ]
