"""A definition as an author writes it: its text laid out, and what is wrong with a text, line by line. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from assessments.definition import Definition, load_definition
from assessments.exceptions import InvalidDefinition, Problem

LONGEST_TEXT = 1_000_000
"""Characters. The largest definition shipped or imported so far is a tenth of it."""
_WIDTH = 110
_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_LAST_PART = re.compile(r"(\.[^.\[]*|\[[^\[]*\])$")
_AT_LINE = re.compile(r"at line (\d+)")


class Fault(NamedTuple):
    """A problem and the line of the text that it is about."""

    path: str
    message: str
    line: int


class Checked(NamedTuple):
    """The definition when nothing is wrong with the text, else None and every fault."""

    definition: Definition | None
    faults: tuple[Fault, ...]

    @property
    def questions(self) -> int:
        return sum(1 for _ in self.definition.questions()) if self.definition else 0


def laid_out(definition: Definition) -> str:
    """The definition as text to edit: fields in the order of the reference, what fits on a line on one line."""
    return _laid_out(definition.model_dump(mode="json", exclude_defaults=True), 0) + "\n"


def check_text(text: str, *, slug: str | None = None) -> Checked:
    """Read an author's text. ``slug``: the questionnaire that it has to be a version of."""
    if len(text) > LONGEST_TEXT:
        return Checked(None, (Fault("$", f"is longer than {LONGEST_TEXT:,} characters; shorten it", 1),))
    try:
        definition = load_definition(text)
    except InvalidDefinition as error:
        return Checked(None, _located(text, error.problems))
    problems = [*_repeated_keys(text), *_other_slug(definition, slug)]
    return Checked(None if problems else definition, _located(text, problems))


def _other_slug(definition: Definition, slug: str | None) -> Iterator[Problem]:
    if slug is not None and definition.slug != slug:
        yield Problem("$.slug", f'must stay "{slug}"; write another questionnaire to use another name')


# --- Layout ----------------------------------------------------------------------------------------


def _laid_out(value: Any, indent: int) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indent <= _WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {_laid_out(part, indent + 2)}" for key, part in value.items()]
    else:
        parts = [_laid_out(part, indent + 2) for part in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{inner}" + f",\n{inner}".join(parts) + f"\n{' ' * indent}{closing}"


# --- Where things stand ----------------------------------------------------------------------------


def _located(text: str, problems: list[Problem] | tuple[Problem, ...]) -> tuple[Fault, ...]:
    told = next((int(match[1]) for problem in problems if (match := _AT_LINE.search(problem.message))), None)
    lines = {} if told or not problems else {path: line for path, line, _ in _places(text)}
    faults = (Fault(*problem, told or _line_of(problem.path, lines)) for problem in problems)
    return tuple(sorted(faults, key=lambda fault: fault.line))


def _line_of(path: str, lines: dict[str, int]) -> int:
    """The line of the path, or of the innermost part around it that is there."""
    while path not in lines and (shorter := _LAST_PART.sub("", path)) != path:
        path = shorter
    return lines.get(path, 1)


def _repeated_keys(text: str) -> Iterator[Problem]:
    for path, _, repeated in _places(text):
        if repeated:
            yield Problem(path, "is written twice, and only the last counts; remove one")


class _Open:
    """An object or list whose end is still to come."""

    def __init__(self, path: str, *, is_list: bool) -> None:
        self.path, self.line = path, 0
        self.index: int | None = 0 if is_list else None
        self.key: str | None = None
        self.keys: set[str] = set()

    def inner(self) -> str:
        return f"{self.path}.{self.key}" if self.index is None else f"{self.path}[{self.index}]"


def _places(text: str) -> Iterator[tuple[str, int, bool]]:
    """The path of every value in a valid JSON text, the line it or its key stands on, whether the key is repeated."""
    around: list[_Open] = []
    line, read = 1, 0
    for match in _MARK.finditer(text):
        line, read = line + text.count("\n", read, match.start()), match.start()
        mark, inside = match[0], around[-1] if around else None
        if mark in "}]":
            around.pop()
        elif mark in ",:":
            _go_on(inside, mark)
        elif inside and inside.index is None and inside.key is None:
            inside.key, inside.line = json.loads(mark), line
        else:
            yield _place(inside, line)
            if mark in "{[":
                around.append(_Open(inside.inner() if inside else "$", is_list=mark == "["))


def _go_on(inside: _Open | None, mark: str) -> None:
    if inside and mark == ",":
        inside.key = None
        inside.index = None if inside.index is None else inside.index + 1


def _place(inside: _Open | None, line: int) -> tuple[str, int, bool]:
    if inside is None:
        return "$", line, False
    if inside.key is None:
        return inside.inner(), line, False
    repeated = inside.key in inside.keys
    inside.keys.add(inside.key)
    return inside.inner(), inside.line, repeated
