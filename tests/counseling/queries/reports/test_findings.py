from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from counseling.enums import Decision, FindingEventKind
from counseling.queries.reports.base import Figure, Line, Period
from counseling.queries.reports.findings import findings_by_month
from tests.counseling.queries.reports.rows import decided, raised
from tests.factories import ClinicFactory, FindingFactory, StaffFactory

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
QUARTER = Period(JANUARY, MARCH)


def at(*moment):
    return datetime(*moment, tzinfo=UTC)


@pytest.fixture
def clinic():
    return ClinicFactory(time_zone="America/New_York")


def finding_of(clinic, name):
    return FindingFactory(case__lead=StaffFactory(clinic=clinic, display_name=name))


def test_a_worked_example(clinic):
    """Raised in January, dismissed in February, raised again in March; a second one raised and not decided."""
    ana, ben = finding_of(clinic, "Ana"), finding_of(clinic, "Ben")
    second = FindingFactory(case=ana.case, subject=ana.case.members[1])
    raised(ana, at(2026, 1, 5))
    raised(second, at(2026, 1, 9))
    decided(ana, at(2026, 2, 1, 5), Decision.DISMISS)
    raised(ana, at(2026, 3, 2), FindingEventKind.REOPENED)
    raised(ben, at(2026, 2, 1, 4, 59))  # still January in New York
    decided(ben, at(2026, 2, 3), Decision.WATCH)
    decided(ben, at(2026, 2, 20), Decision.CONFIRM)
    nothing = Figure(0, 0)
    assert findings_by_month(clinic, QUARTER) == [
        Line(JANUARY, "Ana", (Figure(2, 2), nothing)),
        Line(JANUARY, "Ben", (Figure(1, 1), nothing)),
        Line(FEBRUARY, "Ana", (nothing, Figure(1, 1))),
        Line(FEBRUARY, "Ben", (nothing, Figure(2, 1))),
        Line(MARCH, "Ana", (Figure(1, 1), nothing)),
    ]


def test_only_raising_and_deciding_count(clinic):
    finding = finding_of(clinic, "Ana")
    raised(finding, at(2026, 1, 5), FindingEventKind.STRENGTHENED)
    raised(finding, at(2026, 1, 5), FindingEventKind.CLEARED)
    decided(finding, at(2026, 1, 6), Decision.CLAIM)
    assert findings_by_month(clinic, QUARTER) == []


def test_another_clinics_findings_are_not_counted(clinic):
    raised(finding_of(ClinicFactory(), "Ana"), at(2026, 1, 5))
    assert findings_by_month(clinic, QUARTER) == []


def test_one_counselor(clinic):
    ana, ben = finding_of(clinic, "Ana"), finding_of(clinic, "Ben")
    for finding in (ana, ben):
        raised(finding, at(2026, 1, 5))
        decided(finding, at(2026, 1, 6))
    lines = findings_by_month(clinic, QUARTER, counselor=ben.case.lead_id)
    assert lines == [Line(JANUARY, "Ben", (Figure(1, 1), Figure(1, 1)))]


@pytest.mark.parametrize("counselors", [1, 3])
def test_one_query_however_much_there_is(counselors, clinic):
    for number in range(counselors):
        raised(finding := finding_of(clinic, f"Counselor {number}"), at(2026, 1, 5))
        decided(finding, at(2026, 1, 6))
    with CaptureQueriesContext(connection) as queries:
        assert len(findings_by_month(clinic, QUARTER)) == counselors
    assert len(queries) == 1
