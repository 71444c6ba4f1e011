from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assessments.answers import unanswered
from counseling.web.walk import (
    find_part,
    first_open_part,
    minutes_needed,
    part_after,
    part_after_change,
    part_before,
    part_to_go_on_with,
    parts_of,
)
from tests.assessments.factories import every_kind, full_answers, small, two_way_check_in

DEFINITION = two_way_check_in()
some_answers = st.dictionaries(
    st.sampled_from([item.id for item in DEFINITION.items()]), st.sampled_from([None, 0, 1, 2]), max_size=60
)


def test_numbers_stay_and_positions_count_what_is_visible():
    parts = parts_of(DEFINITION, {**full_answers(), "limit": 0, "partner_limit": 0})
    assert [(part.number, part.position, part.total) for part in parts[8:]] == [(9, 9, 11), (11, 10, 11), (12, 11, 11)]


def test_a_hidden_part_cannot_be_found_but_gone_past():
    answers = {"gate": 0}
    assert find_part(small(), answers, 2) is None
    assert part_after(small(), answers, 1) is None
    assert part_before(small(), answers, 3).number == 1


def test_an_optional_question_does_not_hold_anybody_up():
    assert first_open_part(small(), {"a": 1, "gate": 1, "b": 2}) is None


def test_whoever_comes_back_skips_no_page_that_was_not_met():
    assert part_to_go_on_with(small(), {}).number == 1
    assert part_to_go_on_with(small(), {"a": 1}).number == 1  # the other question there needs an answer
    assert part_to_go_on_with(small(), {"a": 1, "gate": 1}).number == 2
    assert part_to_go_on_with(small(), {"a": 1, "gate": 1, "b": None}) is None
    assert part_to_go_on_with(small(), {"gate": 1, "b": None}).number == 1


def test_a_change_asks_for_what_it_opened_and_for_nothing_else():
    before = {"a": 1, "gate": 0}
    assert part_after_change(small(), before, {"a": 2, "gate": 0}) is None
    assert part_after_change(small(), before, {"a": 2, "gate": 1}).number == 2
    assert part_after_change(small(), before, {"gate": 1}).number == 1


@given(some_answers)
def test_walking_forward_meets_every_part_once_and_back_returns(answers):
    parts = parts_of(DEFINITION, answers)
    forward = [part_after(DEFINITION, answers, 0)]
    while (following := part_after(DEFINITION, answers, forward[-1].number)) is not None:
        forward.append(following)
    assert tuple(forward) == parts
    assert [part_before(DEFINITION, answers, part.number) for part in parts] == [None, *parts[:-1]]
    assert [find_part(DEFINITION, answers, part.number) for part in parts] == list(parts)


@given(some_answers)
def test_going_on_ends_exactly_when_nothing_is_unanswered(answers):
    part = part_to_go_on_with(DEFINITION, answers)
    assert part == first_open_part(DEFINITION, answers)
    missing = [item.id for item in unanswered(DEFINITION, answers)]
    assert (part is None) == (missing == [])
    if part is not None:
        assert missing[0] in {item.id for item in part.block.items}


def test_the_guess_at_the_time_is_at_least_a_minute_and_longer_where_one_writes():
    assert (minutes_needed(DEFINITION), minutes_needed(small()), minutes_needed(every_kind())) == (7, 1, 2)
