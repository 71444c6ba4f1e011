"""The rules of words: what a client reads is there in every language, with no placeholder but the known ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from assessments.exceptions import Problem

if TYPE_CHECKING:
    from assessments.definition.questionnaire import Definition

_FOR_CLIENTS = frozenset(
    {"title", "text", "help", "intro", "advice", "period", "notice", "declined", "unit", "low", "high"}
)
_FOR_STAFF = frozenset({"scales"})
_BRACES = re.compile(r"[{}]")
_PLACEHOLDERS = re.compile(r"\{(other|Other|your_other)\}")


def missing_words(definition: Definition) -> Iterator[Problem]:
    data = definition.model_dump()
    yield from _texts(data, "$", definition.languages)
    if definition.declined is None and any(getattr(item, "declinable", False) for item in definition.items()):
        yield Problem("$.declined", "has no words, but a question may be declined; add them or set declinable to false")


def _texts(value: Any, path: str, languages: tuple[str, ...]) -> Iterator[Problem]:
    """Walk the plain data for the texts in it."""
    if isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _texts(part, f"{path}[{number}]", languages)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in _FOR_STAFF:
                walk = _wordings if key in _FOR_CLIENTS and isinstance(part, dict) else _texts
                yield from walk(part, f"{path}.{key}", languages)


def _wordings(texts: Mapping[str, str], path: str, languages: tuple[str, ...]) -> Iterator[Problem]:
    for language in sorted(set(languages) - set(texts)):
        yield Problem(path, f'has no "{language}"; add the wording')
    for language in sorted(set(texts) - set(languages)):
        yield Problem(path, f'"{language}" is not one of the languages; add it to $.languages or remove it')
    for language, wording in texts.items():
        if _BRACES.search(_PLACEHOLDERS.sub("", wording)):
            yield Problem(f"{path}.{language}", "has braces; only {other}, {Other} and {your_other} may stand in them")
