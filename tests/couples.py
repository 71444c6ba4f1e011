"""Couples on a plan, and what they answer: the shortest way to a case with a history."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from assessments.actions.responses import save_answers
from assessments.models import InstrumentVersion
from counseling.actions.answering import start_answering, submit_follow_up
from counseling.actions.enrollments import start_enrollment
from counseling.enums import Cadence
from counseling.models import Case, Enrollment, FollowUp
from tests.assessments.factories import full_answers, published
from tests.factories import NOW, CaseFactory, ConsentFactory, PlanFactory, StepFactory

FIRST_DUE = NOW + timedelta(days=1)


def enrolled(case: Case | None = None, *, occurrences: int = 6, now: datetime = NOW, **step: Any) -> Enrollment:
    """A case whose members agreed to emails, on a fortnightly plan from the day after ``now``."""
    case = case or CaseFactory()
    for member in case.members:
        if not member.consents.standing().exists():
            ConsentFactory(client=member)
    version = InstrumentVersion.objects.published().first() or published()
    plan = PlanFactory(clinic=case.clinic)
    settings = {"cadence": Cadence.WEEKLY, "every": 2, "send_at": time(9), "occurrences": occurrences, **step}
    StepFactory(plan=plan, instrument=version.instrument, **settings)
    return start_enrollment(case, plan, start_on=date(2026, 3, 3), by=case.lead, now=now)


def wave(enrollment: Enrollment, occurrence: int) -> list[FollowUp]:
    """The members' follow-ups of one occasion, the first member's first."""
    asked = {f.client_id: f for f in enrollment.follow_ups.filter(occurrence=occurrence)}
    return [asked[member.pk] for member in enrollment.case.members]


def answer(follow_up: FollowUp, *, after: timedelta = timedelta(hours=2), **changes: Any) -> FollowUp:
    """Answer the whole questionnaire, middle of the road but for ``changes``, some time after it was due."""
    now = follow_up.due_at + after
    draft = start_answering(follow_up, language="en", now=now)
    save_answers(draft, answers={**full_answers(), **changes}, revision=draft.revision, now=now)
    return submit_follow_up(follow_up, now=now)


GIVES = {"g1": 4, "g2": 4, "g3": 4, "g4": 4, "g5": 0, "v1": 0, "v2": 0, "v3": 0, "v4": 0, "v5": 4}
RECEIVES = {"g1": 0, "g2": 0, "g3": 0, "g4": 0, "g5": 4, "v1": 4, "v2": 4, "v3": 4, "v4": 4, "v5": 0}
EVEN = {**dict.fromkeys(["g1", "g2", "g3", "g4", "v1", "v2", "v3", "v4"], 3), "g5": 1, "v5": 1}
BLURRED = {"e1": 4, "e2": 4, "e3": 0, "e4": 0, "o1": 0, "o2": 0, "o3": 4, "o4": 4, "n1": 4, "n2": 4, "n3": 0, "n4": 0}
CLEAR = {"e1": 0, "e2": 0, "e3": 4, "e4": 4, "o1": 4, "o2": 4, "o3": 0, "o4": 0, "n1": 0, "n2": 0, "n3": 4, "n4": 4}
