"""Every field and extension of a Questionnaire gets its decision: nothing is passed over in silence. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from assessments.fhir.codes import STYLE_SENSITIVE, STYLES
from assessments.fhir.constructs import EXTENSIONS, FIELDS, ROOT_FIELDS, Decision, refuse
from assessments.fhir.nodes import Node
from assessments.fhir.report import Report

_UNKNOWN_FIELD = refuse("is no field of FHIR; remove it or correct its spelling")
_MODIFIER = "changes the meaning of what it stands on in a way that is not known here; remove it"
_COMMENTS = frozenset({"fhir_comments", "_comment"})


def review(root: Node, *, skipped: AbstractSet[str]) -> None:
    """Note and refuse what the tables say. ``skipped``: the paths of what is left out with all in it."""
    _fields(root, ROOT_FIELDS)
    _extensions_within(root.data, root.path, root.report, skipped)
    if _needs_styles(root):
        root.refuse(
            "says that its words must not be shown without their formatting, which is not kept; write plain words"
        )
    for item in _items(root, skipped):
        _fields(item, FIELDS["item"])
        for name in ("answerOption", "option", "enableWhen"):
            for part in item.nodes(name):
                _fields(part, FIELDS[name])
                if (coding := part.coding()) is not None and "valueCoding" in part.data:
                    _fields(coding, FIELDS["valueCoding"])


def _needs_styles(root: Node) -> bool:
    sensitive = root.extension(STYLE_SENSITIVE)
    value = sensitive.value() if sensitive else None
    return value is not None and value.data is True and _has_styles(root.data)


def _has_styles(part: Any) -> bool:
    if isinstance(part, list):
        return any(map(_has_styles, part))
    return isinstance(part, dict) and (part.get("url") in STYLES or any(map(_has_styles, part.values())))


def _items(node: Node, skipped: AbstractSet[str]) -> Iterator[Node]:
    for item in node.nodes("item"):
        if item.path not in skipped:
            yield item
            yield from _items(item, skipped)


def _fields(node: Node, table: Mapping[str, Decision]) -> None:
    for name in node.data:
        if name not in _COMMENTS:
            _apply(table.get(name.removeprefix("_"), _UNKNOWN_FIELD), f"{node.path}.{name}", node.report)


def _extensions_within(part: Any, path: str, report: Report, skipped: AbstractSet[str]) -> None:
    if isinstance(part, list):
        for number, each in enumerate(part):
            _extensions_within(each, f"{path}[{number}]", report, skipped)
    elif isinstance(part, dict) and path not in skipped:
        if part.get("modifierExtension"):
            report.refuse(f"{path}.modifierExtension", _MODIFIER)
        for key, value in part.items():
            if key == "extension":
                _extensions(value, f"{path}.extension", report)
            elif key not in {"text", "meta"} or not isinstance(value, dict):
                _extensions_within(value, f"{path}.{key}", report, skipped)


def _extensions(extensions: Any, path: str, report: Report) -> None:
    for number, extension in enumerate(extensions if isinstance(extensions, list) else ()):
        url = extension.get("url") if isinstance(extension, dict) else None
        if isinstance(url, str):
            unknown = Decision("note", f"is an extension that is not known here ({url[:200]}); it is left out")
            _apply(EXTENSIONS.get(url, unknown), f"{path}[{number}]", report)


def _apply(decision: Decision, path: str, report: Report) -> None:
    if decision.what == "note":
        report.note(path, decision.message)
    elif decision.what == "refuse":
        report.refuse(path, decision.message)
