"""Six months in the clinic's life, in the order in which things happen: emails, answers, sessions, decisions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from assessments.actions.responses import save_answers
from counseling.actions.answering import start_answering, submit_follow_up
from counseling.actions.enrollments import start_enrollment
from counseling.actions.reviews import claim_finding, confirm_finding, dismiss_finding, watch_finding
from counseling.actions.sessions import schedule_session, settle_session
from counseling.clock import today_in
from counseling.demo.cases import DemoCouple
from counseling.demo.mail_server import send_due_at
from counseling.demo.simulation import Answers
from counseling.demo.troubles import TROUBLED
from counseling.enums import Pattern, SessionStatus
from counseling.models import Delivery, Finding, FollowUp, FollowUpPlan, StaffMember
from counseling.outbox.spacing import gap
from counseling.patterns.base import MEMBERS

START_DAYS = (0, 3, 7, 10)
"""The couples begin on these days, so that not all of them are asked on the same morning."""
LIVE = 2
"""So many couples are asked once more on the day the demo is made."""
ANSWERS_AFTER = {"a": timedelta(hours=3), "b": timedelta(hours=11)}
READING_TIME = timedelta(minutes=6)
REMINDED_AFTER = timedelta(days=3)
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Answer:
    """Who answers what, and when."""

    at: datetime
    follow_up: FollowUp
    answers: Answers


class _Facts(TypedDict):
    """Who decides, and when."""

    by: StaffMember
    now: datetime


def live_through(
    couples: list[DemoCouple], fortnightly: FollowUpPlan, today: FollowUpPlan, *, opened: datetime, now: datetime
) -> None:
    """Enroll every couple and let the time pass until now. What is due now is left for the demo's worker to send."""
    for number, couple in enumerate(couples):
        _enroll(couple, fortnightly, now=opened + timedelta(days=START_DAYS[number % len(START_DAYS)]))
        _meet(couple, opened=opened, now=now)
    _let_time_pass(couples, now=now)
    _decide(now=now)
    rested = _at_rest(couples, now=now)
    for couple in rested[:: max(1, len(rested) // LIVE)][:LIVE]:
        _enroll(couple, today, now=now)


def _at_rest(couples: list[DemoCouple], *, now: datetime) -> list[DemoCouple]:
    """Those to whom another email may leave at once: not in trouble, by the clinic's clock, and with none of late."""
    emailed = Delivery.objects.filter(handed_over_at__gt=now - gap())
    cases = set(emailed.values_list("follow_up__case", flat=True))
    return [
        couple
        for number, couple in enumerate(couples)
        if number not in TROUBLED
        and couple.case.pk not in cases
        and {member.time_zone for member in couple.case.members} == {couple.case.clinic.time_zone}
    ]


def _enroll(couple: DemoCouple, plan: FollowUpPlan, *, now: datetime) -> None:
    start_on = today_in(couple.case.clinic.time_zone, now=now)
    start_enrollment(couple.case, plan, start_on=start_on, by=couple.case.lead, now=now)


def _let_time_pass(couples: list[DemoCouple], *, now: datetime) -> None:
    """Send what fell due and take the answers in, instant by instant."""
    answers = sorted((each for couple in couples for each in _answers(couple, now)), key=lambda each: each.at)
    waiting = deque(answers)
    for at in _sending_instants(answers, now):
        while waiting and waiting[0].at <= at:
            _submit(waiting.popleft())
        send_due_at(at)
    for answer in waiting:
        _submit(answer)


def _sending_instants(answers: list[_Answer], now: datetime) -> list[datetime]:
    """When there is something to send: as each questionnaire falls due, and when its reminder does if it is needed."""
    answered = {answer.follow_up.pk for answer in answers}
    due = FollowUp.objects.filter(due_at__lt=now).values_list("pk", "due_at")
    invited = {at + A_MINUTE for _pk, at in due}
    reminded = {at + REMINDED_AFTER + A_MINUTE for pk, at in due if pk not in answered}
    return sorted(at for at in invited | reminded if at < now)


def _answers(couple: DemoCouple, now: datetime) -> Iterator[_Answer]:
    """What the two will answer until now; a wave that one leaves out stays unanswered."""
    members = dict(zip((member.pk for member in couple.case.members), MEMBERS, strict=True))
    for follow_up in FollowUp.objects.filter(case=couple.case, due_at__lt=now).order_by("due_at", "id"):
        letter = members[follow_up.client_id]
        answers = couple.simulated.answers(letter, occurrence=follow_up.occurrence)
        at = follow_up.due_at + ANSWERS_AFTER[letter]
        if answers is not None and at < now:
            yield _Answer(at, follow_up, answers)


def _submit(answer: _Answer) -> None:
    draft = start_answering(answer.follow_up, language=answer.follow_up.client.language, now=answer.at)
    save_answers(draft, answers=answer.answers, revision=draft.revision, now=answer.at + READING_TIME)
    submit_follow_up(answer.follow_up, now=answer.at + READING_TIME)


def _meet(couple: DemoCouple, *, opened: datetime, now: datetime) -> None:
    """A session every third week, the last few of them still to come; now and then one is missed."""
    lead, first = couple.case.lead, opened.replace(hour=15, minute=0, second=0, microsecond=0)
    for number in range(10):
        starts_at = first + timedelta(weeks=3 * number, days=3)
        session = schedule_session(couple.case, starts_at=starts_at, by=lead, now=opened)
        if starts_at < now:
            outcome = SessionStatus.NO_SHOW if number == 4 else SessionStatus.HELD
            settle_session(session, outcome, by=lead, now=starts_at + timedelta(hours=1))


def _decide(*, now: datetime) -> None:
    """Some findings have been looked at; most wait, and safety always does."""
    waiting = Finding.objects.waiting().exclude(pattern=Pattern.SAFETY).select_related("case__lead__clinic")
    for number, finding in enumerate(waiting.order_by("raised_at", "id")):
        facts = _Facts(by=finding.case.lead, now=now - timedelta(days=2))
        if number % 6 == 1:
            confirm_finding(finding, reason="Named by both in session.", **facts)
        elif number % 6 == 3:
            dismiss_finding(finding, reason="A new baby at home; it will even out.", **facts)
        elif number % 6 == 4:
            watch_finding(finding, until=(now + timedelta(days=21)).date(), reason="Two more waves first.", **facts)
        elif number % 6 == 5:
            claim_finding(finding, **facts)
