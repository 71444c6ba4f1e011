"""One item of the file as an item of the definition. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessments.definition import TextItem
from assessments.fhir import codes
from assessments.fhir.nodes import Node
from assessments.fhir.option_sets import Listed, OptionSets
from assessments.fhir.parts import Part
from assessments.fhir.surroundings import beside, is_slider, note_unused
from assessments.fhir.wording import Texts, Tongue

Data = dict[str, Any]

CHOICES = frozenset({"choice", "open-choice"})
LONGEST_ANSWER = 20_000
USUAL_LENGTH: int = TextItem.model_fields["max_length"].default
MOST_PLACES = 6


@dataclass
class Question:
    """An item's data, and what conditions and scales have to know of it. ``unit``: the code or word of its unit."""

    part: Part
    data: Data
    listed: Listed | None = None
    unit: str | None = None


@dataclass
class Questions:
    """Builds the items; ``sets`` grows with the answers that they offer."""

    tongue: Tongue
    sets: OptionSets

    def question(self, part: Part) -> Question:
        """The item's data without its group and condition. What cannot be asked is refused."""
        item = part.node
        built = Question(part, {"id": part.id, "text": self.words(item), **names_of(part)})
        if part.kind == "display":
            built.data["kind"] = "display"
            _refuse_inside(part)
            return built
        built.data["declinable"] = False
        if not item.flag("required"):
            built.data["required"] = False
        built.data.update(beside(part, self.tongue))
        _KINDS.get(part.kind, _unknown)(built, self)
        _refuse_repeats(built)
        note_unused(part)
        return built

    def words(self, item: Node) -> Texts:
        texts = self.tongue.texts(item, "text")
        if texts is None:
            item.refuse("has no text, so there is nothing to ask; add it")
        return texts or {self.tongue.base: "?"}


def names_of(part: Part) -> Data:
    """What an item or a group is called in the file: ``prefix``, ``link_id`` where the id is another, ``codes``."""
    names: Data = {}
    if (prefix := part.node.text("prefix")) is not None:
        names["prefix"] = prefix
    if part.link_id != part.id:
        names["link_id"] = part.link_id
    if found := codings(part.node.nodes("code")):
        names["codes"] = found
    return names


def codings(nodes: list[Node]) -> list[Data]:
    """Codings as a definition keeps them; one without a code is noted."""
    found = []
    for node in nodes:
        values = {name: node.text(name) for name in ("system", "code", "display")}
        if values["code"] is None:
            node.note("is a coding without a code; it is left out")
        else:
            found.append({name: value for name, value in values.items() if value is not None})
    return found


def _choice(built: Question, questions: Questions) -> None:
    item, many = built.part.node, built.part.node.flag("repeats")
    built.data["kind"] = "gate"
    built.listed = listed = questions.sets.listed(item, many=many)
    if listed is None:
        return
    built.data["options"] = listed.name
    most = _number(item, codes.MAX_OCCURS)
    if many and most != 1:
        built.data["kind"] = "multiple_choice"
        if most is not None and 1 < most < len(listed.values):
            built.data["at_most"] = int(most)
    elif listed.scored in {"all", "numbers"}:
        built.data["kind"] = "choice"
    elif listed.scored == "some":
        item.note("has answers with and without a score; it is asked, but not scored")
    if (_number(item, codes.MIN_OCCURS) or 0) > 1:
        item.note("wants several answers at least; one is enough here")


def _open_choice(built: Question, questions: Questions) -> None:
    _choice(built, questions)
    built.data["own_words"] = True


def _boolean(built: Question, _questions: Questions) -> None:
    built.data["kind"] = "boolean"


def _integer(built: Question, questions: Questions) -> None:
    item = built.part.node
    if is_slider(item):
        built.data["kind"] = "scale"
        step = _number(item, codes.SLIDER_STEP)
        if step is not None and step != 1:
            built.data["step"] = step
    else:
        built.data["kind"] = "integer"
        _measured(built, questions.tongue)
    _bounds(built, int)


def _decimal(built: Question, questions: Questions) -> None:
    item = built.part.node
    places = _number(item, codes.MAX_DECIMAL_PLACES)
    _measured(built, questions.tongue)
    if places == 0:
        built.data["kind"] = "integer"
        _bounds(built, int)
        return
    built.data["kind"] = "decimal"
    if places is not None and 0 < places < MOST_PLACES:
        built.data["places"] = int(places)
    elif places is not None and places > MOST_PLACES:
        item.note(f"allows more than {MOST_PLACES} decimal places; {MOST_PLACES} are kept")
    _bounds(built, float)


def _quantity(built: Question, questions: Questions) -> None:
    _decimal(built, questions)
    if "unit" in built.data:
        built.part.node.note("is a quantity; it is asked as a number in its one unit")
    else:
        built.part.node.refuse("asks for a number with a unit to choose; give it one unit")


def _date(built: Question, _questions: Questions) -> None:
    built.data["kind"] = "date"
    for url, name in ((codes.MIN_VALUE, "earliest"), (codes.MAX_VALUE, "latest")):
        extension = built.part.node.extension(url)
        value = extension.value() if extension else None
        if extension is not None:
            if value is not None and is_day(value.data):
                built.data[name] = value.data
            else:
                extension.note("is no fixed day; it is not checked")


def _text(built: Question, _questions: Questions) -> None:
    item = built.part.node
    built.data["kind"] = "text"
    if built.part.kind == "string":
        built.data["short"] = True
    longest = item.data.get("maxLength")
    if isinstance(longest, int) and 0 < longest <= LONGEST_ANSWER:
        if longest != USUAL_LENGTH:
            built.data["max_length"] = longest
    elif longest is not None:
        item.note(f"is no length from 1 to {LONGEST_ANSWER}; the usual one is used", "maxLength")


def _unknown(built: Question, _questions: Questions) -> None:
    """Its kind was refused already."""
    built.data["kind"] = "text"


_KINDS: Mapping[str, Callable[[Question, Questions], None]] = {
    "choice": _choice,
    "open-choice": _open_choice,
    "boolean": _boolean,
    "integer": _integer,
    "decimal": _decimal,
    "quantity": _quantity,
    "date": _date,
    "string": _text,
    "text": _text,
}


def _measured(built: Question, tongue: Tongue) -> None:
    """The one unit of a number. UCUM marks words in a unit with braces."""
    item = built.part.node
    found = [node for url in (codes.UNIT, codes.UNIT_OPTION) for ext in item.extensions(url) if (node := ext.coding())]
    if len({node.text("code") or node.text("display") for node in found}) > 1:
        item.refuse("has several units; give it one")
    elif found:
        unit = found[0]
        name = "display" if unit.text("display") else "code"
        plain = {name: (unit.text(name) or "").replace("{", "").replace("}", ""), "_display": unit.data.get("_display")}
        texts = tongue.texts(Node(plain, unit.path, unit.report), name)
        built.unit = unit.text("code") or unit.text("display")
        built.data.update({} if texts is None else {"unit": built.data.get("unit", texts)})


def _bounds(built: Question, number: type[int | float]) -> None:
    for url, name in ((codes.MIN_VALUE, "minimum"), (codes.MAX_VALUE, "maximum")):
        extension = built.part.node.extension(url)
        if extension is None:
            continue
        value = extension.number()
        if value is None or (number is int and value != int(value)):
            extension.note("is no fixed number of the question's kind; it is not checked")
        else:
            built.data[name] = number(value)


def _number(item: Node, url: str) -> int | float | None:
    extension = item.extension(url)
    return extension.number() if extension else None


def is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _refuse_repeats(built: Question) -> None:
    item, kind = built.part.node, built.data.get("kind")
    if item.flag("repeats") and kind not in {"multiple_choice", "choice", "gate"} and built.part.kind not in CHOICES:
        item.refuse("may be answered several times, which cannot be asked here; set repeats to false", "repeats")
    if kind == "multiple_choice":
        asked = next((part for part in built.part.inside if part.left_out is None and part.kind != "display"), None)
        if asked is not None:
            asked.node.refuse("would be asked once for each answer chosen; move it out of that question")


def _refuse_inside(part: Part) -> None:
    for inside in part.inside:
        inside.node.refuse("stands inside a display, which can hold nothing; move it out")
