from __future__ import annotations

from assessments.preview import ItemPreview, ScalePreview, preview_of
from tests.assessments.differences.rich import load, rich_data
from tests.assessments.factories import small, two_way_check_in


def test_staff_read_the_wording_and_what_opens_it():
    preview = preview_of(small(), "es")
    assert (preview.title, preview.period, preview.notice) == ("Small", "Today.", "Not a diagnosis.")
    shown_when = "gate is “Yes” (1)"
    options = ("1 Option 1", "2 Option 2", "3 Option 3")
    assert preview.blocks[1].items == (
        ItemPreview("b", "With my partner", "", options, shown_when, ("cannot be declined",)),
        ItemPreview(
            "note", "Anything else?", "A line is enough.", ("text, up to 20 characters",), shown_when, ("optional",)
        ),
    )


def test_staff_read_what_each_scale_counts_and_what_is_known_of_it():
    scales = {scale.id: scale for scale in preview_of(two_way_check_in(), "en").scales}
    assert scales["need"] == ScalePreview("need", "Need", "pomp", "n1, n2, n3 (R), n4 (R)", 3, False, ("SEM 12",))
    assert scales["giving"] == ScalePreview("giving", "Giving", "pomp", "g1, g2, g3, g4, g5 (R)", 4, True, ("SEM 12",))
    assert scales["outside"].known == ()
    scales = {scale.id: scale for scale in preview_of(load(rich_data()), "en").scales}
    assert (scales["sum"].kind, scales["sum"].known) == (
        "sum × 2",
        ("reliable change 3", "cut is at least 4", "0 low, 4 high"),
    )
    assert (scales["heavy"].counts, scales["total"].counts) == ("1 × how, 2 × many", "sum, heavy")


def test_a_page_brings_its_notes():
    blocks = preview_of(two_way_check_in(), "es-mx").blocks
    assert [len(block.notes) for block in blocks] == [1, *[0] * (len(blocks) - 2), 2]
    assert blocks[7].title == "Lo que hace su pareja"


def test_every_kind_of_question_says_how_it_is_answered():
    items = {item.id: item for block in preview_of(load(rich_data()), "en").blocks for item in block.items}
    assert {name: item.answers for name, item in items.items() if name not in "abcd"} == {
        "gate": ("1 Yes", "0 No"),
        "age": ("number 0 to 120 years",),
        "since": ("day from 2020-01-01",),
        "many": ("1 One (counts 2)", "2 None"),
        "how": ("0 Low", "10"),
        "weight": ("number from 0.0",),
        "fear": ("1 yes", "0 no"),
        "words": (),
        "note": ("text, up to 2000 characters",),
        "check": ("0 Option 0", "1 Option 1", "2 Option 2"),
    }
    assert items["b"].text == "2. B"
    assert {name: item.marks for name, item in items.items() if item.marks} == {
        "a": ("alert from 2",),
        "fear": ("alert from 1", "sensitive"),
        "words": ("words to read",),
        "note": ("optional",),
        "check": ("attention: 1 expected",),
    }


def test_a_heading_stands_where_its_group_begins():
    items = {item.id: item for block in preview_of(load(rich_data()), "en").blocks for item in block.items}
    assert (items["c"].groups, items["d"].groups) == (("Outer", "Inside (shown when gate is “Yes” (1))"), ())


def test_a_questionnaire_may_say_next_to_nothing():
    data = rich_data()
    wanted = {"slug", "title", "languages", "blocks", "option_sets", "declined"}
    data = {key: value for key, value in data.items() if key in wanted}
    data["blocks"] = [{"id": "only", "items": [data["blocks"][0]["items"][0]]}]
    preview = preview_of(load(data), "en")
    assert (preview.period, preview.notice, preview.blocks[0].title, preview.scales) == ("", "", "", ())


def test_a_number_may_have_one_end_or_none():
    def answers(**limits):
        item = {"id": "n", "kind": "integer", "text": {"en": "N"}, **limits}
        (block,) = preview_of(
            small(blocks=[{"id": "p", "items": [item]}], scales=[], mirrors=[], alerts=[]), "en"
        ).blocks
        return block.items[0].answers

    assert [answers(), answers(minimum=1), answers(maximum=9)] == [("number",), ("number from 1",), ("number up to 9",)]
