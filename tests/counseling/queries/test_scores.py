from __future__ import annotations

from typing import Any

import pytest

from assessments.actions.responses import withdraw_response
from assessments.change import Change
from assessments.definition import Definition
from assessments.models import Response, Score
from counseling.actions.baselines import lift_baseline, set_baseline
from counseling.models import Baseline, FollowUp
from counseling.queries.scores import WAVES, PersonRow, answered_lately, score_tables
from tests.assessments.factories import full_answers, published, two_way_check_in
from tests.counseling.admin.work import Work, work_of
from tests.factories import NOW, CaseFactory

pytestmark = pytest.mark.django_db
NOT_SCORED = {"attention", "limit", "partner_limit", "alone", "visible", "fear", "hurt", "contact"}


def test_the_table_has_both_people_s_scores_scale_by_scale():
    work = work_of(waves=2)
    (table,) = score_tables(work.case, answered_lately(work.case), language="en")
    values = {scale.scale.id: [[score.value for score in row.cells] for row in scale.rows] for scale in table.scales}
    assert table.title == "Two-Way Check-In"
    assert values["giving"] == [[100.0, 100.0], [0.0, 0.0]]
    assert [row.person for row in table.scales[0].rows] == list(work.case.members)
    assert len(table.days) == 2


def test_a_scale_that_nobody_answered_is_named_as_not_computed():
    work = work_of()
    (table,) = score_tables(work.case, answered_lately(work.case), language="es")
    assert len(table.not_computed) == 2
    assert not {scale.title for scale in table.scales} & set(table.not_computed)


def test_only_the_latest_waves_are_shown_beside_the_first():
    work = work_of(waves=WAVES + 2)
    answered = answered_lately(work.case)
    days = sorted({follow_up.local_date for follow_up in answered})
    (table,) = score_tables(work.case, answered, language="en")
    assert (len(days), days[0], table.days) == (WAVES + 1, NOW.date(), tuple(days[1:]))
    assert {row.change.before.day for scale in table.scales for row in scale.rows} == {NOW.date()}


def test_a_withdrawn_response_is_as_if_it_never_was():
    work = work_of()
    withdraw_response(FollowUp.objects.get(client=work.case.members[0]).response, now=NOW)
    assert [follow_up.client for follow_up in answered_lately(work.case)] == [work.case.members[1]]


def test_nothing_answered_is_no_table():
    case = CaseFactory()
    assert score_tables(case, answered_lately(case), language="en") == []


@pytest.mark.parametrize("waves", [1, 3])
def test_it_takes_four_queries_however_many_waves(waves, django_assert_num_queries):
    work = work_of(waves=waves)
    with django_assert_num_queries(4):
        score_tables(work.case, answered_lately(work.case), language="en")


# --- Change ---------------------------------------------------------------------------------------


def scores_of(work: Work, scale: str, *values: float | None) -> None:
    """Give the first member these scores, wave by wave."""
    waves = FollowUp.objects.filter(client=work.case.members[0]).order_by("due_at")
    for follow_up, value in zip(waves, values, strict=True):
        follow_up.response.scores.filter(scale=scale).update(value=value)


def change_of(work: Work, scale: str) -> Change | None:
    (table,) = score_tables(work.case, answered_lately(work.case), language="en")
    return next(rows.rows[0].change for rows in table.scales if rows.scale.id == scale)


@pytest.mark.parametrize(
    ("scale", "values", "category"),
    [
        ("need", (80, 50, 40), "improved"),
        ("need", (40, 80, 80), "deteriorated"),
        ("need", (80, 40, 50), "unchanged"),
        ("growth", (20, 50, 80), "improved"),
        ("giving", (20, 50, 80), "changed"),
        ("boundaries", (0, 50, 100), "unknown"),
    ],
)
def test_the_latest_score_is_held_against_the_first(scale, values, category):
    work = work_of(waves=3)
    scores_of(work, scale, *values)
    change = change_of(work, scale)
    assert (change.before.value, change.after.value, change.category) == (values[0], values[2], category)


def test_a_score_that_was_not_computed_is_no_baseline():
    work = work_of(waves=3)
    scores_of(work, "need", None, 80, 40)
    assert change_of(work, "need").before.value == 80


def test_one_score_is_no_change():
    work = work_of(waves=2)
    scores_of(work, "need", None, 40)
    assert change_of(work, "need") is None


def test_answers_to_another_version_are_not_compared():
    work = work_of(waves=3)
    first = FollowUp.objects.filter(client=work.case.members[0]).earliest("due_at")
    FollowUp.objects.filter(pk=first.pk).update(version=published(reworded()))
    scores_of(work, "need", 0, 80, 40)
    assert change_of(work, "need").before.value == 80


def reworded() -> Definition:
    definition = two_way_check_in()
    return definition.model_copy(update={"title": {**definition.title, "en": "Two-Way Check-In, reworded"}})


# --- From where, and where to ---------------------------------------------------------------------


def row_of(work: Work, scale: str) -> PersonRow:
    (table,) = score_tables(work.case, answered_lately(work.case), language="en")
    return next(rows.rows[0] for rows in table.scales if rows.scale.id == scale)


def make_baseline(work: Work, number: int) -> Baseline:
    waves = FollowUp.objects.filter(client=work.case.members[0]).order_by("due_at")
    return set_baseline(waves[number], by=work.case.lead, now=NOW)


def test_a_chosen_baseline_is_what_change_is_measured_from():
    work = work_of(waves=3)
    scores_of(work, "need", 90, 80, 40)
    baseline = make_baseline(work, 1)
    row = row_of(work, "need")
    assert (row.change.before.value, row.change.after.value, row.set) == (80, 40, baseline)


def test_it_counts_also_when_it_is_older_than_what_is_shown():
    work = work_of(waves=WAVES + 3)
    scores_of(work, "need", 90, 70, *[50] * (WAVES + 1))
    make_baseline(work, 1)
    assert row_of(work, "need").change.before.value == 70


def test_the_partner_s_change_is_measured_from_their_own():
    work = work_of(waves=3)
    make_baseline(work, 1)
    (table,) = score_tables(work.case, answered_lately(work.case), language="en")
    days = [row.change.before.day for row in table.scales[0].rows]
    assert days[0] > days[1] == NOW.date()
    assert [bool(row.set) for row in table.scales[0].rows] == [True, False]


def test_a_lifted_one_counts_no_more():
    work = work_of(waves=3)
    scores_of(work, "need", 90, 80, 40)
    lift_baseline(make_baseline(work, 1), by=work.case.lead, now=NOW)
    assert (row_of(work, "need").change.before.value, row_of(work, "need").set) == (90, None)


def test_the_trend_is_over_the_occasions_since_the_baseline():
    work = work_of(waves=5)
    scores_of(work, "need", 10, 80, 60, 40, 20)
    make_baseline(work, 1)
    trend = row_of(work, "need").trend
    assert (trend.occasions, trend.heading, trend.is_beyond_error) == (4, "falling", True)
    assert trend.slope == pytest.approx(-20 / 7)


def test_two_occasions_are_no_trend():
    work = work_of(waves=2)
    assert row_of(work, "need").trend is None


def test_where_one_error_is_unknown_nothing_is_said_of_the_trend_s():
    work = work_of(waves=4)
    scores_of(work, "need", 80, 60, 40, 20)
    Score.objects.filter(response__in=FollowUp.objects.values("response")[:1], scale="need").update(sem=None)
    assert row_of(work, "need").trend.is_beyond_error is None


# --- How it was answered --------------------------------------------------------------------------


def notes_of(work: Work) -> dict[str, tuple[set[str], bool, bool]]:
    (table,) = score_tables(work.case, answered_lately(work.case), language="en")
    return {
        note.person.given_name: ({signal.key for signal in note.signals}, note.is_invalid, note.overlooked)
        for note in table.notes
    }


def answered_with(work: Work, person: int, **facts: Any) -> None:
    """Make the person's latest answers these."""
    latest = FollowUp.objects.filter(client=work.case.members[person]).latest("due_at").response
    Response.objects.filter(pk=latest.pk).update(**facts)


def test_careful_answers_need_no_note():
    work = work_of(waves=2)
    for person in (0, 1):
        answered_with(work, person, answers=careful(), item_seconds={"n1": 5.0})
    assert notes_of(work) == {}


def test_only_the_latest_answers_are_spoken_of():
    work = work_of(waves=2)
    answered_with(work, 0, answers=careful() | {"attention": 4}, item_seconds={"n1": 0.5})
    answered_with(work, 1, answers=careful() | {"alone": 0}, item_seconds={})
    assert notes_of(work) == {"Anouk": ({"attention", "speed"}, True, False), "Bertil": (set(), False, True)}


def test_who_did_not_answer_has_no_note():
    work = work_of()
    withdraw_response(FollowUp.objects.get(client=work.case.members[0]).response, now=NOW)
    answered_with(work, 1, answers=careful() | {"visible": 1}, item_seconds={})
    assert notes_of(work) == {"Bertil": (set(), False, True)}


def careful() -> dict[str, Any]:
    """Answers that differ from question to question."""
    return {
        item: value if item in NOT_SCORED else number % 4 for number, (item, value) in enumerate(full_answers().items())
    }
