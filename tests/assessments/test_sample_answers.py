"""Answers to try a questionnaire with are ones that a client could have sent."""

from __future__ import annotations

import pytest

from assessments.answers import clean_page, unanswered
from assessments.conf import SHIPPED_CATALOG
from assessments.definition import DateItem, TextItem, load_definition
from assessments.sample_answers import LEVELS, sample_answers
from assessments.scoring import score_response
from tests.assessments.differences.rich import load, rich_data
from tests.assessments.factories import small, two_way_check_in

SHIPPED = [load_definition(path.read_text()) for path in sorted(SHIPPED_CATALOG.glob("*.json"))]


@pytest.mark.parametrize("definition", [*SHIPPED, small(), load(rich_data())], ids=lambda each: each.slug)
@pytest.mark.parametrize("level", LEVELS)
def test_they_can_be_sent_but_for_dates_and_texts(definition, level):
    answers = sample_answers(definition, level)
    assert clean_page(definition, answers) == answers
    assert [item for item in unanswered(definition, answers) if not isinstance(item, DateItem | TextItem)] == []


def test_gates_are_answered_so_that_more_is_asked():
    assert set(sample_answers(two_way_check_in(), "lowest")) >= {"p1", "p2", "p3", "q1", "q2", "q3"}
    assert sample_answers(small(), "highest") == {"a": 3, "gate": 1, "b": 3}


def test_the_levels_are_the_ends_and_the_middle_of_what_each_question_counts():
    samples = {level: sample_answers(load(rich_data()), level) for level in LEVELS}
    assert [samples[level]["a"] for level in LEVELS] == [0, 1, 2]
    assert [samples[level]["age"] for level in LEVELS] == [0, 60, 120]
    assert [samples[level]["how"] for level in LEVELS] == [0, 5, 10]
    assert [samples[level]["fear"] for level in LEVELS] == [0, 0, 1]
    assert [samples[level]["many"] for level in LEVELS] == [[1], [1], [1]]
    assert [samples[level]["weight"] for level in LEVELS] == [0, 0, 0]
    assert [samples[level]["check"] for level in LEVELS] == [1, 1, 1]


def test_numbers_without_an_end_take_the_other_one_or_zero():
    def sampled(**limits):
        item = {"id": "n", "kind": "integer", "text": {"en": "N"}, **limits}
        definition = small(blocks=[{"id": "p", "items": [item]}], scales=[], mirrors=[], alerts=[])
        return [sample_answers(definition, level)["n"] for level in LEVELS]

    assert sampled() == [0, 0, 0]
    assert sampled(minimum=5) == [5, 5, 5]
    assert sampled(maximum=-4) == [-4, -4, -4]
    assert sampled(minimum=2, maximum=8) == [2, 5, 8]


def test_several_answers_are_as_many_as_may_be_chosen():
    options = [{"value": value, "text": {"en": str(value)}} for value in (1, 2, 3, 4)]
    options.append({"value": 5, "text": {"en": "None"}, "exclusive": True})

    def sampled(at_most):
        item = {"id": "m", "kind": "multiple_choice", "options": "many", "at_most": at_most, "text": {"en": "M"}}
        definition = small(
            blocks=[{"id": "p", "items": [item]}], option_sets={"many": options}, scales=[], mirrors=[], alerts=[]
        )
        return [sample_answers(definition, level)["m"] for level in LEVELS]

    assert sampled(None) == [[1], [3, 4], [1, 2, 3, 4]]
    assert sampled(3) == [[1], [4], [2, 3, 4]]


@pytest.mark.parametrize("level", LEVELS)
def test_every_scale_can_be_computed(level):
    definition = two_way_check_in()
    scores = score_response(definition, sample_answers(definition, level))
    assert [score.scale for score in scores if score.value is None] == []
