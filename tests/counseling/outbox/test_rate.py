from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.models import DomainRate
from counseling.outbox.rate import MINUTE, SOON, Pace, grant, hold_back
from tests.counseling.outbox.mailing import MORNING, claimed, counted_queries, single_case

START = datetime(2026, 3, 3, tzinfo=UTC)
EMPTY = Pace(recent=(), tail=START)
PLAIN_MINUTE = timedelta(minutes=1)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


# --- The rule -------------------------------------------------------------------------------------

wishes = st.lists(st.tuples(st.floats(0, 40), st.integers(0, 9)), max_size=40)


@given(wishes=wishes, most=st.integers(1, 12))
def test_never_more_than_the_limit_leave_within_any_minute(wishes, most):
    now, pace, left = START, EMPTY, []
    for seconds, wanted in wishes:
        now += timedelta(seconds=seconds)
        pace, granted = grant(pace, wanted, most=most, now=now)
        left += [now] * granted.leaving
    for first in left:
        assert sum(first <= at < first + PLAIN_MINUTE for at in left) <= most


@given(wishes=wishes, most=st.integers(1, 12))
def test_every_email_leaves_or_is_told_when_to_come_back_and_not_too_many_at_once(wishes, most):
    now, pace, told = START, EMPTY, []
    for seconds, wanted in wishes:
        now += timedelta(seconds=seconds)
        pace, granted = grant(pace, wanted, most=most, now=now)
        assert granted.leaving + len(granted.waiting) == wanted
        assert all(at > now for at in granted.waiting)
        told += [at for at in granted.waiting if at - now > SOON]
    assert told == sorted(told)
    for first in told:
        assert sum(first <= at < first + PLAIN_MINUTE for at in told) <= most


@given(most=st.integers(1, 60), wanted=st.integers(0, 60))
def test_after_a_quiet_minute_as_many_as_allowed_leave_at_once(most, wanted):
    pace, _ = grant(EMPTY, most, most=most, now=START)
    _, granted = grant(pace, wanted, most=most, now=START + MINUTE)
    assert granted.leaving == min(most, wanted)


def test_a_backlog_is_told_to_come_back_at_the_domains_pace():
    pace, granted = grant(EMPTY, 5, most=2, now=START)
    assert (granted.leaving, granted.waiting) == (2, (after(62), after(93), after(124)))
    assert grant(pace, 1, most=2, now=after(30))[1].waiting == (after(155),)


def test_whose_turn_is_soon_waits_for_it_and_not_behind_the_others():
    pace, _ = grant(EMPTY, 5, most=2, now=START)
    _, granted = grant(pace, 3, most=2, now=after(58))
    assert granted.waiting == (after(62), after(62), after(155))


# --- On the database ------------------------------------------------------------------------------


def of_domain(*domains: str) -> list:
    return [
        claimed(single_case(email=f"client{number}@{domain}", email_index="x")) for number, domain in enumerate(domains)
    ]


@pytest.mark.django_db
def test_without_a_limit_nothing_waits_and_nothing_is_asked():
    deliveries = of_domain("mail.example")
    with counted_queries() as queries:
        assert hold_back(deliveries, now=MORNING) == {}
    assert len(queries) == 0


@pytest.mark.django_db
def test_each_domain_has_its_own_limit_whatever_the_case_of_its_letters(settings):
    settings.COUNSELING = {**settings.COUNSELING, "DOMAIN_PER_MINUTE": 1}
    deliveries = of_domain("mail.example", "other.example", "Mail.Example")
    assert hold_back(deliveries, now=MORNING) == {deliveries[2]: MORNING + MINUTE}
    assert hold_back(deliveries[:2], now=MORNING + MINUTE) == {}


@pytest.mark.django_db
def test_no_domain_is_stored_in_words(settings):
    settings.COUNSELING = {**settings.COUNSELING, "DOMAIN_PER_MINUTE": 1}
    hold_back(of_domain("mail.example"), now=MORNING)
    row = DomainRate.objects.get()
    assert "mail" not in f"{row} {row.domain} {row.recent}"
    assert len(row.domain) == 64


@pytest.mark.django_db
def test_it_takes_as_many_queries_for_many_emails_as_for_one(settings):
    settings.COUNSELING = {**settings.COUNSELING, "DOMAIN_PER_MINUTE": 2}
    deliveries = of_domain("mail.example", "mail.example", "mail.example", "other.example")
    hold_back(deliveries, now=MORNING)
    counts = []
    for group in (deliveries[:1], deliveries):
        with counted_queries() as queries:
            hold_back(group, now=MORNING)
        counts.append(len(queries))
    assert counts[0] == counts[1]
