from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from counseling.enums import FollowUpStatus
from counseling.queries.reports.base import Figure, Line, Period
from counseling.queries.reports.follow_ups import follow_ups_by_month
from tests.counseling.queries.reports.rows import enrolled, follow_up
from tests.factories import CaseFactory, ClinicFactory, StaffFactory

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
QUARTER = Period(JANUARY, MARCH)
COMPLETED, EXPIRED, SENT, PLANNED, CANCELLED = (
    FollowUpStatus.COMPLETED,
    FollowUpStatus.EXPIRED,
    FollowUpStatus.SENT,
    FollowUpStatus.PLANNED,
    FollowUpStatus.CANCELLED,
)


def at(*moment):
    return datetime(*moment, tzinfo=UTC)


@pytest.fixture
def clinic():
    return ClinicFactory(time_zone="America/New_York")


def couple_of(clinic, name):
    return enrolled(CaseFactory(lead=StaffFactory(clinic=clinic, display_name=name)))


def test_a_worked_example(clinic):
    """Ana's couple over January and February, Ben's in February only. Each figure was counted by hand."""
    ana, ben = couple_of(clinic, "Ana"), couple_of(clinic, "Ben")
    first, second = ana.case.members
    follow_up(ana, first, at(2026, 1, 5), COMPLETED)
    follow_up(ana, first, at(2026, 1, 12), COMPLETED)
    follow_up(ana, second, at(2026, 1, 5), EXPIRED)
    follow_up(ana, second, at(2026, 1, 12), EXPIRED, sent=False)
    follow_up(ana, first, at(2026, 2, 2), SENT)
    follow_up(ana, first, at(2026, 2, 9), PLANNED, sent=False)
    follow_up(ben, ben.case.members[0], at(2026, 2, 2), COMPLETED)
    follow_up(ben, ben.case.members[1], at(2026, 2, 2), CANCELLED, sent=False)
    nothing = Figure(0, 0)
    assert follow_ups_by_month(clinic, QUARTER) == [
        Line(JANUARY, "Ana", (Figure(4, 2), Figure(3, 2), Figure(2, 1), Figure(2, 1))),
        Line(FEBRUARY, "Ana", (Figure(2, 1), Figure(1, 1), nothing, nothing)),
        Line(FEBRUARY, "Ben", (Figure(2, 2), Figure(1, 1), Figure(1, 1), nothing)),
    ]


@pytest.mark.parametrize(
    ("due", "month"),
    [
        (at(2026, 2, 1, 4, 59), JANUARY),  # 23:59 on 31 January in New York
        (at(2026, 2, 1, 5, 0), FEBRUARY),
        (at(2026, 3, 1, 4, 59), FEBRUARY),
        (at(2026, 4, 1, 3, 59), MARCH),  # summer time: midnight comes an hour earlier
    ],
)
def test_the_month_is_the_one_on_the_clinics_wall(due, month, clinic):
    enrollment = couple_of(clinic, "Ana")
    follow_up(enrollment, enrollment.case.members[0], due, SENT)
    assert [line.month for line in follow_ups_by_month(clinic, QUARTER)] == [month]


@pytest.mark.parametrize("due", [at(2026, 1, 1, 4, 59), at(2026, 4, 1, 4, 0)])
def test_what_lies_outside_the_months_is_not_counted(due, clinic):
    enrollment = couple_of(clinic, "Ana")
    follow_up(enrollment, enrollment.case.members[0], due, SENT)
    assert follow_ups_by_month(clinic, QUARTER) == []


def test_another_clinics_work_is_not_counted(clinic):
    foreign = couple_of(ClinicFactory(), "Ana")
    follow_up(foreign, foreign.case.members[0], at(2026, 1, 5), SENT)
    assert follow_ups_by_month(clinic, QUARTER) == []


def test_one_counselor_and_namesakes_stay_apart(clinic):
    one, namesake = couple_of(clinic, "Ana"), couple_of(clinic, "Ana")
    for enrollment in (one, namesake):
        follow_up(enrollment, enrollment.case.members[0], at(2026, 1, 5), SENT)
    assert len(follow_ups_by_month(clinic, QUARTER)) == 2
    assert len(follow_ups_by_month(clinic, QUARTER, counselor=one.case.lead_id)) == 1


@pytest.mark.parametrize("counselors", [1, 3])
def test_one_query_however_much_there_is(counselors, clinic):
    for number in range(counselors):
        enrollment = couple_of(clinic, f"Counselor {number}")
        follow_up(enrollment, enrollment.case.members[0], at(2026, 1, 5), COMPLETED)
    with CaptureQueriesContext(connection) as queries:
        assert len(follow_ups_by_month(clinic, QUARTER)) == counselors
    assert len(queries) == 1
