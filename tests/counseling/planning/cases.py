"""Cases on plans of any shape, and what is planned for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from assessments.models import InstrumentVersion
from counseling.actions.enrollments import start_enrollment
from counseling.models import Case, Enrollment, FollowUp, FollowUpPlan
from tests.assessments.factories import published
from tests.factories import NOW, CaseFactory, ConsentFactory, PlanFactory, StepFactory

START = date(2026, 3, 3)  # a Tuesday


def plan_of(case: Case, *steps: dict[str, Any]) -> FollowUpPlan:
    version = InstrumentVersion.objects.published().first() or published()
    plan = PlanFactory(clinic=case.clinic)
    for position, step in enumerate(steps, 1):
        StepFactory(plan=plan, position=position, **{"instrument": version.instrument, "occurrences": 2, **step})
    return plan


def on_plan(*steps: dict[str, Any], case: Case | None = None, now: datetime = NOW, **options: Any) -> Enrollment:
    """A case of two who agreed to be asked, on a plan with these steps."""
    case = case or CaseFactory()
    for member in case.members:
        if not member.consents.standing().exists():
            ConsentFactory(client=member)
    given = {"start_on": START, "by": case.lead, "now": now, **options}
    return start_enrollment(case, plan_of(case, *steps), **given)


def dates_of(enrollment: Enrollment, *statuses: str) -> list[tuple[int, date]]:
    """Number and local date of the first member's follow-ups in these states; of the planned ones, unless told."""
    rows = FollowUp.objects.filter(enrollment=enrollment, client=enrollment.case.members[0])
    rows = rows.filter(status__in=statuses or ("planned",)).order_by("due_at", "occurrence")
    return list(rows.values_list("occurrence", "local_date"))


def snapshot() -> list[dict[str, Any]]:
    """Everything stored about every follow-up."""
    return list(FollowUp.objects.order_by("pk").values())
