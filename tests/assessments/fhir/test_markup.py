"""What a file says is words, on whatever page it is shown."""

from __future__ import annotations

from assessments.fhir.codes import MAX_VALUE, MIN_VALUE, UNIT
from assessments.forms.preview import preview_forms
from tests.assessments.fhir.forms import choice, form, group, item, option, read, shown_as

EVIL = '<script>alert("x")</script>'
ENDS = [{"url": MIN_VALUE, "valueInteger": 0}, {"url": MAX_VALUE, "valueInteger": 9}]


def display(link_id: str, control: str):
    return item(link_id, "display", text=EVIL, extension=shown_as(control))


def test_a_script_in_any_text_is_shown_and_not_run():
    answers = [{"valueCoding": {"code": "x", "display": EVIL}}, {"valueString": EVIL}, option("m")]
    definition = read(
        form(
            group(
                "g",
                display("help", "help"),
                item("words", "display", text=EVIL, prefix=EVIL),
                choice("c", *answers, text=EVIL, prefix=EVIL, item=[display("h", "help")]),
                item("s", "integer", extension=[*shown_as("slider"), *ENDS], item=[display("l", "lower")]),
                item("n", "integer", extension=[{"url": UNIT, "valueCoding": {"code": "u", "display": EVIL}}]),
                text=EVIL,
                prefix=EVIL,
            ),
            group("h2", item("t", text=EVIL), text=EVIL),
            title=EVIL,
        )
    )
    pages = "".join(str(page) for page in preview_forms(definition, "en"))
    assert "<script" not in pages
    assert pages.count("&lt;script&gt;") >= 9
