"""What stands around a question and tells how it is asked: words inside it, item controls, limits. Pure."""

from __future__ import annotations

from typing import Any

from assessments.fhir import codes
from assessments.fhir.nodes import Node
from assessments.fhir.parts import Part
from assessments.fhir.shapes import options_of, value_set_of
from assessments.fhir.wording import Texts, Tongue

_HELP = frozenset({"help", "flyover", "instructions"})
_NUMBERS = frozenset({"integer", "decimal", "quantity"})
_LISTS = frozenset({"choice", "open-choice", "optionsOrType"})
_ONLY_FOR = {
    codes.MIN_VALUE: _NUMBERS | {"date"},
    codes.MAX_VALUE: _NUMBERS | {"date"},
    codes.MAX_DECIMAL_PLACES: frozenset({"decimal", "quantity"}),
    codes.UNIT: _NUMBERS,
    codes.UNIT_OPTION: _NUMBERS,
    codes.SLIDER_STEP: frozenset({"integer"}),
}
_AT_THE_ENDS = {"lower": "low", "upper": "high"}


def controls_of(item: Node) -> frozenset[str]:
    """How an item is to be shown, by its codes, such as "slider" and "help"."""
    found = set()
    for url in (codes.ITEM_CONTROL, codes.DISPLAY_CATEGORY):
        for extension in item.extensions(url):
            concept = extension.coding()
            found |= {coding.text("code") for coding in (concept.nodes("coding") if concept else ())}
    return frozenset(code for code in found if code)


def joined(first: Texts | None, second: Texts | None) -> Texts | None:
    """Two texts one below the other, in the languages that both are in."""
    if first is None or second is None:
        return first or second
    return {language: f"{first[language]}\n{second[language]}" for language in first if language in second}


def place_inside(parent: Part, part: Part) -> str | None:
    """What a display becomes of the question or group it stands in ("help", "unit", "low", "high"); None: an item."""
    item = part.node
    if part.kind != "display" or part.left_out is not None or "enableWhen" in item.data:
        return None
    controls = controls_of(item)
    if controls & _HELP:
        return "help"
    if "unit" in controls and parent.kind in _NUMBERS:
        return "unit"
    if is_slider(parent.node):
        return next((place for control, place in _AT_THE_ENDS.items() if control in controls), None)
    return None


def beside(parent: Part, tongue: Tongue) -> dict[str, Any]:
    """The texts that displays inside a question or group give it."""
    texts: dict[str, Texts | None] = {"help": _category(parent.node, tongue)}
    for part in parent.inside:
        if (place := place_inside(parent, part)) is not None:
            words = tongue.texts(part.node, "text")
            if words is None:
                part.node.refuse("has no text; add it")
            texts[place] = joined(texts.get(place), words)
    return {place: words for place, words in texts.items() if words}


def _category(item: Node, tongue: Tongue) -> Texts | None:
    """Words in a ``displayCategory`` of the question itself, as LHC-Forms writes instructions: without any code."""
    extension = item.extension(codes.DISPLAY_CATEGORY)
    concept = extension.coding() if extension else None
    if concept is None or any(coding.data.get("code") for coding in concept.nodes("coding")):
        return None
    return tongue.texts(concept, "text")


def is_slider(item: Node) -> bool:
    ends = (item.extension(codes.MIN_VALUE), item.extension(codes.MAX_VALUE))
    return item.data.get("type") == "integer" and "slider" in controls_of(item) and None not in ends


def note_unused(part: Part) -> None:
    """Tell what is known but means nothing on this kind of item."""
    for url, kinds in _ONLY_FOR.items():
        if part.kind not in kinds and part.node.extensions(url):
            part.node.note("has a limit or unit that does not go with its kind; it is left out")
    if part.kind not in {"string", "text"} and "maxLength" in part.node.data:
        part.node.note("has a length, which does not go with its kind; it is left out", "maxLength")
    if part.kind not in _LISTS and (options_of(part.node) or value_set_of(part.node)):
        part.node.refuse("lists answers, which does not go with its kind; make it a choice")
    used = {"page", "slider"} if is_slider(part.node) else {"page"}
    if controls_of(part.node) - used:
        part.node.note("is to be shown in another way; the page looks as every page here")
    if part.kind == "group" and part.node.flag("required"):
        part.node.note("is a required group; each of its questions says for itself whether it must be answered")
