"""How fast answers become scores."""

from __future__ import annotations

import numpy as np

from assessments.conf import SHIPPED_CATALOG
from assessments.definition import Definition, load_definition
from assessments.scoring import Floats, answer_matrix, compile_definition, score_response
from tests.benchmarks.registry import Measurement, benchmark
from tests.benchmarks.timing import compare


@benchmark("scoring_single", unit="responses/s", against="bare numpy over the same answers, scale by scale")
def scoring_single() -> Measurement:
    definition = two_way_check_in()
    answers = {item: number % 5 for number, item in enumerate(compile_definition(definition).items)}
    matrix = answer_matrix(definition, [answers])
    scales = bare_scales(definition)
    seconds = compare(lambda: score_response(definition, answers), lambda: bare_scores(scales, matrix))
    return Measurement(figure=1 / seconds.ours, reference=1 / seconds.reference)


def two_way_check_in() -> Definition:
    return load_definition((SHIPPED_CATALOG / "two-way-check-in.json").read_text())


def bare_scales(definition: Definition) -> list[tuple[list[int], Floats]]:
    """Per scale its columns and which of them are reversed."""
    items = compile_definition(definition).items
    return [
        ([items.index(item) for item in scale.items], np.array([item in scale.reversed for item in scale.items]))
        for scale in definition.scales
    ]


def bare_scores(scales: list[tuple[list[int], Floats]], matrix: Floats) -> Floats:
    """The mean of each scale's items: no missing answers, no minimum, no pairs, no names."""
    return np.array([25 * np.abs(4 * flipped - matrix[:, columns]).mean(axis=1) for columns, flipped in scales])
