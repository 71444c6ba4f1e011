"""R4, R4B, R5 and STU3 call some things differently; here they are one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assessments.fhir.codes import RELEASES, Release
from assessments.fhir.nodes import Node

_CORE_PROFILE = re.compile(r"http://hl7\.org/fhir/(?:(\d\.\d)/)?StructureDefinition/Questionnaire(?:\|(\d\.\d)[\d.]*)?")
_LISTABLE = frozenset({"choice", "coding", "string", "text", "integer", "date", "time"})
"""The types whose answers may be listed."""
_STU3_FIELDS = frozenset({"option", "options"})
_R5_FIELDS = frozenset({"answerConstraint", "disabledDisplay"})
_R5_ROOT = frozenset({"versionAlgorithmString", "versionAlgorithmCoding", "copyrightLabel"})


def release_of(root: Node) -> Release:
    """The release that a profile names, else the one whose fields are used, else R4."""
    return _named_release(root) or _used_release(root.data) or "R4"


def kind_of(item: Node) -> str | None:
    """An item's type, as R4 names them."""
    kind = item.text("type")
    if kind not in _LISTABLE:
        return kind
    match item.data.get("answerConstraint"):
        case None | "optionsOnly":
            pass
        case "optionsOrType" if kind not in {"string", "text"}:
            return "optionsOrType"
        case _:
            return "open-choice"
    listed = kind == "coding" or options_of(item) or value_set_of(item)
    return "choice" if listed else kind


def options_of(item: Node) -> list[Node]:
    """``answerOption``, in STU3 ``option``."""
    return item.nodes("answerOption") or item.nodes("option")


def value_set_of(item: Node) -> tuple[str, str] | None:
    """The set of answers that an item names, and the field that does: ``answerValueSet``, in STU3 ``options``."""
    name = item.text("answerValueSet")
    if name is not None:
        return name, "answerValueSet"
    reference = item.node("options")
    name = reference.text("reference") if reference else None
    return (name, "options.reference") if name else None


def operator_of(row: Node) -> str | None:
    """``operator``; STU3 has ``hasAnswer`` or means "="."""
    if "operator" in row.data:
        return row.text("operator")
    return "exists" if "hasAnswer" in row.data else "="


def _named_release(root: Node) -> Release | None:
    meta = root.node("meta")
    profiles = meta.data.get("profile") if meta else None
    for profile in profiles if isinstance(profiles, list) else ():
        found = _CORE_PROFILE.fullmatch(profile) if isinstance(profile, str) else None
        release = RELEASES.get(found[1] or found[2] or "") if found else None
        if release is not None:
            return release
    return None


def _used_release(data: Any) -> Release | None:
    if _R5_ROOT & data.keys():
        return "R5"
    for item in _items(data):
        if _R5_FIELDS & item.keys() or item.get("type") == "coding":
            return "R5"
        if _STU3_FIELDS & item.keys() or any("operator" not in row for row in _rows(item)):
            return "STU3"
    return None


def _items(data: Any) -> Iterator[dict[str, Any]]:
    inside = data.get("item")
    for item in inside if isinstance(inside, list) else ():
        if isinstance(item, dict):
            yield item
            yield from _items(item)


def _rows(item: dict[str, Any]) -> list[dict[str, Any]]:
    rows = item.get("enableWhen")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
