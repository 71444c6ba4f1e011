"""How fast answers to the Two-Way Check-In become scores, beside numpy as one would write it by hand."""

from __future__ import annotations

from functools import partial

import numpy as np

from assessments.conf import SHIPPED_CATALOG
from assessments.definition import Definition, Scale, load_definition
from assessments.models import InstrumentVersion
from assessments.scoring import Floats, answer_matrix, compile_definition, score_matrix, score_response
from tests.benchmarks.registry import Measurement, benchmark
from tests.benchmarks.timing import compare

CATALOG_FILE = SHIPPED_CATALOG / "two-way-check-in.json"
MANY, SEVERAL = 1_000_000, 1_000
ROWS_AT_ONCE = 8192
"""By hand over all million rows at once is half as fast: this is what fits the processor's cache."""


@benchmark("scoring_single", unit="responses/s", against="numpy by hand over the same answers, already a matrix")
def scoring_single() -> Measurement:
    definition = load_definition(CATALOG_FILE.read_text())
    answers = {item: number % 5 for number, item in enumerate(compile_definition(definition).items)}
    matrix = answer_matrix(definition, [answers])
    agree(definition, matrix)
    seconds = compare(lambda: score_response(definition, answers), partial(by_hand, definition, matrix), pick=min)
    return Measurement(
        figure=1 / seconds.ours,
        reference=1 / seconds.reference,
        also={"milliseconds": 1000 * seconds.ours, **definition_milliseconds()},
    )


@benchmark("scoring_batch", unit="responses/s", against="numpy by hand over the same matrix, scale by scale")
def scoring_batch() -> Measurement:
    definition = load_definition(CATALOG_FILE.read_text())
    matrix = a_million_answers(definition)
    agree(definition, matrix)
    million, thousand = batch_speeds(definition, matrix), batch_speeds(definition, matrix[:SEVERAL])
    return Measurement(
        figure=million[0],
        reference=million[1],
        also={"of_1000": thousand[0], "by_hand_of_1000": thousand[1], "ratio_of_1000": thousand[0] / thousand[1]},
    )


def batch_speeds(definition: Definition, matrix: Floats) -> tuple[float, float]:
    """Responses per second: ours, and by hand."""
    ours, reference = partial(score_matrix, definition, matrix), partial(by_hand, definition, matrix)
    seconds = compare(ours, reference, runs=5, pick=min)
    return len(matrix) / seconds.ours, len(matrix) / seconds.reference


def definition_milliseconds() -> dict[str, float]:
    """Reading the definition's text, and finding it again for a row just fetched, whose text is another copy."""
    text = CATALOG_FILE.read_bytes()
    definition = load_definition(text)
    version, stored = InstrumentVersion(digest=definition.digest()), definition.canonical().encode()

    def found_again() -> Definition:
        version.definition_json = str(stored, "utf-8")
        return version.definition

    seconds = compare(found_again, lambda: load_definition(text), pick=min)
    return {"definition_load_ms": 1000 * seconds.reference, "definition_cached_ms": 1000 * seconds.ours}


def a_million_answers(definition: Definition) -> Floats:
    """0-4, one in twenty missing."""
    dice = np.random.default_rng(7)
    matrix = dice.integers(0, 5, (MANY, len(compile_definition(definition).items))).astype(float)
    matrix[dice.random(matrix.shape) < 0.05] = np.nan
    return matrix


# --- By hand --------------------------------------------------------------------------------------


def by_hand(definition: Definition, matrix: Floats) -> Floats:
    """The Two-Way Check-In's scores and nothing else: no counts, no marks, no other kinds of scales or answers."""
    column = {item: number for number, item in enumerate(compile_definition(definition).items)}
    pairs = dict(zip([f"g{n}" for n in range(1, 6)], [f"v{n}" for n in range(1, 6)], strict=True))
    pairs |= {other: mine for mine, other in pairs.items()}
    scores = np.empty((len(matrix), len(definition.scales)))
    for start in range(0, len(matrix), ROWS_AT_ONCE):
        rows = matrix[start : start + ROWS_AT_ONCE]
        for number, scale in enumerate(definition.scales):
            mirrored = [column[pairs[item]] for item in scale.items] if scale.complete_pairs else None
            scores[start : start + ROWS_AT_ONCE, number] = scale_by_hand(scale, rows, column, mirrored)
    return scores


def scale_by_hand(scale: Scale, rows: Floats, column: dict[str, int], mirrored: list[int] | None) -> Floats:
    answers = rows[:, [column[item] for item in scale.items]]
    answers = np.where([item in scale.reversed for item in scale.items], 4 - answers, answers)
    if mirrored:
        answers = np.where(np.isnan(rows[:, mirrored]), np.nan, answers)
    count = (~np.isnan(answers)).sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.where(count >= scale.minimum, 25 * np.nansum(answers, axis=1) / count, np.nan)


def agree(definition: Definition, matrix: Floats) -> None:
    """Raises AssertionError unless both come to the same scores."""
    np.testing.assert_allclose(score_matrix(definition, matrix).value, by_hand(definition, matrix), rtol=0, atol=1e-9)
