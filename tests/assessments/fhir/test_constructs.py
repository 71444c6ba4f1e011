from __future__ import annotations

from pathlib import Path

import pytest

from assessments.fhir import codes
from assessments.fhir.constructs import EXTENSIONS, ITEM_FIELDS, KINDS, ROOT_FIELDS

REFERENCE = (Path(__file__).parents[3] / "docs" / "reference" / "fhir.md").read_text()
REFUSED = [
    name.rpartition("/")[2].removeprefix("sdc-questionnaire-")
    for table in (KINDS, EXTENSIONS, ROOT_FIELDS, ITEM_FIELDS)
    for name, decision in table.items()
    if decision.what == "refuse"
]


@pytest.mark.parametrize("name", [*REFUSED, *KINDS])
def test_the_reference_names_every_reason_to_refuse_and_every_kind(name):
    assert f"`{name}`" in REFERENCE


@pytest.mark.parametrize("url", codes.WEIGHT)
def test_the_reference_names_every_notation_of_a_score(url):
    assert f"`{url.rpartition('/')[2]}`" in REFERENCE
