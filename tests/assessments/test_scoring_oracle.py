"""Scores beside those of an independent scoring library, scorify 2024.7.19 of the University of Wisconsin.

It is no dependency of the tests: it brings pandas and more. ``oracles/scores.csv`` is what it printed, to two decimals,
for ``score_data -q scoresheet.csv answers.csv``; an empty answer is missing; a scale needs one answer or all.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from assessments.scoring import score_responses
from tests.assessments.toys import choice, number, scale, toy

FOLDER = Path(__file__).parent / "oracles"

ITEMS = {
    **{f"i{n}": choice(range(5)) for n in range(1, 6)},
    **{f"j{n}": number("scale", 1, 7) for n in range(1, 5)},
    **{f"k{n}": choice({1: 0, 2: 1.5, 3: 4}) for n in range(1, 4)},
}
SCREEN, ATTACHMENT, RECODED = ([name for name in ITEMS if name.startswith(letter)] for letter in "ijk")

DEFINITION = toy(
    ITEMS,
    scale("screen_sum", "sum", SCREEN, minimum=1, turned=["i2"]),
    scale("strict_sum", "sum", SCREEN, prorate=False),
    scale("attachment_mean", "mean", ATTACHMENT, minimum=1, turned=["j3"]),
    scale("percent_mean", "pomp", ATTACHMENT, minimum=1, turned=["j2"]),
    scale("recoded_sum", "sum", RECODED, minimum=1),
    scale("total", "sum", ["screen_sum", "recoded_sum"], of="scales"),
)


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_an_independent_library_comes_to_the_same_scores():
    answers = [{item: int(value) for item, value in row.items() if value} for row in table("answers.csv")]
    theirs = [
        {scale.id: pytest.approx(float(row[scale.id]), abs=0.005, nan_ok=True) for scale in DEFINITION.scales}
        for row in table("scores.csv")
    ]
    ours = [
        {score.scale: math.nan if score.value is None else score.value for score in scores}
        for scores in score_responses(DEFINITION, answers)
    ]
    assert ours == theirs
    assert len(ours) == 80
