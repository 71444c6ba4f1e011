"""Whatever loads can also be asked, scored, shown, compared and exported: nothing loads that breaks a page."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.cautions import cautions_in
from assessments.definition import Definition, load_definition
from assessments.definition.base import LARGEST
from assessments.differences import differences
from assessments.drafting import check_text, laid_out
from assessments.exceptions import InvalidDefinition
from assessments.fhir.reading import read_questionnaire
from assessments.fhir.writing import WRITTEN_RELEASES, write_questionnaire
from assessments.forms import preview_forms
from assessments.preview import preview_of
from assessments.quality import quality_signals
from assessments.sample_answers import LEVELS, sample_answers
from assessments.scoring import score_response
from assessments.scoring_keys import match_key, unknowns
from assessments.working import working_of
from tests.assessments.fhir.any_definition import answers_to, definition_data, tried

FAR = st.sampled_from((-LARGEST, -1, 0, 1, 7, LARGEST))
POINTS = st.sampled_from((-1e9, -0.0, 1e-300, 0.1, 1e9))
NUMBERS = {"choice", "multiple_choice", "boolean", "integer", "decimal", "scale"}


@st.composite
def stretched(draw: Any) -> Definition:
    """Any definition with numbers as far out as they get, and scales of every kind; what does not load is left out."""
    data = draw(definition_data())
    items = [item for block in data["blocks"] for item in block["items"]]
    for options in data["option_sets"].values():
        for option in options:
            option.update(draw(st.fixed_dictionaries({}, optional={"score": POINTS})))
    for item in items:
        if item["kind"] in {"integer", "decimal", "scale"}:
            item.update(draw(st.fixed_dictionaries({}, optional={"minimum": FAR, "maximum": FAR})))
    counted = [item["id"] for item in items if item["kind"] in NUMBERS]
    if counted:
        data["scales"] = [draw(_scale(counted))]
    try:
        return load_definition(json.dumps(data))
    except InvalidDefinition:
        assume(False)
        raise


@st.composite
def _scale(draw: Any, counted: list[str]) -> dict[str, Any]:
    parts = draw(st.lists(st.sampled_from(counted), min_size=1, max_size=5, unique=True))
    kind = draw(st.sampled_from(("sum", "mean", "weighted", "pomp")))
    weights = {part: draw(POINTS) for part in parts} if kind == "weighted" else {}
    return {
        "id": "any",
        "title": {"en": "Any"},
        "kind": kind,
        "items": parts,
        "reversed": draw(st.lists(st.sampled_from(parts), unique=True)),
        "weights": weights,
        "factor": 1 if kind == "pomp" else draw(POINTS),
        "minimum": len(parts),
        "direction": draw(st.sampled_from(("higher_is_worse", "higher_is_better", "neutral"))),
    }


def _everything(definition: Definition, answers: dict[str, Any]) -> None:
    scores = score_response(definition, answers)
    assert all(score.value is None or isfinite(score.value) for score in scores)
    assert [working.score for working in working_of(definition, answers)] == list(scores)
    quality_signals(definition, answers, dict.fromkeys(answers, 1.0), seed="1")
    for language in definition.languages:
        assert all(str(form) for form in preview_forms(definition, language, answers=answers))


@tried(25)
@given(stretched(), st.data())
def test_it_is_scored_shown_and_asked(definition, data):
    for answers in (*(sample_answers(definition, level) for level in LEVELS), data.draw(answers_to(definition)), {}):
        _everything(definition, answers)
    for language in definition.languages:
        assert preview_of(definition, language).blocks
        assert all(str(form) for form in preview_forms(definition, language))


@tried(25)
@given(stretched(), st.sampled_from(WRITTEN_RELEASES))
def test_it_is_exported_edited_and_compared(definition, release):
    written = json.loads(json.dumps(write_questionnaire(definition, release=release), allow_nan=False))
    assert read_questionnaire(written).definition == definition
    assert check_text(laid_out(definition)).definition == definition
    assert differences(definition, definition) == ()
    cautions_in(definition)
    unknowns(definition)
    match_key(definition)
