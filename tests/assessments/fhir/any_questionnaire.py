"""A Hypothesis strategy: FHIR Questionnaires as other programs write them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from assessments.fhir.codes import CALCULATED, MAX_OCCURS, MAX_VALUE, MIN_VALUE, OPTION_EXCLUSIVE, UNIT
from tests.assessments.fhir.forms import Data, form, item, mood, option, scored, shown_as, translated, weight, when

KINDS = ("choice", "boolean", "integer", "decimal", "quantity", "date", "string", "text", "display", "group")
WORDS = st.sampled_from(("Why?", "Müde?", "<b>1</b> a/b", "一"))
UNITS = {"url": UNIT, "valueCoding": {"code": "h", "display": "hours", "_display": translated(de="Stunden")}}
TOTAL = {"url": CALCULATED, "valueExpression": {"language": "text/fhirpath", "expression": "1"}}
MOOD_SET = {
    "resourceType": "ValueSet",
    "id": "moods",
    "compose": {"include": [{"system": "urn:m", "concept": [{"code": code, "display": code} for code in "abc"]}]},
}
ANSWERS: tuple[Data, ...] = (
    {"answerOption": scored(0, 1, 2)},
    {"answerOption": scored(2, 2, -1.5)},
    {"answerOption": [option("a"), option("b")]},
    {"answerOption": [option("a", 1), option("b")]},
    {"answerOption": [{"valueString": "Yes"}, {"valueString": "No", "extension": [weight(1)]}]},
    {"answerOption": [{"valueInteger": 3}, {"valueInteger": 7}]},
    {"answerOption": [{"valueCoding": {"code": "x", "display": "X", "_display": translated(de="IX")}}]},
    {"answerOption": [option("a", 0), {**option("b"), "extension": [{"url": OPTION_EXCLUSIVE, "valueBoolean": True}]}]},
    {"answerValueSet": "#moods"},
)


@st.composite
def questionnaires(draw: Any) -> Data:
    items = draw(_items("", 0))
    asked = [item("first", "boolean"), item("mood", "choice", answerOption=scored(0, 1))]
    total = item("total", "decimal", extension=[TOTAL])
    about = draw(st.sampled_from(({}, {"url": "https://example.org/q", "version": "2"}, {"publisher": "P"})))
    return form(*asked, *items, total, contained=[MOOD_SET], **about)


@st.composite
def _items(draw: Any, place: str, depth: int) -> list[Data]:
    """Odd linkIds, questions in questions, groups in groups, and conditions on the first two questions."""
    items = []
    for number in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(KINDS if depth < 3 else KINDS[:-1]))
        link = f"{place}/{number}"
        fields: Data = {"text": draw(WORDS), **draw(st.sampled_from(({}, {"prefix": "1."}))), **draw(_about(kind))}
        if draw(st.booleans()):
            fields |= draw(st.sampled_from(CONDITIONS))
        repeats = fields.get("repeats", False)
        inside = kind == "group" or (kind != "display" and not repeats and depth < 3 and draw(st.booleans()))
        help_text = item(f"{link}?", "display", extension=shown_as("help")) if draw(st.booleans()) else None
        within = draw(_items(link, depth + 1)) if inside else []
        if kind != "display" and (help_text or within):
            fields["item"] = [*([help_text] if help_text else []), *within]
        items.append({"linkId": link, "type": kind, **fields})
    return items


CONDITIONS: tuple[Data, ...] = (
    {"enableWhen": [when("first", answerBoolean=True)]},
    {"enableWhen": [when("mood", "!=", answerCoding=mood("m1"))]},
    {"enableWhen": [when("mood", "exists", answerBoolean=False)]},
    {
        "enableBehavior": "any",
        "enableWhen": [when("first", answerBoolean=False), when("mood", answerCoding=mood("m0"))],
    },
    {
        "enableBehavior": "all",
        "enableWhen": [when("first", "exists", answerBoolean=True), when("mood", "!=", answerCoding=mood("m0"))],
    },
)


LIMITS = [{"url": MIN_VALUE, "valueInteger": 1}, {"url": MAX_VALUE, "valueInteger": 9}]
SEVERAL = {"repeats": True, "extension": [{"url": MAX_OCCURS, "valueInteger": 2}]}
ABOUT: dict[str, tuple[Data, ...]] = {
    "choice": tuple({**answers, **more} for answers in ANSWERS for more in ({}, {"repeats": True}, SEVERAL)),
    "integer": ({}, {"extension": LIMITS}, {"extension": [*shown_as("slider"), *LIMITS]}),
    "quantity": ({"extension": [UNITS]},),
    "string": ({}, {"maxLength": 9}),
}


@st.composite
def _about(draw: Any, kind: str) -> Data:
    required = kind not in {"display", "group"} and draw(st.booleans())
    return {**draw(st.sampled_from(ABOUT.get(kind, ({},)))), **({"required": True} if required else {})}
