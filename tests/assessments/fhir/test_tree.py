from __future__ import annotations

import json

from assessments.fhir.tree import nested, pages_of, rows_of
from tests.assessments.factories import every_kind, words


def titled(**titles):
    """The same questionnaire with other page titles."""
    data = json.loads(every_kind().canonical())
    blocks = [{**block, "title": words(titles[block["id"]])} for block in data["blocks"]]
    return every_kind(blocks=blocks)


def outline(definition, kept=lambda item: True):
    def leaf(item):
        return {"is": item.id} if kept(item) else None

    return nested(rows_of(definition), leaf, lambda container, children: {"is": container.id, "holds": children})


def test_titled_pages_and_groups_hold_what_is_in_them():
    assert outline(every_kind()) == [
        {"is": "choices", "holds": [{"is": name} for name in ("one", "some", "yes", "gate", "check")]},
        {"is": "numbers", "holds": [{"is": "amount"}, {"is": "counts", "holds": [{"is": "count"}]}]},
        *({"is": name} for name in ("read", "rating", "day", "line")),
    ]


def test_what_is_empty_is_left_out():
    assert outline(every_kind(), lambda item: item.id in {"count", "day"}) == [
        {"is": "numbers", "holds": [{"is": "counts", "holds": [{"is": "count"}]}]},
        {"is": "day"},
    ]


def test_a_page_holds_its_groups():
    definition = titled(choices="A", page2="B", page3="C")
    assert list(pages_of(definition)) == ["choices", "page2", "page3"]
    assert outline(definition)[1]["holds"][0]["is"] == "numbers"


def test_a_group_over_two_pages_stands_by_itself():
    data = json.loads(titled(choices="A", page2="B", page3="C").canonical())
    data["blocks"][2]["items"][0]["group"] = "numbers"
    definition = every_kind(blocks=data["blocks"])
    assert list(pages_of(definition)) == ["choices"]
    assert [part["is"] for part in outline(definition)] == ["choices", "numbers", "rating", "day", "line"]
