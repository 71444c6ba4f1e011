from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from assessments.actions.versions import retire_version
from assessments.models import InstrumentVersion
from counseling.enums import Cadence, CaseStatus
from counseling.exceptions import IllegalMove, InvalidInput
from counseling.models import Case, Client, Enrollment, PlanStop
from counseling.queries.enrollment_preview import preview_enrollment
from tests.assessments.factories import published
from tests.counseling.outbox.mailing import counted_queries, single_case
from tests.factories import (
    NOW,
    CaseFactory,
    ConsentFactory,
    PlanFactory,
    RelationshipFactory,
    StepFactory,
)

pytestmark = pytest.mark.django_db
START = date(2026, 3, 3)


def plan_for(case, **step):
    version = InstrumentVersion.objects.published().first() or published()
    plan = PlanFactory(clinic=case.clinic)
    StepFactory(plan=plan, instrument=version.instrument, **{"send_at": time(9), "occurrences": 2, **step})
    return plan


def preview(case, plan=None, *, start_on=START, **options):
    return preview_enrollment(case, plan or plan_for(case), start_on=start_on, now=NOW, **options)


def agreeing_case(case=None):
    case = case or CaseFactory()
    for member in case.members:
        ConsentFactory(client=member)
    return case


def test_every_member_sees_the_plan_in_their_own_local_time():
    case = agreeing_case()
    case.members[1].time_zone = "Europe/Madrid"
    first, second = preview(case, plan_for(case, cadence=Cadence.WEEKLY)).people
    assert [planned.due_at for planned in first.follow_ups] == [
        datetime(2026, 3, 3, 14, tzinfo=UTC),
        datetime(2026, 3, 10, 13, tzinfo=UTC),  # New York's clock has gone forward
    ]
    assert [planned.due_at for planned in second.follow_ups] == [
        datetime(2026, 3, 3, 8, tzinfo=UTC),
        datetime(2026, 3, 10, 8, tzinfo=UTC),
    ]
    (one, _) = second.follow_ups
    assert (one.occurrence, one.local_date, one.local_time, one.time_zone) == (1, START, time(9), "Europe/Madrid")
    assert one.expires_at - one.due_at == timedelta(days=7)


def test_everybodys_dates_together_are_in_order():
    planned = preview(agreeing_case()).follow_ups
    assert [one.due_at for one in planned] == sorted(one.due_at for one in planned)
    assert len(planned) == 4


def test_looking_changes_nothing():
    preview(agreeing_case())
    assert not Enrollment.objects.exists()


def test_something_that_happens_once_happens_once():
    case = agreeing_case()
    assert len(preview(case, plan_for(case, cadence=Cadence.ONCE, occurrences=6)).follow_ups) == 2


def test_problems_are_told_of_each_member_before_starting():
    relationship = RelationshipFactory(second__email="", second__email_is_safe=False)
    case = CaseFactory(lead=relationship.first.registered_by, relationship=relationship)
    ConsentFactory(client=case.members[0])
    first, second = preview(case).people
    assert (first.problems, second.problems) == ((), ("no_consent", "email_unsafe", "no_email"))
    assert len(second.follow_ups) == 2


def test_whoever_stopped_the_plan_or_has_a_suspended_address_is_told_before_starting():
    case = agreeing_case()
    first, second = case.members
    plan = plan_for(case)
    PlanStop.objects.create(client=first, case=case, plan=plan, stopped_at=NOW)
    Client.objects.filter(pk=second.pk).update(
        suspended_index=second.email_index, suspended_at=NOW, suspended_for="bounced"
    )
    people = preview(Case.objects.get(pk=case.pk), plan).people
    assert [person.problems for person in people] == [("plan_stopped",), ("address_suspended",)]
    assert preview(case).people[0].problems == ()


def test_without_a_zone_there_are_no_dates_to_show():
    case = agreeing_case(single_case(time_zone=""))
    (person,) = preview(case).people
    assert (person.problems, person.follow_ups) == (("no_zone",), ())


def test_a_relationship_says_whom_each_is_asked_about():
    relationship = RelationshipFactory(kind="parent_child", first_role="mother", second_role="son")
    case = CaseFactory(lead=relationship.first.registered_by, relationship=relationship)
    people = preview(agreeing_case(case)).people
    assert [person.follow_ups[0].other_role for person in people] == ["son", "mother"]


def test_a_single_client_is_asked_about_whom_the_counselor_says():
    (person,) = preview(agreeing_case(single_case()), other_role="mother").people
    assert {planned.other_role for planned in person.follow_ups} == {"mother"}


def test_a_closed_case_gets_none():
    with pytest.raises(IllegalMove, match="closed"):
        preview(CaseFactory(status=CaseStatus.CLOSED, closed_at=NOW))


def test_a_plan_must_be_offered_by_this_clinic():
    case = CaseFactory()
    withdrawn, foreign = plan_for(case), plan_for(CaseFactory())
    withdrawn.is_active = False
    for plan in (withdrawn, foreign):
        with pytest.raises(InvalidInput, match="plan"):
            preview(case, plan)


def test_a_plan_needs_steps_that_can_be_asked():
    case = CaseFactory()
    with pytest.raises(InvalidInput, match="no steps"):
        preview(case, PlanFactory(clinic=case.clinic))
    plan = plan_for(case)
    retire_version(InstrumentVersion.objects.published().get(), now=NOW)
    with pytest.raises(InvalidInput, match="two-way-check-in"):
        preview(case, plan)


def test_a_start_in_the_past_is_refused_by_the_clinics_calendar():
    case = CaseFactory()
    with pytest.raises(InvalidInput, match="start_on"):
        preview(case, start_on=date(2026, 3, 1))
    assert preview(case, start_on=date(2026, 3, 2)).follow_ups[0].local_date == date(2026, 3, 2)


def test_a_long_plan_takes_as_many_queries_as_a_short_one():
    counts = []
    for occurrences in (1, 52):
        case = CaseFactory()
        plan = plan_for(case, occurrences=occurrences)
        with counted_queries() as queries:
            preview(case, plan)
        counts.append(len(queries))
    assert counts == [4, 4]  # steps, versions, consents, stops
