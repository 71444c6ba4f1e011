"""The reference page tells the truth about the format."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from assessments.definition import Definition, Scale, load_definition
from assessments.definition.items import Question
from assessments.scoring import score_response

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "definition.md").read_text()
EXAMPLE = re.search(r"```json\n(\{.*?\n\})\n```", PAGE, re.DOTALL)[1]


def test_its_example_can_be_loaded_and_scored():
    (score,) = score_response(load_definition(EXAMPLE), {"rested": 2, "awake": 1, "hours": 0.5})
    assert (score.scale, score.value) == ("trouble", 1)


def test_it_names_every_kind_of_question():
    kinds = {get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(Question)}
    assert {kind for kind in kinds if f"| `{kind}` |" not in PAGE} == set()


@pytest.mark.parametrize("model", [Definition, Scale, *get_args(Question)])
def test_it_names_every_field(model):
    assert {name for name in model.model_fields if f"`{name}`" not in PAGE and f'"{name}"' not in PAGE} == set()
