from __future__ import annotations

from datetime import timedelta

import pytest

from counseling.actions.enrollments import end_enrollment, start_enrollment
from counseling.queries.timeline import NEXT, RECENT, enrollment_timelines
from tests.assessments.factories import published, small
from tests.factories import NOW, CaseFactory, ConsentFactory, PlanFactory, StepFactory

pytestmark = pytest.mark.django_db


def enrolled(case, weeks, version=None):
    for member in case.members:
        ConsentFactory(client=member)
    plan = PlanFactory(clinic=case.clinic)
    StepFactory(plan=plan, instrument=(version or published(small())).instrument, occurrences=weeks)
    return start_enrollment(case, plan, start_on=NOW.date(), by=case.lead, now=NOW)


def test_partners_asked_on_one_occasion_stand_together_in_the_order_of_the_case():
    case = CaseFactory(relationship__second__time_zone="Asia/Tokyo")
    enrolled(case, weeks=2)
    (timeline,) = enrollment_timelines(case, now=NOW)
    waves = timeline.near
    assert [[one.client for one in wave.follow_ups] for wave in waves] == [list(case.members)] * 2
    assert [wave.due_at.date() for wave in waves] == [NOW.date(), (NOW + timedelta(days=7)).date()]


def test_the_waves_around_now_are_near_and_the_others_far():
    case = CaseFactory()
    enrolled(case, weeks=20)
    (timeline,) = enrollment_timelines(case, now=NOW + timedelta(days=7 * 10))
    assert (len(timeline.near), len(timeline.far)) == (RECENT + NEXT, 20 - RECENT - NEXT)
    due = [wave.due_at for wave in timeline.near]
    assert sum(instant <= NOW + timedelta(days=70) for instant in due) == RECENT
    assert due == sorted(due)


def test_the_number_of_queries_does_not_depend_on_the_number_of_waves(django_assert_num_queries):
    case = CaseFactory()
    enrolled(case, weeks=3)
    with django_assert_num_queries(3):
        (timeline,) = enrollment_timelines(case, now=NOW)
        in_doubt = [
            one.in_doubt
            for wave in (*timeline.near, *timeline.far)
            for one in wave.follow_ups
            if str(one.client) and str(wave.instrument) and str(timeline.enrollment.started_by)
        ]
    assert in_doubt == [[]] * 6


def test_the_newest_enrollment_comes_first():
    case = CaseFactory()
    first = enrolled(case, weeks=1)
    end_enrollment(first, by=case.lead, now=NOW)
    second = start_enrollment(case, first.plan, start_on=NOW.date(), by=case.lead, now=NOW + timedelta(hours=1))
    assert [timeline.enrollment for timeline in enrollment_timelines(case, now=NOW)] == [second, first]
