from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from counseling.queries.reports.base import Period, month_after, month_before

MONTHS = st.dates(date(1900, 1, 1), date(2999, 1, 1)).map(lambda day: day.replace(day=1))


@given(MONTHS)
def test_months_follow_each_other(month):
    after = month_after(month)
    assert (after - timedelta(days=1)).replace(day=1) == month
    assert (after.day, month_before(after)) == (1, month)


def test_a_period_ends_where_the_next_month_begins_on_that_wall():
    period = Period(date(2026, 3, 1), date(2026, 12, 1))
    start, end = period.instants(ZoneInfo("America/New_York"))
    assert (start.isoformat(), end.isoformat()) == ("2026-03-01T00:00:00-05:00", "2027-01-01T00:00:00-05:00")
