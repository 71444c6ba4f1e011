from __future__ import annotations

import pytest

from assessments.actions.responses import withdraw_response
from counseling.models import FollowUp
from counseling.queries.scores import WAVES, answered_lately, score_tables
from tests.counseling.admin.work import work_of
from tests.factories import NOW, CaseFactory

pytestmark = pytest.mark.django_db


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


def test_only_the_latest_waves_are_shown():
    work = work_of(waves=WAVES + 1)
    answered = answered_lately(work.case)
    days = [follow_up.local_date for follow_up in answered]
    assert (len(set(days)), min(days) > NOW.date()) == (WAVES, True)


def test_a_withdrawn_response_is_as_if_it_never_was():
    work = work_of()
    withdraw_response(FollowUp.objects.get(client=work.case.members[0]).response, now=NOW)
    assert [follow_up.client for follow_up in answered_lately(work.case)] == [work.case.members[1]]


def test_nothing_answered_is_no_table():
    case = CaseFactory()
    assert score_tables(case, answered_lately(case), language="en") == []


def test_it_takes_three_queries_however_many_waves(django_assert_num_queries):
    work = work_of(waves=3)
    with django_assert_num_queries(3):
        score_tables(work.case, answered_lately(work.case), language="en")
