"""What goes wrong in every clinic, so that the demo shows what staff do about it: lost emails, people out of reach."""

from __future__ import annotations

from datetime import datetime, timedelta

from counseling.actions.clients import update_client
from counseling.actions.consents import withdraw_consent
from counseling.actions.enrollments import start_enrollment
from counseling.clock import today_in
from counseling.demo.cases import DemoCouple
from counseling.demo.mail_server import REFUSED, send_due_at
from counseling.enums import ConsentPurpose
from counseling.models import FollowUpPlan

TROUBLED = (6, 9, 18)
"""The couples, by their number, that things go wrong with."""
DAY = timedelta(days=1)
EVERYWHERE = timedelta(hours=4)
"""By then the same hour of the wall has come where every client lives."""
LEASE_RUN_OUT, GIVEN_UP = timedelta(minutes=2), timedelta(hours=1)


def cause_trouble(couples: list[DemoCouple], once: FollowUpPlan, *, now: datetime) -> None:
    """Three couples of one counselor, none of whom is asked by another plan in these days, as far as there are so many.

    ``once`` is a plan that asks at about the hour of ``now``.
    """
    for number, trouble in zip(TROUBLED, (_lose_emails, _take_back, _lose_touch), strict=True):
        for couple in couples[number : number + 1]:
            trouble(couple, once, now=now)


def _lose_emails(couple: DemoCouple, once: FollowUpPlan, *, now: datetime) -> None:
    """Yesterday the worker stopped before it heard what became of the first's email; the second's was refused."""
    first, second = couple.case.members
    _ask(couple, once, now=now - DAY)
    asked, answers = now - DAY + EVERYWHERE, {first.email: None, second.email: REFUSED}
    for after in (timedelta(), LEASE_RUN_OUT, GIVEN_UP):
        send_due_at(asked + after, answers)


def _take_back(couple: DemoCouple, once: FollowUpPlan, *, now: datetime) -> None:
    """The first took their consent back and was not asked yesterday; by today, the second's mailbox is not safe."""
    first, second = couple.case.members
    withdraw_consent(first, purpose=ConsentPurpose.FOLLOW_UP_EMAIL, by=None, now=now - 2 * DAY)
    _ask(couple, once, now=now - DAY)
    send_due_at(now - DAY + EVERYWHERE)
    update_client(second, by=couple.case.lead, now=now, email_is_safe=False)


def _lose_touch(couple: DemoCouple, _once: FollowUpPlan, *, now: datetime) -> None:
    """Nobody knows by which clock the first lives now, nor the second's address."""
    first, second = couple.case.members
    update_client(first, by=couple.case.lead, now=now, time_zone="")
    update_client(second, by=couple.case.lead, now=now, email="")


def _ask(couple: DemoCouple, once: FollowUpPlan, *, now: datetime) -> None:
    start_on = today_in(couple.case.clinic.time_zone, now=now)
    start_enrollment(couple.case, once, start_on=start_on, by=couple.case.lead, now=now)
