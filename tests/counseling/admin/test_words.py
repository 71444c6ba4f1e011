from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from assessments.models import Score
from counseling.enums import Cadence
from counseling.models import PlanStep
from counseling.planning.changes import Slot
from counseling.templatetags.counseling_admin import (
    day,
    exact,
    half_band,
    moment,
    percent,
    points,
    reason,
    reply,
    rhythm,
    slot,
    wall_clock,
)
from tests.factories import NOW

TODAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (TODAY, "Today"),
        (TODAY + timedelta(days=1), "Tomorrow"),
        (TODAY - timedelta(days=1), "Yesterday"),
        (date(2026, 3, 9), "Mon, Mar 9"),
        (date(2025, 12, 31), "Dec 31, 2025"),
        (datetime(2026, 3, 3, 12, tzinfo=UTC), "Today"),
        (None, ""),
    ],
)
def test_a_day_is_told_as_seen_from_today(value, words):
    assert day(value) == words


def test_today_is_told_on_the_wall_of_the_page_s_time_zone():
    late = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)
    with timezone.override("America/New_York"):
        assert moment(late) == "Today, 10:30 p.m."
    with timezone.override("Asia/Tokyo"):
        assert moment(late) == "Tomorrow, 12:30 p.m."
    assert moment(None) == ""


def test_somebody_else_s_hour_has_its_weekday_where_theirs_is_another():
    with timezone.override("America/New_York"):
        assert wall_clock(datetime(2026, 3, 3, 8, 5, tzinfo=ZoneInfo("America/Denver"))) == "8:05 a.m."
        assert wall_clock(datetime(2026, 3, 4, 0, 30, tzinfo=ZoneInfo("Asia/Tokyo"))) == "Wed 12:30 a.m."


def test_a_mail_server_s_code_is_told_in_words():
    assert reply(552) == "552: the mailbox is full"


def test_an_instant_comes_back_as_it_went():
    instant = datetime(2026, 3, 3, 12, 0, 0, 123456, tzinfo=UTC)
    assert datetime.fromisoformat(exact(instant)) == instant


@pytest.mark.parametrize(("probability", "words"), [(0.874, "87 %"), (1.0, "99 %"), (0.0, "1 %"), (None, "")])
def test_nothing_is_certain(probability, words):
    assert percent(probability) == words


def test_a_code_that_nobody_wrote_words_for_stays_a_code():
    assert (reason("no_email"), reason("550")) == ("The client has no email address", "550")


def test_a_band_needs_a_known_error():
    assert (half_band(Score(sem=12), (0, 100)), half_band(Score(sem=None), None)) == ("24", "")
    assert half_band(Score(sem=0.31), (1, 5)) == "0.6"


@pytest.mark.parametrize(
    ("value", "ends", "shown"),
    [(62.5, (0, 100), "63"), (13, (0, 27), "13"), (3.44, (1, 5), "3.4"), (2.5, None, "2.5"), (-19.4, (0, 100), "-19")],
)
def test_a_score_has_no_more_digits_than_its_scale_bears(value, ends, shown):
    assert points(value, ends) == shown


@pytest.mark.parametrize(
    ("cadence", "every", "times", "words"),
    [
        (Cadence.ONCE, 1, 1, "Once, on the day the plan starts, at 9 a.m."),
        (Cadence.DAILY, 1, 1, "Every day, once, from the day the plan starts, at 9 a.m."),
        (Cadence.WEEKLY, 2, 12, "Every 2 weeks, 12 times, from the day the plan starts, at 9 a.m."),
        (Cadence.MONTHLY, 1, 6, "Every month, 6 times, from the day the plan starts, at 9 a.m."),
    ],
)
def test_a_step_s_rhythm_is_told_in_words(cadence, every, times, words):
    assert rhythm(PlanStep(cadence=cadence, every=every, occurrences=times)) == words


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"anchor": "discharge", "cadence": "once", "offset_months": 3},
            "Once, 3 months after the case is closed, at 9 a.m.",
        ),
        ({"anchor": "before_session", "cadence": "once", "offset_days": -1}, "1 day before each session, at 9 a.m."),
        ({"anchor": "after_session", "cadence": "once"}, "After each session, at 9 a.m."),
        (
            {"anchor": "case_opened", "offset_days": 10, "offset_months": 1, "asks": "named"},
            "Every week, 6 times, from 1 month and 10 days after the case was opened, at 9 a.m., to one person",
        ),
    ],
)
def test_a_step_s_anchor_is_told_in_words(facts, words):
    assert rhythm(PlanStep(**facts)) == words


def test_a_time_is_told_on_the_client_s_own_wall_with_its_place():
    when = Slot(date(2026, 3, 3), time(9), "America/New_York", NOW, NOW)
    assert slot(when) == "Tue, Mar 3, 2026, 9 a.m. (New York)"
    assert slot(None) == ""
