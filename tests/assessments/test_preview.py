from __future__ import annotations

from assessments.preview import ItemPreview, ScalePreview, preview_of
from tests.assessments.factories import small, two_way_check_in


def test_staff_read_the_wording_and_what_opens_it():
    preview = preview_of(small(), "es")
    assert (preview.title, preview.period, preview.notice) == ("Small", "Today.", "Not a diagnosis.")
    assert preview.blocks[1].items == (
        ItemPreview("b", "With my partner", ("1 Option 1", "2 Option 2", "3 Option 3"), "gate = 1"),
        ItemPreview("note", "Anything else?", (), "gate = 1"),
    )


def test_staff_read_what_each_scale_counts():
    scales = {scale.id: scale for scale in preview_of(two_way_check_in(), "en").scales}
    assert scales["need"] == ScalePreview("need", "Need", "n1, n2, n3 (R), n4 (R)", 3, False, 12.0)
    assert scales["giving"] == ScalePreview("giving", "Giving", "g1, g2, g3, g4, g5 (R)", 4, True, 12.0)
    assert scales["outside"].sem is None


def test_a_page_brings_its_notes():
    blocks = preview_of(two_way_check_in(), "es-mx").blocks
    assert [len(block.notes) for block in blocks] == [1, *[0] * (len(blocks) - 2), 2]
    assert blocks[7].title == "Lo que hace su pareja"
