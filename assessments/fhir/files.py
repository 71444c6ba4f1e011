"""From bytes to a Questionnaire and the code lists beside it, within limits. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from typing import Any, NamedTuple, NoReturn

from assessments.exceptions import Problem, UnreadableQuestionnaire

Data = dict[str, Any]

MOST_BYTES = 5_000_000
MOST_VALUES = 300_000
"""Keys and values of the JSON; what is beyond any form takes long to look at."""
DEEPEST = 100
"""Levels of JSON: each level of items takes two of them."""
TERMINOLOGY = ("ValueSet", "CodeSystem")
LONGEST_NUMBER = 18
"""Digits of a whole number; FHIR's have at most ten."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Source(NamedTuple):
    """A Questionnaire as JSON data, and the ValueSets and CodeSystems that came with it."""

    questionnaire: Data
    terminology: tuple[Data, ...]


def parse_json(content: bytes) -> Data:
    """The JSON object in a file. Raises UnreadableQuestionnaire: too large or deep, no JSON, a field given twice."""
    if len(content) > MOST_BYTES:
        _refuse(f"is larger than {MOST_BYTES // 1_000_000} MB; remove pictures and unused value sets")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse("is not UTF-8; save it in that encoding", error)
    if text.lstrip()[:1] == "<":
        _refuse("is XML; export it as JSON")
    return _object(text)


def source_of(data: Any) -> Source:
    """The Questionnaire: the resource itself, or the only one in a Bundle. Raises UnreadableQuestionnaire."""
    resource = _check_plain(data)
    if resource.get("resourceType") != "Bundle":
        return Source(_questionnaire([resource]), ())
    inside = _entries(resource)
    forms = [each for each in inside if each.get("resourceType") == "Questionnaire"]
    return Source(_questionnaire(forms), tuple(each for each in inside if each.get("resourceType") in TERMINOLOGY))


def terminology_in(data: Any) -> tuple[Data, ...]:
    """A ValueSet or CodeSystem, or those in a Bundle. Raises UnreadableQuestionnaire where there is none."""
    resource = _check_plain(data)
    inside = _entries(resource) if resource.get("resourceType") == "Bundle" else [resource]
    found = tuple(each for each in inside if each.get("resourceType") in TERMINOLOGY)
    return found or _refuse("holds no ValueSet and no CodeSystem; give a file with one")


def _object(text: str) -> Data:
    try:
        data = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite, parse_int=_small
        )
    except RecursionError as error:
        _refuse("is nested too deep; it cannot be a questionnaire", error)
    except ValueError as error:
        _refuse(f"is not valid JSON ({error}); correct it", error)
    return _check_plain(data)


def _check_plain(data: Any) -> Data:
    """Refuse what is no object, too deep, or has texts that cannot be stored or shown."""
    if not isinstance(data, dict):
        _refuse("must be a JSON object with a resourceType; give a FHIR Questionnaire")
    for number, (depth, text) in enumerate(_strings(data)):
        if number > MOST_VALUES:
            _refuse(f"holds more than {MOST_VALUES} values; remove unused value sets")
        if depth > DEEPEST:
            _refuse("is nested too deep; it cannot be a questionnaire")
        if _UNPRINTABLE.search(text):
            _refuse("has a text with characters that cannot be shown; remove them")
    return data


def _strings(data: Any) -> Iterator[tuple[int, str]]:
    """Every text and key with its depth, and each container as an empty text. Without recursion: it may be deep."""
    stack = [(1, data)]
    while stack:
        depth, value = stack.pop()
        yield depth, value if isinstance(value, str) else ""
        if isinstance(value, dict):
            stack += [(depth + 1, part) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            stack += [(depth + 1, part) for part in value]


def _once(pairs: Sequence[tuple[str, Any]]) -> Data:
    found: Data = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f'the field "{name}" is given twice')
        found[name] = value
    return found


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        _no_number(digits)
    return number


def _small(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        _no_number(digits[:LONGEST_NUMBER])
    return int(digits)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number that can be used")


def _entries(bundle: Data) -> list[Data]:
    entries = bundle.get("entry")
    resources = (
        [entry.get("resource") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    )
    return [resource for resource in resources if isinstance(resource, dict)]


def _questionnaire(found: Iterable[Data]) -> Data:
    forms = list(found)
    if len(forms) != 1:
        _refuse(f"holds {len(forms)} Questionnaires; give a file with one")
    kind = forms[0].get("resourceType")
    if kind != "Questionnaire":
        given = f"a {kind}" if isinstance(kind, str) and kind else "no FHIR resource"
        _refuse(f"is {given}; give a Questionnaire")
    return forms[0]


def _refuse(message: str, error: Exception | None = None) -> NoReturn:
    raise UnreadableQuestionnaire([Problem("file", message)]) from error
