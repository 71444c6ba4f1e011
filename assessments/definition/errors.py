"""Pydantic's errors as problems a questionnaire's author can act on: a JSON path and what to do."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from assessments.exceptions import Problem

CROSS_CHECK = "parts_disagree"

_ADVICE = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not a known field; remove it or correct its spelling",
    "union_tag_not_found": "has no {discriminator}; add it",
    "union_tag_invalid": '"{tag}" is not a known kind; use one of {expected_tags}',
    "literal_error": "use one of {expected}",
    "string_pattern_mismatch": "must match {pattern}; rename it",
    "too_short": "needs at least {min_length} entries; add what is missing",
    "less_than_equal": "must be at most {le:,.0f}; lower it",
    "greater_than_equal": "must be at least {ge:,.0f}; raise it",
    "finite_number": "is no number that can be used; correct it",
    "json_invalid": "is not valid JSON ({error}); correct the file",
}


def problems_of(error: ValidationError, data: Any) -> tuple[Problem, ...]:
    """One problem per fault; ``data`` is the parsed JSON the paths point into."""
    details = error.errors()
    return tuple(problem for detail in details if not _echo(detail, details) for problem in _problems(detail, data))


def path_of(parts: Iterable[str | int]) -> str:
    """("blocks", 0, "items") as "$.blocks[0].items"."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)


def _echo(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """A list that pydantic finds too short only because it already refused the entries."""
    location = detail["loc"]
    inside = (other["loc"] for other in details if other is not detail)
    return detail["type"] == "too_short" and any(other[: len(location)] == location for other in inside)


def _problems(detail: ErrorDetails, data: Any) -> Iterator[Problem]:
    context = detail.get("ctx", {})
    if detail["type"] == CROSS_CHECK:
        yield from context["problems"]
        return
    template = _ADVICE.get(detail["type"])
    message = template.format_map(context) if template else detail["msg"]
    yield Problem(path_of(_without_tags(detail["loc"], data)), message)


def _without_tags(location: tuple[str | int, ...], data: Any) -> Iterator[str | int]:
    """Leave out the union tags that pydantic puts between the keys of the real path."""
    for depth, part in enumerate(location):
        if depth and isinstance(location[depth - 1], int) and part == "text" == _inside(data, "kind"):
            continue  # the one kind of question that is called like a field it has
        if part == "[key]":  # how pydantic says that the fault is in the key itself
            return
        if isinstance(part, str) and isinstance(data, dict) and part not in data and depth < len(location) - 1:
            continue
        data = _inside(data, part)
        yield part


def _inside(data: Any, part: str | int) -> Any:
    try:
        return data[part]
    except (KeyError, IndexError, TypeError):
        return None
