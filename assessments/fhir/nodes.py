"""One JSON object of a file with its place in it. Fields are asked for by their type; another type is refused. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from assessments.fhir.report import Report


class Value(NamedTuple):
    """A ``value[x]``: its type as in the field's name ("Coding", "Integer"), and the JSON value."""

    kind: str
    data: Any
    path: str


class Node:
    """A JSON object, its path ("Questionnaire.item[2]") and the report that its faults go to."""

    __slots__ = ("data", "path", "report")

    def __init__(self, data: Mapping[str, Any], path: str, report: Report) -> None:
        self.data, self.path, self.report = data, path, report

    def refuse(self, message: str, field: str = "") -> None:
        self.report.refuse(f"{self.path}.{field}" if field else self.path, message)

    def note(self, message: str, field: str = "") -> None:
        self.report.note(f"{self.path}.{field}" if field else self.path, message)

    def text(self, name: str) -> str | None:
        """A text; None where it is missing or blank."""
        text = self._typed(name, str, "a text")
        return text if text and text.strip() else None

    def flag(self, name: str) -> bool:
        return bool(self._typed(name, bool, "true or false"))

    def node(self, name: str) -> Node | None:
        data = self._typed(name, dict, "an object")
        return None if data is None else Node(data, f"{self.path}.{name}", self.report)

    def nodes(self, name: str) -> list[Node]:
        """The objects of a list; none where it is missing."""
        found = []
        for number, data in enumerate(self._typed(name, list, "a list") or ()):
            path = f"{self.path}.{name}[{number}]"
            if isinstance(data, dict):
                found.append(Node(data, path, self.report))
            else:
                self.report.refuse(path, "must be an object; correct it")
        return found

    def value(self, prefix: str = "value") -> Value | None:
        """The one ``value[x]`` (or ``answer[x]``); two of them are refused."""
        names = [
            name for name in self.data if name.startswith(prefix) and name[len(prefix) : len(prefix) + 1].isupper()
        ]
        if len(names) > 1:
            self.refuse(f"has both {names[0]} and {names[1]}; keep one")
        return Value(names[0][len(prefix) :], self.data[names[0]], f"{self.path}.{names[0]}") if names else None

    def number(self, prefix: str = "value") -> int | float | None:
        """The value where that is a number."""
        value = self.value(prefix)
        return value.data if value is not None and is_number(value.data) else None

    def coding(self, prefix: str = "value") -> Node | None:
        """The value where that is an object, such as a Coding."""
        value = self.value(prefix)
        return Node(value.data, value.path, self.report) if value and isinstance(value.data, dict) else None

    def extensions(self, *urls: str) -> list[Node]:
        return [extension for extension in self.nodes("extension") if extension.data.get("url") in urls]

    def extension(self, *urls: str) -> Node | None:
        """The first of them that there is, in the order that they are named in."""
        found = {str(extension.data["url"]): extension for extension in reversed(self.extensions(*urls))}
        return next((found[url] for url in urls if url in found), None)

    def _typed(self, name: str, kind: type, expected: str) -> Any:
        value = self.data.get(name)
        if value is None or isinstance(value, kind):
            return value
        self.refuse(f"must be {expected}; correct it", name)
        return None


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
