"""Questionnaires without a word in them: made for scoring, by hand or at random."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from assessments.definition import Definition, load_definition
from assessments.scoring import ScaleScore, score_response
from tests.assessments.factories import words

Data = dict[str, Any]


@dataclass(frozen=True)
class Toy:
    """One question: its JSON, the options it brings, and the answers that can be given to it."""

    data: Data
    answers: Sequence[Any]
    options: Sequence[Data] = ()


def choice(points: Mapping[int, float] | range) -> Toy:
    """A choice of these values; a mapping says what each counts."""
    counts = points if isinstance(points, Mapping) else {value: value for value in points}
    return Toy({"kind": "choice"}, list(counts), [_option(value, counts[value]) for value in counts])


def several(points: Mapping[int, float]) -> Toy:
    """Any number of these values, none of them too."""
    answers = [list(chosen) for size in range(len(points) + 1) for chosen in combinations(points, size)]
    return Toy({"kind": "multiple_choice"}, answers, [_option(value, counts) for value, counts in points.items()])


def number(kind: str, minimum: float, maximum: float, step: float = 1, **more: Any) -> Toy:
    count = round((maximum - minimum) / step)
    values = [round(minimum + step * n, 6) for n in range(count + 1)]
    answers = values if kind == "decimal" else [int(value) for value in values]
    if kind == "scale":
        more["step"] = step
    return Toy({"kind": kind, "minimum": minimum, "maximum": maximum, **more}, answers)


def yes_or_no() -> Toy:
    return Toy({"kind": "boolean"}, [0, 1])


def _option(value: int, points: float) -> Data:
    option = {"value": value, "text": words(".")}
    return option if points == value else {**option, "score": points}


def toy(items: Mapping[str, Toy], *scales: Data, **more: Any) -> Definition:
    data = {
        "slug": "toy",
        "title": words("."),
        "languages": ["en"],
        "declined": words("."),
        "option_sets": {f"of_{name}": list(item.options) for name, item in items.items() if item.options},
        "blocks": [
            {
                "id": "page",
                "items": [
                    {"id": name, "text": words("."), **item.data, **({"options": f"of_{name}"} if item.options else {})}
                    for name, item in items.items()
                ],
            }
        ],
        "scales": list(scales),
        **more,
    }
    return load_definition(json.dumps(data))


def scale(
    scale_id: str,
    kind: str,
    parts: Sequence[str],
    *,
    minimum: int | None = None,
    turned: Sequence[str] = (),
    **more: Any,
) -> Data:
    """A scale of items, or of scales where ``of="scales"``; all are needed unless a minimum is given."""
    return {
        "id": scale_id,
        "title": words("."),
        "kind": kind,
        more.pop("of", "items"): list(parts),
        "reversed": list(turned),
        "minimum": minimum or len(parts),
        "direction": "neutral",
        **more,
    }


# --- At random ------------------------------------------------------------------------------------

KINDS: Mapping[str, Toy] = {
    "plain": choice(range(5)),
    "odd": choice({1: 0, 2: 0.1, 3: 0.7, 4: -1.3}),
    "many": several({1: 1, 2: 2.5, 3: -1}),
    "whole": several({1: 1, 2: 2, 4: 3}),
    "yes": yes_or_no(),
    "count": number("integer", -3, 12),
    "litres": number("decimal", 0, 2, 0.05, places=2),
    "rating": number("scale", 1, 10, 3),
}
ITEMS = {f"{name}{copy}": item for copy in "abcd" for name, item in KINDS.items()}
PLAIN = [name for name in ITEMS if name.startswith("plain")]
PAIRS = [[f"{name}a", f"{name}b"] for name in KINDS]
PAIRED = [item for pair in PAIRS for item in pair]
decimals = st.integers(1, 40).map(lambda tenths: tenths / 10)


@st.composite
def scales_of_items(draw: st.DrawFn, scale_id: str = "any") -> Data:
    kind = draw(st.sampled_from(["pomp", "sum", "mean", "weighted"]))
    paired = draw(st.booleans())
    alike = draw(st.sampled_from(list(KINDS))) if kind != "pomp" and draw(st.booleans()) else None
    pool = [name for name in (PAIRED if paired else ITEMS) if kind != "pomp" or name in PLAIN]
    pool = [name for name in pool if alike in {None, name[:-1]}]
    parts = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=6, unique=True))
    more: Data = {"complete_pairs": "sides"} if paired else {}
    if kind == "weighted":
        more["weights"] = {part: draw(decimals) for part in parts}
    if kind != "pomp":
        more["factor"] = draw(st.sampled_from([1, 4, 0.1]))
    more["turned"] = draw(st.lists(st.sampled_from(parts), unique=True))
    fewest = 1 if alike or kind in {"pomp", "mean"} else len(parts)
    return scale(scale_id, kind, parts, minimum=draw(st.integers(fewest, len(parts))), **more)


@st.composite
def totals_of(draw: st.DrawFn, parts: Sequence[str]) -> Data:
    kind = draw(st.sampled_from(["sum", "mean", "weighted"]))
    weights = {part: draw(decimals) for part in parts} if kind == "weighted" else {}
    return scale("total", kind, parts, of="scales", weights=weights, factor=draw(st.sampled_from([1, 0.5])))


@st.composite
def questionnaires(draw: st.DrawFn) -> Definition:
    """Two scales of any items, and their total."""
    parts = [draw(scales_of_items("one")), draw(scales_of_items("two"))]
    total = draw(totals_of(["one", "two"]))
    order = draw(st.permutations([*parts, total]))
    return toy(ITEMS, *order, mirrors=[{"id": "sides", "pairs": PAIRS}])


def answered(items: Mapping[str, Toy] = ITEMS) -> st.SearchStrategy[dict[str, Any]]:
    """Answers to some, some of them declined."""
    given = {name: st.one_of(st.none(), *[st.sampled_from(item.answers)] * 4) for name, item in items.items()}
    return st.fixed_dictionaries({}, optional=given)


def only(definition: Definition, answers: Mapping[str, Any]) -> ScaleScore:
    """The score of a questionnaire's only scale."""
    (score,) = score_response(definition, answers)
    return score
